import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from campaigns.actions import editions
from campaigns.choices import CampaignState, DeadlineType, Group, Season
from campaigns.models import ActivityKind, Campaign, Extension, Measure
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from tests.conftest import unit


@pytest.mark.notice("4.3.1")
def test_the_notice_is_kept_as_printed_and_as_enforced(campaign):
    summary = campaign.deadlines.get(purpose=DeadlineType.SUMMARY)
    assert (summary.printed, summary.earliest_on, summary.latest_on, summary.enforced_on) == (
        "2月30日前", dt.date(2019, 2, 28), dt.date(2019, 2, 28), dt.date(2019, 2, 28),
    )  # fmt: skip
    assert summary.decided_at is None


def test_ten_kinds_in_four_groups(campaign):
    kinds = list(campaign.kinds.all())
    assert [kind.number for kind in kinds] == list(range(1, 11))
    assert {kind.group for kind in kinds} == set(Group) - {Group.INNOVATION}
    # These ask for nothing: posts, pool, requests, volunteers, pairs, check-ins are counted.
    assert [k.key for k in kinds if not k.measures.exists()] == [
        "internship", "talent_pool", "proxy", "warmth", "matchmaking", "checkin",
    ]  # fmt: skip
    assert [k.key for k in kinds if k.measures.count() == 1] == ["homecoming"]


@pytest.mark.notice("2.1")
def test_stages_are_the_days_of_the_notice(campaign):
    """From the last third of December to the end of February; the last stage goes on."""
    assert [(stage.printed, stage.starts_on) for stage in campaign.stages.all()] == [
        ("2018年12月下旬—1月上旬", dt.date(2018, 12, 21)),
        ("2019年1月中旬—2月中旬", dt.date(2019, 1, 11)),
        ("2019年2月下旬—长期", dt.date(2019, 2, 21)),
    ]
    assert campaign.ends_on == dt.date(2019, 2, 28)


def test_last_stage_has_no_end(campaign):
    assert [stage.ends_on is None for stage in campaign.stages.all()] == [False, False, True]


def test_province_confirms_the_day_that_does_not_exist(client, campaign, li):
    client.force_login(li)
    deadline = campaign.deadlines.get(purpose=DeadlineType.SUMMARY)
    client.post(
        f"/campaigns/deadlines/{deadline.pk}/",
        {
            "enforced_on_year": 2019,
            "enforced_on_month": 2,
            "enforced_on_day": 28,
            "reason": "当月最后一天",
        },
    )
    deadline.refresh_from_db()
    assert (deadline.decided_by, deadline.reason) == ("李省", "当月最后一天")
    text = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "通知写的是“2月30日前”" in text
    assert "李省确认" in text


def test_impossible_day_is_refused_with_a_reason(client, campaign, li):
    client.force_login(li)
    deadline = campaign.deadlines.get(purpose=DeadlineType.SUMMARY)
    page = client.post(
        f"/campaigns/deadlines/{deadline.pk}/",
        {"enforced_on_year": 2019, "enforced_on_month": 2, "enforced_on_day": 30, "reason": "照印"},
        follow=True,
    )
    text = page.content.decode()
    assert "没有这一天（2019年2月30日），请核对。" in text
    assert 'value="照印"' in text
    deadline.refresh_from_db()
    assert deadline.decided_at is None


def test_city_cannot_decide(campaign, wang):
    with pytest.raises(PermissionDenied):
        editions.decide_deadline(
            campaign.deadlines.first(), actor=wang, enforced_on=dt.date(2019, 3, 1), reason="想晚些"
        )


@pytest.mark.notice("0.1")
def test_new_edition_from_this_one(client, campaign, li):
    client.force_login(li)
    page = client.get(f"/campaigns/{campaign.pk}/copy/?year=2026&by_festival=no")
    days = [[p.day for p in found] for _, found in page.context["proposals"]]
    assert days == [
        [dt.date(2026, 1, 10), dt.date(2026, 1, 22)],
        [dt.date(2026, 2, 28), dt.date(2026, 3, 12)],
    ]
    client.post(f"/campaigns/{campaign.pk}/copy/", {"year": 2026, "by_festival": "yes"})
    fresh = Campaign.objects.get(copied_from=campaign)
    assert fresh.state == CampaignState.PREPARING
    assert fresh.deadlines.get(purpose=DeadlineType.SUMMARY).enforced_on == dt.date(2026, 3, 12)
    assert fresh.kinds.count() == 10


def test_a_new_edition_takes_along_what_is_of_all_and_leaves_what_is_of_one_winter(campaign, li):
    """As the province has changed them: who runs a kind, its name, its figures, its place."""
    warmth = campaign.kinds.get(key="warmth")
    warmth.run_by, warmth.short_name = "省、市、县、乡四级", "温暖"
    added = ActivityKind(campaign=campaign, name="返乡夜校", short_name="夜校", group=Group.TALENT)
    fresh_measure = Measure(label="上门", unit="户")
    editions.change_kind(
        warmth, actor=li, measures=[(fresh_measure, ["label", "unit"])],
        changed=["run_by", "short_name"],
    )  # fmt: skip
    editions.change_kind(
        added, actor=li, measures=[], changed=["name", "short_name", "group", "run_by"]
    )
    campaign.notice_title, campaign.notice_text = "关于2019年", "1月10日前报送"
    campaign.least_kinds = 4
    editions.change_edition(
        campaign, actor=li, changed=["notice_title", "notice_text", "least_kinds"]
    )
    fresh = editions.copy_edition(campaign, actor=li, year=2027, by_festival=False)

    def known(edition):
        return [
            (k.key, k.number, k.group, k.name, k.short_name, k.run_by,
             [(m.key, m.label, m.unit, m.adds, m.position) for m in k.measures.all()])
            for k in edition.kinds.of_all()
        ]  # fmt: skip

    assert known(fresh) == known(campaign)
    assert (fresh.least_kinds, fresh.theme) == (4, campaign.theme)
    assert (fresh.notice_title, fresh.notice_text) == ("", "")
    assert {s.printed for s in fresh.stages.all()} == {""}
    assert {d.printed for d in fresh.deadlines.all()} == {""}


def test_a_copy_asks_for_the_words_of_its_own_notice(client, campaign, li):
    fresh = editions.copy_edition(campaign, actor=li, year=2027, by_festival=False)
    client.force_login(li)
    page = client.get(f"/campaigns/{fresh.pk}/").content.decode()
    assert "通知标题、通知要点、“组织发动”的写法" in page
    assert "2018年" not in page
    assert "2月30日" not in page
    assert "2026年12月21日—1月10日" in client.get(f"/board/?campaign={fresh.pk}").content.decode()
    stage, deadline = fresh.stages.first(), fresh.deadlines.get(purpose=DeadlineType.SUMMARY)
    client.post(
        f"/campaigns/stages/{stage.pk}/",
        {
            "printed": "12月下旬起",
            **_day("starts_on", 2026, 12, 21),
            **_day("ends_on", 2027, 1, 10),
        },
    )
    client.post(
        f"/campaigns/deadlines/{deadline.pk}/",
        {
            "printed": "2月底前",
            **_day("enforced_on", 2027, 2, 26),
            "reason": "26日是最后一个工作日",
        },
    )
    stage.refresh_from_db()
    deadline.refresh_from_db()
    assert (stage.printed, deadline.printed) == ("12月下旬起", "2月底前")
    assert (deadline.earliest_on, deadline.latest_on) == (
        dt.date(2027, 2, 26), dt.date(2027, 2, 28),
    )  # fmt: skip


def _day(name, year, month, day):
    return {f"{name}_year": year, f"{name}_month": month, f"{name}_day": day}


def test_a_summer_is_copied_by_its_days_and_called_a_summer(client, campaign, li):
    Campaign.objects.filter(pk=campaign.pk).update(
        season=Season.SUMMER, spring_festival_on=None, title="2019年暑期“青春兴晋”行动"
    )
    client.force_login(li)
    page = client.get(f"/campaigns/{campaign.pk}/copy/?year=2020&by_festival=no")
    assert "距春节" not in page.content.decode()
    client.post(f"/campaigns/{campaign.pk}/copy/", {"year": 2020, "by_festival": "no"})
    fresh = Campaign.objects.get(copied_from=campaign)
    assert (fresh.title, fresh.season, fresh.spring_festival_on) == (
        "2020年暑期“青春兴晋”行动", Season.SUMMER, None,
    )  # fmt: skip


@pytest.mark.parametrize("by_festival", ["no", "yes"])
def test_the_page_of_a_copy_counts_working_days_as_the_edition_that_is_made(
    client, campaign, li, by_festival
):
    client.force_login(li)
    page = client.get(f"/campaigns/{campaign.pk}/copy/?year=2027&by_festival=no")
    proposed = [found[by_festival == "yes"] for _, found in page.context["proposals"]]
    client.post(f"/campaigns/{campaign.pk}/copy/", {"year": 2027, "by_festival": by_festival})
    fresh = Campaign.objects.get(copied_from=campaign)
    made = client.get(f"/campaigns/{fresh.pk}/").context["deadlines"]
    assert [(p.day, p.workdays) for p in proposed] == [
        (row["examined"].day, row["examined"].workdays) for row in made
    ]


def test_working_days_are_those_that_are_left_today(client, campaign, li):
    """Two days before the plan is due, and after."""
    client.force_login(li)

    def left():
        rows = client.get(f"/campaigns/{campaign.pk}/").context["deadlines"]
        return next(r["examined"] for r in rows if r["deadline"].purpose == DeadlineType.PLAN)

    assert left().workdays["市级"] == 3
    with time_machine.travel("2019-01-11 09:00+08:00", tick=False):
        client.force_login(li)
        assert (left().workdays["市级"], left().warnings) == (0, ())


def test_opening_says_what_it_does_and_that_the_running_one_goes_on(client, campaign, li):
    fresh = editions.copy_edition(campaign, actor=li, year=2020, by_festival=False)
    client.force_login(li)
    page = client.get(f"/campaigns/{fresh.pk}/").content.decode()
    assert f"{campaign}照常进行，到2019年12月21日各级打开的才是这一次" in page


def test_opening_is_taken_back_until_something_was_logged(campaign, li, log, zhang):
    fresh = editions.copy_edition(campaign, actor=li, year=2020, by_festival=False)
    editions.open_edition(fresh, actor=li)
    editions.close_edition(fresh, actor=li)
    assert fresh.state == CampaignState.PREPARING
    log(zhang)
    with pytest.raises(Refused, match="已经有单位"):
        editions.close_edition(campaign, actor=li)


def test_a_plan_that_was_begun_keeps_an_edition_open(plan, li):
    with pytest.raises(Refused, match="已经有单位"):
        editions.close_edition(plan.campaign, actor=li)


def test_refused_more_time_keeps_what_was_typed(client, campaign, li):
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    client.force_login(li)
    for day, said in ((10, "最早是1月11日"), (31, None), (30, "没有这一天")):
        month = 2 if day == 30 else 1
        page = client.post(
            f"/campaigns/deadlines/{deadline.pk}/extend/",
            {"organization": "1402", "reason": "雪天路断", **_day("until_on", 2019, month, day)},
        )
        if said:
            text = page.content.decode()
            assert (page.status_code, said in text, "雪天路断" in text) == (200, True, True)
            assert '<details class="mt-1" open>' in text
    assert Extension.objects.get().reason == "雪天路断"


def test_locked_edition_can_be_reopened_and_nothing_else(campaign, li):
    editions.lock_edition(campaign, actor=li)
    with pytest.raises(Refused, match="锁定"):
        editions.decide_deadline(
            campaign.deadlines.first(), actor=li, enforced_on=dt.date(2019, 3, 1), reason="晚"
        )
    editions.reopen_edition(campaign, actor=li)
    with pytest.raises(Refused, match="现在是“进行中”"):
        editions.reopen_edition(campaign, actor=li)
    assert [e.verb for e in AuditEvent.objects.order_by("pk")] == ["总结锁定行动", "重新开放行动"]


def test_extension_must_give_more_time(campaign, li):
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    with pytest.raises(Refused, match="1月11日"):
        editions.extend(
            deadline,
            actor=li,
            organization=unit("1402"),
            until_on=dt.date(2019, 1, 10),
            reason="雪",
        )
    assert not Extension.objects.exists()


def test_form_keeps_what_was_typed(client, campaign, li):
    client.force_login(li)
    page = client.post(f"/campaigns/{campaign.pk}/change/", {"title": "新名称", "theme": ""})
    assert page.context["form"]["title"].value() == "新名称"
    assert page.context["form"].errors


def test_province_renames_a_kind_and_adds_a_measure(client, campaign, li):
    kind = campaign.kinds.get(key="warmth")
    client.force_login(li)
    page = client.get(f"/campaigns/kinds/{kind.pk}/")
    data = {"name": "送温暖", "short_name": "温暖", "run_by": "县级"}
    for form in [page.context["measures"].management_form, *page.context["measures"]]:
        known = {form.add_prefix(name): form[name].value() for name in form.fields}
        data |= {name: "" if value is None else value for name, value in known.items()}
    data |= {"measures-0-label": "上门登记", "measures-0-unit": "户", "measures-0-adds": "sum"}
    client.post(f"/campaigns/kinds/{kind.pk}/", data)
    kind.refresh_from_db()
    assert (kind.key, kind.short_name) == ("warmth", "温暖")
    assert [m.label for m in kind.measures.all()] == ["上门登记"]


def test_province_renames_one_measure_and_adds_another_as_often_as_it_likes(campaign, li):
    """The number of a new one was counted with those that were only renamed."""
    kind = campaign.kinds.get(key="warmth")
    for number in range(3):
        known = list(kind.measures.all())
        fresh = Measure(label=f"新指标{number}", unit="户")
        measures = [*((measure, ["label"]) for measure in known), (fresh, ["label", "unit"])]
        editions.change_kind(kind, actor=li, measures=measures, changed=[])
    assert [m.key for m in kind.measures.all()] == ["own1", "own2", "own3"]


def test_a_reason_that_ends_in_a_stop_makes_one_sentence(client, campaign, li):
    deadline = campaign.deadlines.get(purpose=DeadlineType.PLAN)
    editions.extend(
        deadline, actor=li, organization=unit("1402"), until_on=dt.date(2019, 1, 15),
        reason="市委换届，已来函说明。",
    )  # fmt: skip
    editions.decide_deadline(
        deadline, actor=li, enforced_on=dt.date(2019, 1, 10), reason="以通知为准。"
    )
    client.force_login(li)
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "（市委换届，已来函说明，李省批准）" in page
    assert "依据：以通知为准。" in page
    assert "。。" not in page


def test_the_notice_of_the_demo_names_the_days_of_its_edition(db):
    from reports.demo import _at_work

    edition = _at_work()
    assert [d.printed in edition.notice_text for d in edition.deadlines.all()] == [True, True]

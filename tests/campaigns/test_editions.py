import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.actions import editions
from campaigns.choices import CampaignState, Group, Purpose
from campaigns.models import Campaign, Extension, Measure
from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from tests.conftest import unit


@pytest.mark.notice("4.3.1")
def test_the_notice_is_kept_as_printed_and_as_enforced(campaign):
    summary = campaign.deadlines.get(purpose=Purpose.SUMMARY)
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
    deadline = campaign.deadlines.get(purpose=Purpose.SUMMARY)
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
    deadline = campaign.deadlines.get(purpose=Purpose.SUMMARY)
    page = client.post(
        f"/campaigns/deadlines/{deadline.pk}/",
        {"enforced_on_year": 2019, "enforced_on_month": 2, "enforced_on_day": 30, "reason": "照印"},
        follow=True,
    )
    assert "执行日期" in page.content.decode()
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
    assert fresh.deadlines.get(purpose=Purpose.SUMMARY).enforced_on == dt.date(2026, 3, 12)
    assert fresh.deadlines.get(purpose=Purpose.SUMMARY).printed == "2月30日前"
    assert fresh.kinds.count() == 10


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
    deadline = campaign.deadlines.get(purpose=Purpose.PLAN)
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

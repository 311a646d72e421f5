"""今天: what waits for each, what goes away once it is done, and how little is asked for it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from campaigns.actions.log import ask as ask_about
from campaigns.models import Activity, ActivityQuestion, Undertaking
from qingchun.accounts import waiting
from qingchun.accounts.models import Membership
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import rls_context
from reports.papers.actions import review
from reports.papers.choices import PaperState
from services.events.models import Event, EventGroup
from services.proxy.models import ServiceRequest
from talent.pool.models import TalentRecord
from talent.youth.actions import questions
from talent.youth.models import LiaisonGroup, Question
from tests.conftest import person
from tests.events import scene as events
from tests.looking import looking
from tests.services import scene
from tests.talent.conftest import arrive, at, enter, group, warm

__all__ = ["arrive", "at", "enter", "group"]  # fixtures

DAY = dt.date(2019, 1, 8)  # of the fixture "winter"


def listed(client):
    """Group → what stands in it, but for what was told of it."""
    page = client.get("/today/").context
    groups = [*page["groups"], *page["undated"]]
    rows = {group["name"]: [row.what for row, _ in group["rows"]] for group in groups}
    told = {name: [what for what in found if "条消息" not in what] for name, found in rows.items()}
    return {name: found for name, found in told.items() if found}


def flat(client):
    return [what for rows in listed(client).values() for what in rows]


def done_from_the_list(client, address, **sent):
    """Sent by a form of the list: it leads back there. Returns: what the page says."""
    assert f'action="{address}"' in client.get("/today/").content.decode()
    answer = client.post(address, {"from": "today"} | sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/today/"
    return answer.content.decode()


@pytest.fixture
def item(campaign, zhang):
    return scene.published(zhang)


@pytest.fixture
def asked(campaign, log, zhang, wang):
    """The city wants to know something of an entry of 小店区."""
    activity = log(zhang)
    with rls_context(scope="1401", person=wang.pk):
        return ask_about(activity, actor=wang, text="参加人数里包含志愿者吗？")


# What is listed, and what goes away


def test_citys_question_is_answered_in_one_line(asked, zhang, at):
    client = at(zhang)
    assert listed(client)["今天"] == ["参加人数里包含志愿者吗？"]
    assert "团太原市委 王太原 · 上门登记" in client.get("/today/").content.decode()
    said = done_from_the_list(client, f"/questions/{asked.pk}/answer/", text="不包含")
    assert "已答复。" in said
    assert flat(client) == []
    with looking():
        asked.refresh_from_db()
    assert asked.answer == "不包含"


def test_what_was_done_on_its_own_page_leads_where_it_did(asked, zhang, at):
    answer = at(zhang).post(f"/questions/{asked.pk}/answer/", {"text": "不包含"})
    assert answer.url == asked.activity.get_absolute_url()


def test_what_a_county_undertook_waits_until_it_is_logged(undertaken, log, zhang, zhao, at):
    client = at(zhang)
    assert listed(client) == {
        "以后几天": ["乡村振兴青年人才库，还没有登记", "“民事代办”绿色通道，还没有登记"]
    }
    assert "?campaign=" in client.get("/today/").context["groups"][0]["rows"][0][0].url
    assert flat(at(zhao)) == []  # its county's, not the street's
    log(zhang)
    assert flat(client) == ["乡村振兴青年人才库，还没有登记"]
    with looking():
        Undertaking.objects.update(nothing_to_report_at=now())
    assert flat(client) == []


def test_somebody_to_ring_was_not_reached_in_one_tap(enter, zhang, wang, at):
    with looking():
        mine = enter(zhang, "乔乡才")
        others = enter(zhang, "贺回乡")
        colleague = person("he", "何小店", "140105")
        TalentRecord.objects.update(next_on=DAY - dt.timedelta(2), follower=zhang.acting)
        TalentRecord.objects.filter(pk=others.pk).update(follower=colleague.acting)
    client = at(zhang)
    assert listed(client) == {"已过期": ["回访 乔**"]}
    page = client.get("/today/").content.decode()
    assert "过 2 天" in page
    assert "乔乡才" not in page
    given = {"means": "phone", "reached": "no", "again": "week"}
    done_from_the_list(client, f"/pool/{mine.pk}/talk/", **given)
    assert flat(client) == []
    # Whoever had the other has left: it is for whoever is here.
    with looking():
        Membership.objects.filter(pk=colleague.acting.pk).update(state="suspended")
    assert listed(client) == {"已过期": ["回访 贺**"]}
    assert "回访" not in at(wang).get("/today/").content.decode()  # a city sees figures


def test_young_persons_question_is_answered_from_the_list(arrive, zhang, wang, at):
    with looking():
        found = questions.ask(arrive(), kind="consult", text="怎么办身份证？")
        Question.objects.update(due_on=DAY + dt.timedelta(1))
    client = at(zhang)
    assert listed(client) == {"明天": ["怎么办身份证？"]}
    assert "怎么办身份证？" not in flat(at(wang))  # before it is late it is the county's alone
    said = done_from_the_list(client, f"/inquiries/{found.pk}/steps/answer/", text="带户口簿来窗口")
    assert "陈返乡" not in said
    assert flat(client) == []


def test_groups_code_runs_out(group, zhang, at):
    with looking():
        LiaisonGroup.objects.update(expires_on=DAY + dt.timedelta(2))
    assert listed(at(zhang)) == {"以后几天": ["“小店区返乡学子群”的二维码快失效了"]}
    with looking():
        LiaisonGroup.objects.update(expires_on=DAY - dt.timedelta(1))
    assert listed(at(zhang)) == {"已过期": ["“小店区返乡学子群”的二维码已失效"]}
    with looking():
        LiaisonGroup.objects.update(expires_on=DAY + dt.timedelta(30))
    assert flat(at(zhang)) == []


def test_case_is_taken_and_accepted_from_the_list(item, zhang, zhao, at):
    case = scene.at_the_door(zhao, item)
    county, street = at(zhang), at(zhao)
    assert listed(county) == listed(street) == {"今天": ["医保参保登记 · 王**"]}
    done_from_the_list(street, f"/proxy/cases/{case.pk}/take/")
    assert flat(county) == []  # somebody has it, and it is in time
    assert flat(street) == []  # due in four working days
    with looking():
        ServiceRequest.objects.update(planned_on=DAY - dt.timedelta(1))
    assert listed(street) == {"已过期": ["医保参保登记 · 王**"]}
    assert listed(county) == listed(street)  # late: whoever leads the county reads it too
    with looking():
        ServiceRequest.objects.update(state="waiting", stopped_on=DAY)
    assert flat(county) == flat(street) == []  # it is the person's turn


def test_events_and_shifts_of_today_and_tomorrow(campaign, zhang, sun, at):
    begins = now() + dt.timedelta(days=1)
    event = events.opened(
        zhang, starts_at=begins, ends_at=begins + dt.timedelta(hours=2), closes_at=begins
    )
    client = at(zhang)
    assert listed(client) == {"明天": ["返乡学子座谈会"]}
    page = client.get("/today/").content.decode()
    assert "明天 09:00" in page
    assert f"/desk/events/{event.pk}/sheet/" in page  # to be printed for the door
    assert flat(at(sun)) == []
    with looking():
        Event.objects.update(state="held", held_at=now())
    assert listed(client) == {"今天": ["“返乡学子座谈会”已举办，还没有记入台账"]}
    with looking():
        Event.objects.update(activity=None, held_at=now() - dt.timedelta(30))
    assert flat(client) == []


def test_city_writes_and_province_reads(plan, li, wang, at):
    city, province = at(wang), at(li)
    assert listed(city) == {"以后几天": ["实施方案：正在起草"]}
    assert flat(province) == []
    with rls_context(scope="1401", person=wang.pk):
        review.submit(plan, actor=wang)
    assert flat(city) == []
    assert listed(province)["今天"] == ["团太原市委实施方案"]
    with looking():
        plan.__class__.objects.filter(pk=plan.pk).update(state=PaperState.RETURNED)
    assert listed(city)["今天"] == ["实施方案：退回修改"]
    assert "团太原市委实施方案" not in flat(province)
    # Approved, it is changed by asking: on no day for the city, today for the province.
    with looking():
        plan.__class__.objects.filter(pk=plan.pk).update(state=PaperState.CHANGING)
    assert listed(city)["没有期限"] == ["实施方案：正在变更，还没有报送"]
    with looking():
        plan.__class__.objects.filter(pk=plan.pk).update(state=PaperState.ASKED)
    assert flat(city) == []
    assert "团太原市委实施方案变更" in listed(province)["今天"]


def test_a_post_that_only_reads_is_given_nothing_to_write(asked, enter, zhang, at):
    with looking():
        enter(zhang)
        TalentRecord.objects.update(next_on=DAY)
        reader = person("guo", "郭审核", "140105", Role.REVIEWER)
    page = at(reader).get("/today/").content.decode()
    assert "没有到期的" in page
    assert "写一句答复" not in page


def test_messages_that_nobody_read(asked, zhang, at):
    (group,) = at(zhang).get("/today/").context["undated"]
    assert group["name"] == "没有期限"
    assert [row.what for row, _ in group["rows"]] == ["1 条消息没有看"]


# The page


def test_nothing_waits(campaign, zhang, li, at):
    page = at(zhang).get("/today/").content.decode()
    assert "今天的事都办完了" in page
    assert "登记活动" in page
    assert "看进展" in at(li).get("/today/").content.decode()


def test_before_any_edition_the_page_stands(zhang, winter, at):
    assert at(zhang).get("/today/").status_code == 200


def test_streets_figures_are_its_own(campaign, log, zhang, zhao, at):
    log(zhang, participants=1200)
    log(zhao, participants=7)
    street, county = at(zhao).get("/today/"), at(zhang).get("/today/")
    assert [street.context[name] for name in ("activities", "participants")] == ["1", "7"]
    assert [county.context[name] for name in ("activities", "participants")] == ["2", "1,207"]


def test_first_of_a_long_queue_and_how_many_more(asked, zhang, at):
    with looking():
        _copies(ActivityQuestion, 7)
    client = at(zhang)
    assert listed(client) == {"今天": ["参加人数里包含志愿者吗？"] * 5}
    page = " ".join(client.get("/today/").content.decode().split())
    assert "上级的询问还有 3 件，看全部" in page
    assert "有 9 件事等着办" in page
    with looking():
        _copies(ActivityQuestion, 200)
    page = " ".join(client.get("/today/").content.decode().split())
    assert "还有 95+ 件" in page
    assert "有 101+ 件事等着办" in page


def test_days_are_said_as_people_say_them():
    def left(days, **more):
        row = waiting.Waiting(
            icon="flag", tone="i-red", what="", url="", when=DAY + dt.timedelta(days), **more
        )
        return waiting._place(row.when, DAY), waiting._left(row, DAY)

    assert [left(n) for n in (-3, 0, 1, 2, 9)] == [
        ("已过期", "过 3 天"), ("今天", "今天"), ("明天", "明天"), ("以后几天", "后天"), ("以后几天", "还有 9 天")
    ]  # fmt: skip
    assert left(0, until="等了 3 天") == ("今天", "等了 3 天")


# What it costs


def _copies(model, count, **unlike):
    """So many more of the one there is. ``unlike``: what has to differ, by its number."""
    one = model.objects.order_by("pk").first()
    rows = []
    for n in range(count):
        row = model.objects.get(pk=one.pk)
        row.pk, row._state.adding = None, True
        for name, made in unlike.items():
            setattr(row, name, made(n))
        rows.append(row)
    model.objects.bulk_create(rows)


def _one_of_each(request):
    """One row of each kind that waits for 小店区, its city and the province."""
    zhang, wang, zhao = (request.getfixturevalue(name) for name in ("zhang", "wang", "zhao"))
    for name in ("asked", "undertaken", "group"):
        request.getfixturevalue(name)
    scene.at_the_door(zhao, request.getfixturevalue("item"))
    with looking():
        questions.ask(request.getfixturevalue("arrive")(), kind="consult", text="怎么办身份证？")
        request.getfixturevalue("enter")(zhang)
        TalentRecord.objects.update(next_on=DAY)
        LiaisonGroup.objects.update(expires_on=DAY)
        Question.objects.update(risen_at=now())
    begins = now() + dt.timedelta(days=1)
    when = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=2)}
    for actor in (zhang, wang):
        events.opened(actor, closes_at=begins, **when)


@pytest.mark.parametrize("count", [1, 500])
def test_queries_are_the_same_with_one_of_each_kind_and_with_five_hundred(
    request, plan, li, zhang, wang, zhao, at, count
):
    _one_of_each(request)
    if count > 1:
        with looking():
            _copies(ActivityQuestion, count)
            _copies(Question, count)
            _copies(Event, count)
            _copies(EventGroup, count, name=lambda n: f"第 {n} 组")
            _copies(LiaisonGroup, count, name=lambda n: f"第 {n} 群")
            _copies(TalentRecord, count, phone_mark=lambda n: n, identity_mark=lambda n: None)
            _copies(ServiceRequest, count, number=lambda n: f"{n:08}", person_mark=lambda n: n)
    asked = {}
    for name, user in (("province", li), ("city", wang), ("county", zhang), ("street", zhao)):
        client = warm(at(user))
        client.get("/today/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/today/").status_code == 200
        asked[name] = len(seen) - 1  # the last puts back who the test is
    assert asked == {"province": 10, "city": 11, "county": 12, "street": 11}
    assert Activity.objects.count() == 1


# Where it is


@pytest.mark.parametrize("name", ["li", "wang", "zhang", "zhao"])
def test_work_begins_here_and_the_board_is_one_tap_away(request, campaign, name, at):
    client = at(request.getfixturevalue(name))
    assert client.get("/").url == "/today/"
    assert 'href="/board/"' in client.get("/today/").content.decode()
    assert client.get("/board/").status_code == 200


def test_what_is_said_on_the_board_leads_back_to_it(undertaken, zhang, at):
    with looking():
        pk = Undertaking.objects.first().pk
    answer = at(zhang).post(
        f"/undertakings/{pk}/nothing/", headers={"referer": "http://testserver/board/?campaign=1"}
    )
    assert answer.url == "http://testserver/board/?campaign=1"


def test_young_persons_first_page_is_theirs(campaign, chen, at):
    assert at(chen).get("/today/").status_code == 403
    assert at(chen).get("/").status_code == 200


def test_what_a_unit_did_last_is_offered_once_more(campaign, log, zhang, zhao, sun, winter, at):
    for place in ("甲村", "乙村", "甲村", "丙村 2&3 组", "丁村"):
        log(zhang, place=place)
        winter.shift(60)
    log(zhao, place="坞城街道")
    log(sun, place="迎泽的地方")
    page = at(zhang).get("/today/")
    assert [what for what, _ in page.context["again"]] == [
        "民事代办 · 丁村", "民事代办 · 丙村 2&3 组", "民事代办 · 甲村",
    ]  # fmt: skip
    form = at(zhang).get(f"/activities/new/?{page.context['again'][1][1]}").context["form"]
    assert (form["kind"].value(), form["place"].value()) == ("proxy", "丙村 2&3 组")
    assert [what for what, _ in at(zhao).get("/today/").context["again"]] == ["民事代办 · 坞城街道"]

"""A request is carried: taken by one, moved by the table, waited for, given on, handed over."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import localdate

from campaigns.models import RecordTally
from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Role
from qingchun.organizations.models import Organization
from services.proxy.actions import mandates, papers, progress, trips
from services.proxy.choices import CaseState
from services.proxy.models import CaseTally, Mandate, ServiceRequest
from tests.conftest import person
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again, at_time


@pytest.fixture
def qian(db):
    """钱小店: works beside 张小店 in the county, fills in and leads nothing."""
    return person("qian", "钱小店", "140105", Role.EDITOR)


def tallies(item, measure):
    with looking():
        found = CaseTally.objects.filter(item=item, measure=measure, value__gt=0)
        return dict(found.values_list("detail", "value"))


def figure(key, unit="140105"):
    with looking():
        found = RecordTally.objects.filter(key=f"proxy-{key}", organization=unit).first()
    return found.value if found else 0


def at_office(case, actor, desk_of):
    with desk_of(actor):
        progress.to_office(case, actor=actor)
    return again(case)


def test_taken_by_the_first_and_told(case, zhang, qian, desk_of):
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
    taken = again(case)
    assert (taken.state, taken.agent_id, taken.agent_name) == (
        "accepted",
        zhang.acting.pk,
        "张小店",
    )
    with desk_of(qian), pytest.raises(Refused, match="张小店已经接了"):
        progress.take(taken, actor=qian)


def test_second_of_two_who_saw_it_free_is_too_late(case, zhang, qian, desk_of):
    seen = again(case)
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
    with desk_of(qian), pytest.raises(Refused, match="已经接了"):
        progress.take(seen, actor=qian)
    assert again(case).agent_name == "张小店"


def test_second_is_too_late_for_a_case_that_came_from_elsewhere_too(taken, zhang, qian, desk_of):
    """Accepted already and without an agent: its state does not change when somebody takes it."""
    with looking():
        ServiceRequest.objects.filter(pk=taken.pk).update(agent=None, agent_name="")
    seen = again(taken)
    with desk_of(qian):
        progress.take(again(taken), actor=qian)
    with desk_of(zhang), pytest.raises(Refused, match="已经接了"):
        progress.take(seen, actor=zhang)
    assert again(taken).agent_name == "钱小店"


def test_neighbour_and_city_take_nothing(case, sun, wang, desk_of):
    for stranger in (sun, wang):
        with desk_of(stranger), pytest.raises(PermissionDenied):
            progress.take(case, actor=stranger)


def test_colleague_leaves_the_case_to_its_agent(taken, qian, desk_of):
    with desk_of(qian), pytest.raises(Refused, match="别的代办员在办"):
        progress.wait(taken, actor=qian, text="缺身份证")


@pytest.mark.parametrize("state", [CaseState.AT_OFFICE, CaseState.WAITING, CaseState.IMPOSSIBLE])
def test_nothing_is_moved_before_somebody_took_it(case, zhang, desk_of, state):
    with desk_of(zhang), pytest.raises(Refused, match="还没有代办员"):
        scene.BRINGS[state](case, actor=zhang, text="x")


@pytest.mark.notice("3.7.2")
def test_whole_way_to_the_end_counts_itself(ready, item, zhang, desk_of, winter):
    winter.move_to("2019-01-10 10:00+08:00")
    case = at_office(ready, zhang, desk_of)
    with desk_of(zhang):
        progress.done(case, actor=zhang, text="证已领到")
    case = again(case)
    assert (case.state, case.in_time, case.days) == ("done", True, 2)
    assert [figure(key) for key in ("taken", "finished", "in_time", "people", "elders")] == [
        1, 1, 1, 1, 0,
    ]  # fmt: skip
    assert (tallies(item, "done"), tallies(item, "days")) == ({"": 1}, {"2": 1})
    titles = [e.title for e in case.events.filter(is_shown=True)]
    assert titles == ["已登记", "已受理", "部门办理中", "已办结"]


def test_in_time_until_the_planned_day_is_over(ready, zhang, desk_of, winter):
    winter.move_to(at_time(ready.planned_on, dt.time(23, 59)))
    case = at_office(ready, zhang, desk_of)
    with desk_of(zhang):
        progress.done(case, actor=zhang)
    assert again(case).in_time is True


def test_late_from_the_day_after(ready, zhang, desk_of, winter):
    winter.move_to(at_time(ready.planned_on + dt.timedelta(1), dt.time(0, 1)))
    assert again(ready).is_late is True
    case = at_office(ready, zhang, desk_of)
    with desk_of(zhang):
        progress.done(case, actor=zhang)
    assert (again(case).in_time, figure("finished"), figure("in_time")) == (False, 1, 0)


def test_same_person_is_served_once_however_often(ready, zhang, chen, desk_of):
    case = at_office(ready, zhang, desk_of)
    other = scene.asked(chen, scene.published(zhang, title="社保卡", materials=[]))
    with desk_of(zhang):
        progress.done(case, actor=zhang)
        progress.take(other, actor=zhang)
        progress.done(other, actor=zhang)
    assert (figure("finished"), figure("people")) == (2, 1)


@pytest.mark.notice("3.7.2")
def test_elder_and_child_are_counted_as_such(item, zhang, desk_of):
    for number, beneficiary in enumerate(("elder", "elder", "child")):
        case = scene.at_the_door(
            zhang, item, beneficiary=beneficiary, relation="parent", name="甲乙丙"[number] + "某"
        )
        with desk_of(zhang):
            progress.take(case, actor=zhang)
            progress.done(case, actor=zhang, text="办好了")
    assert [figure(key) for key in ("people", "elders", "children")] == [3, 2, 1]


def test_waiting_for_papers_says_which_and_stops_the_clock(ready, item, zhang, desk_of, winter):
    paper, planned = ready.papers.first(), ready.planned_on
    case = at_office(ready, zhang, desk_of)
    with desk_of(zhang):
        progress.wait(case, actor=zhang, wrong={paper.pk: "expired"})
    case = again(case)
    assert case.events.last().note == "居民身份证：过期了"
    assert (case.stopped_on, case.is_late) == (localdate(), False)
    paper.refresh_from_db()
    assert (paper.wrong, paper.checked_at, paper.holder) == ("expired", None, "person")
    assert tallies(item, "sent_home") == {"居民身份证|expired": 1}
    # Three working days later the papers are there: the clock has stood still for three.
    winter.move_to("2019-01-11 10:00+08:00")
    with desk_of(zhang):
        progress.accept(case, actor=zhang)
    case = again(case)
    assert (case.planned_on, case.stopped_on) == (dt.date(2019, 1, 17), None)
    assert planned == dt.date(2019, 1, 14)


def test_waiting_and_impossible_need_a_reason(ready, zhang, desk_of):
    for state in (CaseState.WAITING, CaseState.IMPOSSIBLE):
        with desk_of(zhang), pytest.raises(Refused, match="请写明原因"):
            scene.BRINGS[state](ready, actor=zhang)


def test_to_the_office_only_with_every_paper_looked_at(taken, zhang, desk_of):
    first, second = taken.papers.all()
    with desk_of(zhang):
        papers.tick(taken, actor=zhang, papers=[first])
        with pytest.raises(Refused, match="户口簿复印件"):
            progress.to_office(again(taken), actor=zhang)
        papers.waive(taken, actor=zhang, papers=[second], why="窗口能查到")
        progress.to_office(again(taken), actor=zhang)
    second.refresh_from_db()
    assert (second.waived_by, second.checked_at) == ("张小店", None)


def test_lapsed_mandate_stops_the_next_step(ready, zhang, chen, desk_of, winter):
    winter.move_to("2019-07-08 09:00+08:00")  # the 181st day
    with desk_of(zhang), pytest.raises(Refused, match="已经到期"):
        progress.to_office(ready, actor=zhang)
    from qingchun.organizations.walls import rls_context

    with rls_context(person=chen.pk):
        mandates.give(again(ready), until_on=dt.date(2019, 8, 1), user=chen)
    assert at_office(ready, zhang, desk_of).state == "at_office"
    with looking():
        assert Mandate.objects.filter(request=ready).count() == 2


def test_second_person_confirms_where_the_item_asks_for_it(zhang, qian, zhao, desk_of, campaign):
    item = scene.published(zhang, second_confirms=True, materials=[])
    case = scene.at_the_door(zhao, item)
    with desk_of(zhang):
        progress.take(case, actor=zhang)
        with pytest.raises(Refused, match="第二个人核对"):
            progress.to_office(case, actor=zhang)
        with pytest.raises(Refused, match="另一位同事"):
            mandates.confirm(case, actor=zhang)  # the agent themselves
    with desk_of(zhao), pytest.raises(Refused, match="另一位同事"):
        mandates.confirm(case, actor=zhao)  # whoever wrote it down
    with desk_of(qian):
        mandates.confirm(case, actor=qian)
    assert at_office(again(case), zhang, desk_of).state == "at_office"


def test_longer_only_with_a_reason_and_not_past_the_law(taken, zhang, desk_of):
    with desk_of(zhang):
        with pytest.raises(Refused, match="为什么要延期"):
            progress.extend(taken, actor=zhang, days=2, text="")
        progress.extend(taken, actor=zhang, days=2, text="窗口年底盘点")
        with pytest.raises(Refused, match="不能超过法定最迟的 1月22日"):
            progress.extend(again(taken), actor=zhang, days=5, text="还要等")
    assert again(taken).planned_on == dt.date(2019, 1, 16)
    assert again(taken).events.last().note == "窗口年底盘点"


def test_lead_gives_a_case_to_an_agent_who_hears_of_it(case, zhang, zhao, qian, desk_of):
    with desk_of(zhang):
        progress.assign(case, actor=zhang, agent=qian.acting)
        with pytest.raises(Refused, match="本县或这个乡镇"):
            progress.assign(again(case), actor=zhang, agent=Membership.objects.get(user=zhao))
    assert again(case).agent_name == "钱小店"
    with looking():
        assert Message.objects.filter(purpose="proxy_given", recipient=qian).exists()
    with desk_of(qian):
        progress.assign(again(case), actor=qian, agent=zhang.acting)
    assert again(case).agent_name == "张小店"


def test_lead_gives_away_on_the_page_what_nobody_has_taken(case, zhang, qian, at):
    assert "交给一位代办员" in at(zhang).get(f"/proxy/cases/{case.pk}/").content.decode()
    assert "交给一位代办员" not in at(qian).get(f"/proxy/cases/{case.pk}/").content.decode()
    at(zhang).post(f"/proxy/cases/{case.pk}/assign/", {"agent": qian.acting.pk})
    assert again(case).agent_name == "钱小店"


def test_editor_does_not_give_away_what_is_not_theirs(case, qian, zhang, desk_of):
    with desk_of(qian), pytest.raises(PermissionDenied):
        progress.assign(case, actor=qian, agent=zhang.acting)


def test_handed_over_to_another_county(taken, zhang, sun, desk_of, at):
    unit = Organization.objects.get(pk="140106")
    with desk_of(zhang):
        progress.hand_over(taken, actor=zhang, unit=unit, text="户口在迎泽")
    moved = again(taken)
    assert (moved.organization_id, moved.county, moved.agent_id) == ("140106", "140106", None)
    assert (figure("taken"), figure("taken", "140106")) == (0, 1)
    assert at(zhang).get(f"/proxy/cases/{taken.pk}/").status_code == 404
    page = at(sun).get(f"/proxy/cases/{taken.pk}/").content.decode()
    assert "没有本人的委托" in page  # it named another unit
    with desk_of(sun):
        progress.take(moved, actor=sun)


def test_not_handed_over_while_papers_are_with_us(ready, zhang, desk_of):
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all())[:1])
        with pytest.raises(Refused, match="先退还本人再转出"):
            progress.hand_over(
                again(ready), actor=zhang, unit=Organization.objects.get(pk="140106"), text="x"
            )


def test_trip_takes_many_and_brings_back_what_came_of_each(item, zhang, zhao, desk_of, at):
    made = [
        scene.at_the_door(zhao, item, name=f"老人{n}", phone=f"1380000640{n}") for n in range(3)
    ]
    with desk_of(zhang):
        for case in made:
            progress.take(case, actor=zhang)
            papers.tick(case, actor=zhang, papers=list(case.papers.all()))
        trip, _ = trips.set_out([again(c) for c in made], actor=zhang, office="insurance")
        first = made[0].papers.first()
        trips.come_back(
            trip,
            actor=zhang,
            results=[
                (made[0].pk, CaseState.WAITING, "", {first.pk: "unclear"}),
                (made[1].pk, CaseState.DONE, "已登记", None),
            ],
        )
    assert [again(c).state for c in made] == ["waiting", "done", "at_office"]
    # What another case lacks is no reason for this one.
    results = [(made[2].pk, CaseState.WAITING, "", {first.pk: "unclear"})]
    with desk_of(zhang), pytest.raises(Refused, match="请写明原因"):
        trips.come_back(trip, actor=zhang, results=results)
    trip.refresh_from_db()
    assert trip.back_at is None  # one has no result yet
    page = at(zhang).get(f"/proxy/trips/{trip.pk}/").content.decode()
    assert all(case.spoken in page for case in made)
    with desk_of(zhang):
        trips.come_back(trip, actor=zhang, results=[(made[2].pk, CaseState.DONE, "", None)])
    trip.refresh_from_db()
    assert trip.back_at is not None


def test_trip_takes_what_is_ready_says_what_is_not_and_keeps_its_tick(
    ready, item, zhao, zhang, desk_of, at
):
    other = scene.at_the_door(zhao, item)
    with desk_of(zhang):
        progress.take(other, actor=zhang)
    sent = {"chosen": [ready.pk, other.pk], "office": "insurance"}
    page = at(zhang).post("/proxy/trips/new/", sent, follow=True).content.decode()
    assert [again(ready).state, again(other).state] == ["at_office", "accepted"]
    assert "共 1 件" in page
    assert f"{other.spoken}：还有材料没有核对" in page
    back = re.search(r'href="(/proxy/cases/\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert f'value="{other.pk}" checked' in at(zhang).get(back).content.decode()
    # None of them: no trip, and the ticks and the office are as they were.
    page = (
        at(zhang)
        .post("/proxy/trips/new/", sent | {"chosen": [other.pk]}, follow=True)
        .content.decode()
    )
    assert "一件也没有带上" in page
    assert f'value="{other.pk}" checked' in page
    assert '<option value="insurance" selected>' in page


def test_case_of_another_office_goes_along_only_where_that_was_said(ready, zhang, desk_of, at):
    page = at(zhang).get("/proxy/cases/?state=accepted").content.decode()
    assert "selected>民政" not in page
    assert '<option value="" selected>请选择' in page
    sent = {"chosen": [ready.pk], "office": "civil"}
    page = at(zhang).post("/proxy/trips/new/", sent, follow=True).content.decode()
    assert "归医保办" in page
    assert again(ready).state == "accepted"
    at(zhang).post("/proxy/trips/new/", sent | {"also": "on"})
    assert again(ready).state == "at_office"


@pytest.mark.parametrize("state", ["accepted", "at_office"])
def test_done_is_what_its_papers_say_or_has_a_reason(taken, zhang, desk_of, state):
    with desk_of(zhang):
        case = again(taken)
        if state == "at_office":
            papers.tick(case, actor=zhang, papers=list(case.papers.all()))
            progress.to_office(again(case), actor=zhang)
            case.papers.update(checked_at=None, checked_by="")
        with pytest.raises(Refused, match="还有材料没有核对"):
            progress.done(again(case), actor=zhang)
        assert again(case).state == state
        progress.done(again(case), actor=zhang, text="窗口用电子证照办的，没有收原件")
    assert again(case).state == "done"


def test_desk_note_is_the_desks_alone(taken, zhang, chen, desk_of, at):
    with desk_of(zhang):
        progress.add_note(taken, actor=zhang, text="家里有狗，先打电话", is_shown=False)
    assert "家里有狗" in at(zhang).get(f"/proxy/cases/{taken.pk}/").content.decode()
    assert "家里有狗" not in at(chen).get(f"/my/requests/{taken.pk}/").content.decode()


def test_counts_agree_with_the_records(ready, item, zhang, desk_of, capsys):
    from django.core.management import call_command

    case = at_office(ready, zhang, desk_of)
    with desk_of(zhang):
        progress.done(case, actor=zhang)
    call_command("rebuild_counts", "--check")
    with looking(), connection.cursor() as cursor:
        cursor.execute("UPDATE proxy_casetally SET value = 9 WHERE measure = 'done'")
    with pytest.raises(BaseException, match="不一致"):
        call_command("rebuild_counts", "--check")
    call_command("rebuild_counts")
    call_command("rebuild_counts", "--check")
    assert tallies(item, "done") == {"": 1}

"""A case that ended by a slip of the finger: asked before, and taken back for a week."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, papers, progress, slots
from services.proxy.choices import Custodian
from services.proxy.models import Handing, Paper, Slot
from tests.conftest import person
from tests.services import scene
from tests.services.conftest import again, at_time
from tests.services.test_after import rated, reopened
from tests.services.test_carrying import figure, tallies


@pytest.fixture
def qian(db):
    """钱小店: works beside 张小店 in the county, fills in and leads nothing."""
    return person("qian", "钱小店", "140105", Role.EDITOR)


@pytest.fixture
def done(ready, zhang, desk_of):
    """At the office with an original, then 办结."""
    with desk_of(zhang):
        papers.receive(ready, actor=zhang, papers=list(ready.papers.all()))
        progress.to_office(ready, actor=zhang)
        progress.done(ready, actor=zhang)
    return again(ready)


def undone(case, actor, desk_of):
    with desk_of(actor):
        after.undo_end(again(case), actor=actor)
    return again(case)


def test_case_that_was_ended_by_a_slip_is_where_it_was(done, item, chen, zhang, desk_of):
    """life-cycles, and the issue: 办结 in one tap; "重新办理" began the clock anew and counted it."""
    planned, latest = done.planned_on, done.latest_on
    case = undone(done, zhang, desk_of)
    assert (case.state, case.ended_at, case.in_time, case.days) == ("at_office", None, None, None)
    assert (case.planned_on, case.latest_on, case.reopened) == (planned, latest, 0)
    assert [figure(k) for k in ("taken", "finished", "in_time", "people")] == [1, 0, 0, 0]
    assert (tallies(item, "done"), tallies(item, "days")) == ({}, {})
    # Nobody had fetched the papers: they are at the office, each hand written down.
    assert set(Paper.objects.filter(request=case).values_list("holder", flat=True)) == {"office"}
    hands = Handing.objects.filter(paper=case.papers.first()).order_by("pk")
    assert list(hands.values_list("to_holder", flat=True)) == ["agent", "office", "agent", "office"]


def test_slip_is_written_down_and_the_person_hears(done, chen, zhang, desk_of):
    undone(done, zhang, desk_of)
    assert AuditEvent.objects.filter(verb="撤销办结", actor=zhang).count() == 1
    told = Message.objects.filter(purpose="proxy_moved", recipient=chen).order_by("pk").last()
    assert "部门办理中。“已办结”是误点，继续办理" in told.lines[0]["text"]


@pytest.mark.parametrize("came_from", ["accepted", "waiting", "at_office"])
def test_impossible_is_taken_back_to_wherever_it_was(ready, zhang, desk_of, winter, came_from):
    with desk_of(zhang):
        if came_from != "accepted":
            scene.BRINGS[came_from](ready, actor=zhang, text="缺身份证")
        progress.impossible(again(ready), actor=zhang, text="户口不在本县")
    case = undone(ready, zhang, desk_of)
    assert case.state == came_from
    assert (case.stopped_on is not None) == (came_from == "waiting")


def test_paper_that_was_given_back_meanwhile_stays_with_the_person(done, zhang, desk_of):
    with desk_of(zhang):
        papers.give_back(done, actor=zhang, papers=[done.papers.first()])
    case = undone(done, zhang, desk_of)
    assert sorted(p.holder for p in case.papers.all()) == [Custodian.OFFICE, Custodian.PERSON]


def test_taken_back_for_a_week_and_before_the_person_has_said_a_word(
    done, chen, zhang, desk_of, winter
):
    last = done.ended_at.date() + dt.timedelta(7)
    winter.move_to(at_time(last + dt.timedelta(1), dt.time(0, 1)))
    with desk_of(zhang), pytest.raises(Refused, match=r"七天内.*重新办理"):
        after.undo_end(again(done), actor=zhang)
    winter.move_to(at_time(last, dt.time(23, 59)))
    rated(done, chen)
    with desk_of(zhang), pytest.raises(Refused, match=r"评价以前.*重新办理"):
        after.undo_end(again(done), actor=zhang)


def test_only_agent_and_lead_take_it_back(done, zhang, qian, sun, chen, desk_of):
    with desk_of(qian), pytest.raises(Refused, match="别的代办员"):
        after.undo_end(again(done), actor=qian)
    with desk_of(sun), pytest.raises(PermissionDenied):
        after.undo_end(again(done), actor=sun)


def test_what_is_open_or_withdrawn_is_not_taken_back(ready, chen, zhang, desk_of):
    with desk_of(zhang), pytest.raises(Refused, match="七天内"):
        after.undo_end(ready, actor=zhang)
    with rls_context(person=chen.pk):
        after.withdraw(again(ready), user=chen)
    with desk_of(zhang), pytest.raises(Refused, match="七天内"):
        after.undo_end(again(ready), actor=zhang)


def test_not_taken_back_once_the_same_was_asked_anew(done, item, chen, zhang, desk_of):
    scene.asked(chen, item)
    with desk_of(zhang), pytest.raises(Refused, match="另外登记了一件"):
        after.undo_end(again(done), actor=zhang)


def test_two_who_take_it_back_at_once_do_it_once(done, zhang, desk_of):
    seen = again(done)
    undone(done, zhang, desk_of)
    with desk_of(zhang), pytest.raises(Refused):
        after.undo_end(seen, actor=zhang)
    assert figure("finished") == 0


def test_opened_again_by_the_person_still_counts_as_such(done, chen):
    assert reopened(done, chen).reopened == 1


# Asked before


def test_final_tap_asks_and_says_what_it_ends(item, chen, zhang, desk_of, at):
    day = dt.date(2019, 1, 9)
    with desk_of(zhang):
        slots.open_hours(
            actor=zhang, way="drop", place="", first=day, last=day,
            hours=((dt.time(9), dt.time(11)),), capacity=1,
        )  # fmt: skip
    case = scene.asked(chen, item, slot_id=Slot.objects.get().pk)
    with desk_of(zhang):
        progress.take(case, actor=zhang)
        papers.receive(again(case), actor=zhang, papers=list(case.papers.all()))
    page = at(zhang).get(f"/proxy/cases/{case.pk}/").content.decode()
    asked = (
        'data-ask="约好的是 1月9日（周三）9:00—11:00。还有 2 份材料在我们手里，请记得退还。'
        "办结以后这件不再办理，约好的时间让给别人，本人会收到通知，请他评价。点错了，七天内可以撤销。确定办结吗？"
    )
    assert asked in page
    assert "确定不能办吗？" in page
    # Nothing else on the page is final but to give it to another county.
    assert page.count("data-ask=") == 3


def test_desk_takes_it_back_on_the_page(done, zhang, at):
    client = at(zhang)
    page = client.get(f"/proxy/cases/{done.pk}/").content.decode()
    assert "点错了，撤销" in page
    assert "2 份材料在我们手里，请退还本人" in page
    client.post(f"/proxy/cases/{done.pk}/undo/")
    assert again(done).state == "at_office"
    assert "点错了，撤销" not in client.get(f"/proxy/cases/{done.pk}/").content.decode()

"""Hours that can be booked: closed for good until opened on purpose, given back, changed."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from qingchun.accounts.models import AuditEvent
from qingchun.ground.refusals import Refused
from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, appointments, progress, slots
from services.proxy.choices import CaseState
from services.proxy.models import Slot
from tests.conftest import person, with_number
from tests.services import scene
from tests.services.conftest import again, at_time

DAY = dt.date(2019, 1, 9)
NINE, ELEVEN = (dt.time(9), dt.time(11)), (dt.time(11), dt.time(12))


def opened(actor, desk_of, *hours, capacity=3, first=DAY, last=DAY, **facts):
    with desk_of(actor):
        return slots.open_hours(
            actor=actor, way="drop", place="", first=first, last=last,
            hours=hours or (NINE,), capacity=capacity, **facts,
        )  # fmt: skip


@pytest.fixture
def liu(db):
    """刘返乡: wants the same hour as 陈返乡."""
    found = person("liu", "刘返乡")
    with_number(found, "13800009002")
    return found


@pytest.fixture
def hours(zhang, desk_of, winter):
    """Two hours of the same day, three places each."""
    opened(zhang, desk_of, NINE, ELEVEN)
    return list(Slot.objects.order_by("starts_at"))


def numbers(slot):
    slot = Slot.objects.get(pk=slot.pk)
    return slot.capacity, slot.taken, slot.left


def closed(slot, actor, desk_of):
    with desk_of(actor):
        slots.close_hour(slot, actor=actor)


def changed(case, slot, desk_of, *, user=None, actor=None):
    asks = desk_of(actor) if actor else rls_context(person=user.pk)
    with transaction.atomic(), asks:
        if actor:
            appointments.change(again(case), actor=actor, slot=slot.pk)
        else:
            appointments.change_own(again(case), user=user, slot=slot.pk)
    return again(case)


# Closed


def test_closed_hour_stays_closed_when_who_booked_it_withdraws(
    item, chen, liu, hours, zhang, desk_of
):
    """life-cycles F12 8a: closing made the capacity what was taken, and a withdrawal freed it."""
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    closed(hours[0], zhang, desk_of)
    assert numbers(hours[0]) == (3, 1, 0)
    with rls_context(person=chen.pk):
        after.withdraw(again(case), user=chen)
    assert numbers(hours[0]) == (3, 0, 0)
    assert hours[0] not in Slot.objects.free()
    with pytest.raises(Refused, match="不再接受预约"):
        scene.asked(liu, item, slot_id=hours[0].pk, name="刘返乡")


def test_closed_hour_is_opened_again_on_purpose_with_the_places_it_had(
    item, chen, hours, zhang, desk_of
):
    scene.asked(chen, item, slot_id=hours[0].pk)
    closed(hours[0], zhang, desk_of)
    with desk_of(zhang):
        slots.open_again(hours[0], actor=zhang)
    assert numbers(hours[0]) == (3, 1, 2)
    assert AuditEvent.objects.filter(verb="重新开放时段").count() == 1


def test_opening_the_same_hours_opens_the_closed_one_and_says_so(hours, zhang, desk_of, at):
    """life-cycles F12 8g: said "已开放 0 个时段" and the hour stayed closed for ever."""
    closed(hours[0], zhang, desk_of)
    done = opened(zhang, desk_of, NINE, ELEVEN, capacity=5)
    assert (done.new, done.again, done.standing) == (0, 1, 1)
    assert numbers(hours[0]) == (5, 0, 5)
    assert numbers(hours[1]) == (3, 0, 3)
    form = {
        "way": "drop", "first": "2019-01-09", "last": "2019-01-10", "hours": ["9:00-11:00"],
        "capacity": "4",
    }  # fmt: skip
    closed(hours[0], zhang, desk_of)
    page = at(zhang).post("/proxy/slots/", form, follow=True).content.decode()
    assert "已开放 1 个时段，另有 1 个关闭的重新开放。" in page
    page = at(zhang).post("/proxy/slots/", form, follow=True).content.decode()
    assert "这些时段原来就开着，没有改动。" in page


def test_places_of_an_hour_opened_again_are_never_fewer_than_are_booked(
    item, chen, liu, hours, zhang, desk_of
):
    scene.asked(chen, item, slot_id=hours[0].pk)
    scene.asked(liu, item, slot_id=hours[0].pk, name="刘返乡")
    closed(hours[0], zhang, desk_of)
    opened(zhang, desk_of, capacity=1)
    assert numbers(hours[0]) == (2, 2, 0)


@pytest.mark.parametrize(
    ("first", "last", "hour", "said"),
    [
        (dt.date(2019, 1, 12), dt.date(2019, 1, 13), 9, "周末或节假日"),
        (DAY, DAY, 12, "已经过了"),
    ],
)
def test_desk_is_told_when_there_is_no_hour_to_open(
    zhang, desk_of, winter, first, last, hour, said
):
    winter.move_to(at_time(DAY, dt.time(hour)))
    with pytest.raises(Refused, match=said):
        opened(zhang, desk_of, first=first, last=last)


def test_hour_that_has_begun_says_so(item, chen, hours, winter, zhang, desk_of):
    """life-cycles 8: it said "刚刚约满了"."""
    winter.move_to(at_time(DAY, dt.time(9)))
    with pytest.raises(Refused, match="已经开始"), transaction.atomic():
        scene.asked(chen, item, slot_id=hours[0].pk)
    closed(hours[0], zhang, desk_of)
    with desk_of(zhang), pytest.raises(Refused, match="已经开始"):
        slots.open_again(hours[0], actor=zhang)


def test_full_hour_says_that_it_is_full(item, chen, liu, zhang, desk_of):
    opened(zhang, desk_of, capacity=1)
    hour = Slot.objects.get()
    scene.asked(chen, item, slot_id=hour.pk)
    with pytest.raises(Refused, match="刚刚约满"):
        scene.asked(liu, item, slot_id=hour.pk, name="刘返乡")


# Given back


@pytest.mark.parametrize(
    "end", [CaseState.DONE, CaseState.IMPOSSIBLE, CaseState.WITHDRAWN, "forgotten"]
)
def test_case_that_ends_gives_its_hour_back(item, chen, hours, zhang, desk_of, end):
    """life-cycles F12 8b: only a withdrawal did."""
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    assert numbers(hours[0]) == (3, 1, 2)
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
        if end == CaseState.WITHDRAWN:
            after.withdraw(again(case), user=chen)
        elif end == "forgotten":
            after.end_for_the_forgotten(again(case))
        else:
            scene.BRINGS[end](again(case), actor=zhang, text="说明")
    assert (numbers(hours[0]), again(case).slot_id) == ((3, 0, 3), None)


def test_hour_that_has_begun_stays_with_the_case_as_what_it_was(
    item, chen, hours, zhang, desk_of, winter
):
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    winter.move_to(at_time(DAY, dt.time(9, 30)))
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
        progress.done(again(case), actor=zhang, text="办好了")
    assert (numbers(hours[0])[:2], again(case).slot_id) == ((3, 1), hours[0].pk)


# Changed


def test_person_changes_the_hour_in_one_step_and_the_agent_hears(
    item, chen, hours, zhang, desk_of, at
):
    """life-cycles F12 8c: no page did, and the refusal said to give the old one up first."""
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
    page = at(chen).get(f"/my/requests/{case.pk}/").content.decode()
    assert "改个时间" in page
    at(chen).post(f"/my/requests/{case.pk}/own-hour/", {"slot": hours[1].pk})
    assert again(case).slot_id == hours[1].pk
    assert (numbers(hours[0]), numbers(hours[1])) == ((3, 0, 3), (3, 1, 2))
    told = Message.objects.get(purpose="proxy_hour", channel="inapp")
    assert told.recipient_id == zhang.pk
    assert "约的时间改到 1月9日（周三）11:00—12:00，是本人改的" in told.lines[0]["text"]
    line = AuditEvent.objects.get(verb="改约时间")
    assert (line.actor_name, line.facts) == ("本人", {"from": hours[0].pk, "to": hours[1].pk})


def test_unit_hears_of_a_changed_hour_while_nobody_has_the_case(item, chen, hours, zhang, desk_of):
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    changed(case, hours[1], desk_of, user=chen)
    assert Message.objects.filter(purpose="proxy_hour", recipient=zhang).exists()


def test_agent_changes_the_hour_and_the_person_hears(item, chen, hours, zhang, desk_of, at):
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
    at(zhang).post(f"/proxy/cases/{case.pk}/hour/", {"slot": hours[1].pk})
    assert (again(case).slot_id, numbers(hours[0])) == (hours[1].pk, (3, 0, 3))
    told = Message.objects.filter(purpose="proxy_moved", recipient=chen).order_by("pk").last()
    assert "约的时间改到 1月9日（周三）11:00—12:00" in told.lines[0]["text"]


def test_hour_is_booked_where_there_was_none_and_given_up_alone(item, chen, hours, desk_of):
    case = changed(scene.asked(chen, item), hours[0], desk_of, user=chen)
    assert numbers(hours[0]) == (3, 1, 2)
    with rls_context(person=chen.pk):
        appointments.change_own(case, user=chen, slot=None)
    assert (again(case).slot_id, numbers(hours[0])) == (None, (3, 0, 3))


def test_old_hour_is_kept_when_the_new_one_is_full(item, chen, liu, zhang, desk_of, hours):
    opened(zhang, desk_of, (dt.time(14), dt.time(15)), capacity=1)
    last = Slot.objects.order_by("starts_at").last()
    scene.asked(liu, item, slot_id=last.pk, name="刘返乡")
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    with pytest.raises(Refused, match="刚刚约满"):
        changed(case, last, desk_of, user=chen)
    assert (again(case).slot_id, numbers(hours[0]), numbers(last)) == (
        hours[0].pk, (3, 1, 2), (1, 1, 0),
    )  # fmt: skip


def test_hour_that_was_missed_is_changed_and_stays_counted(item, chen, hours, desk_of, winter):
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    winter.move_to(at_time(DAY, dt.time(10)))
    case = changed(case, hours[1], desk_of, user=chen)
    assert (case.slot_id, numbers(hours[0])[:2], numbers(hours[1])[:2]) == (
        hours[1].pk, (3, 1), (3, 1),
    )  # fmt: skip


def test_only_whose_case_it_is_changes_its_hour(item, chen, liu, sun, zhang, hours, desk_of):
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    with pytest.raises(PermissionDenied):
        changed(case, hours[1], desk_of, user=liu)
    with desk_of(sun), pytest.raises(PermissionDenied):
        appointments.change(case, actor=sun, slot=hours[1].pk)
    with desk_of(zhang):
        progress.take(again(case), actor=zhang)
        progress.impossible(again(case), actor=zhang, text="户口不在本县")
    with pytest.raises(Refused, match="已经结束"):
        changed(case, hours[1], desk_of, user=chen)


@pytest.mark.parametrize("slot", ["999999", "x", "-1", "1e2"])
def test_hour_that_is_none_is_refused_in_words(item, chen, hours, at, slot):
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    page = at(chen).post(f"/my/requests/{case.pk}/own-hour/", {"slot": slot})
    assert "请从列表里选一个时间" in page.content.decode()
    assert again(case).slot_id == hours[0].pk


def test_hour_of_another_county_is_not_for_this_case(item, chen, sun, desk_of, hours):
    opened(sun, desk_of)
    case = scene.asked(chen, item, slot_id=hours[0].pk)
    other = Slot.objects.within("140106").get()
    with pytest.raises(Refused, match="请从列表里选一个时间"):
        changed(case, other, desk_of, user=chen)

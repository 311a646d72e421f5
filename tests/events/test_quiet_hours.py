"""Nights: a limit runs from when its message can be read, and what cannot wait is sent at once."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils.timezone import get_current_timezone, localtime, now

from qingchun.notifications.models import Message
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, events, shifts, waiting_list
from services.events.models import EventGroup, Signup
from tests.events import scene
from tests.events.scene import again
from tests.events.test_line import leave, states, told


def at(day, hour, minute=0):
    """A moment of January."""
    return dt.datetime(2019, 1, day, hour, minute, tzinfo=get_current_timezone())


def opened(zhang, begins, **more):
    """An event of one place that begins then; sign-up ends as it begins."""
    times = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=2), "closes_at": begins}
    return scene.opened(zhang, [scene.row(capacity=1)], **(times | more))


def sms(purpose, user=None):
    found = Message.objects.filter(purpose=purpose, channel="sms").exclude(state="cancelled")
    return found.filter(recipient=user) if user else found


@pytest.fixture
def waiting(campaign, zhang, guests, winter):
    """One in it and two in the line, of an event on 12 January at 15:00."""
    winter.move_to(at(9, 12))
    event = opened(zhang, at(12, 15), accept_hours=4)
    return [scene.joined(user, event)[0] for user in guests[:3]]


def test_offer_of_the_night_runs_from_the_morning_it_is_read_in(waiting, winter):
    winter.move_to(at(9, 22, 30))
    leave(waiting[0])
    offered = again(waiting[1])
    assert localtime(offered.offered_until) == at(10, 12)
    message = sms("event_offered").get()
    assert localtime(message.try_at) == at(10, 8)
    assert "1月10日 12:00" in message.text


def test_nobody_lapses_between_ten_in_the_evening_and_eight(waiting, winter):
    winter.move_to(at(9, 19))  # four hours would end at 23:00
    leave(waiting[0])
    for hour in range(20, 24 + 8):
        winter.move_to(at(9, 0) + dt.timedelta(hours=hour))
        events.close_what_is_over(now())
        if hour > 21:
            assert states(waiting) == ["left", "offered", "waiting"]
    winter.move_to(at(10, 8))
    events.close_what_is_over(now())
    assert states(waiting) == ["left", "lapsed", "offered"]
    assert localtime(again(waiting[2]).offered_until) == at(10, 12)


def test_offer_that_ended_at_night_by_older_rules_waits_for_the_morning(waiting, winter):
    leave(waiting[0])
    Signup.objects.filter(pk=waiting[1].pk).update(offered_until=at(10, 3))
    winter.move_to(at(10, 3, 1))
    events.close_what_is_over(now())
    assert states(waiting)[1] == "offered"
    winter.move_to(at(10, 8))
    events.close_what_is_over(now())
    assert states(waiting)[1] == "lapsed"


def test_offer_for_the_early_morning_ends_the_evening_before(campaign, zhang, guests, winter):
    winter.move_to(at(9, 12))
    event = opened(zhang, at(12, 9))
    line_ = [scene.joined(user, event)[0] for user in guests[:3]]
    winter.move_to(at(11, 15))
    leave(line_[0])
    assert localtime(again(line_[1]).offered_until) == at(11, 21, 30)
    winter.move_to(at(11, 21, 31))
    events.close_what_is_over(now())
    assert states(line_) == ["left", "lapsed", "in"]  # there is no time left to ask
    assert sms("event_moved_up").get().try_at == now()


def test_place_that_is_free_at_night_before_an_early_event_goes_to_the_next_at_once(
    campaign, zhang, guests, winter
):
    winter.move_to(at(9, 12))
    event = opened(zhang, at(12, 9))
    line_ = [scene.joined(user, event)[0] for user in guests[:3]]
    winter.move_to(at(11, 23))
    leave(line_[0])
    assert states(line_) == ["left", "in", "waiting"]
    message = sms("event_moved_up").get()
    assert (message.recipient, message.is_urgent, message.try_at) == (guests[1], True, now())


@pytest.mark.parametrize(("begins", "urgent"), [(at(12, 8), True), (at(12, 19, 59), True), (at(12, 20), False)])  # fmt: skip
def test_what_is_called_off_at_night_and_begins_the_next_day_is_told_at_once(
    campaign, zhang, guests, winter, desk, begins, urgent
):
    winter.move_to(at(9, 12))
    event = opened(zhang, begins)
    scene.joined(guests[0], event)
    winter.move_to(at(11, 22, 30))
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    message = sms("event_called_off").get()
    assert (message.is_urgent, message.try_at == now()) == (urgent, urgent)


def test_move_at_night_is_told_at_once_when_the_old_or_the_new_day_is_near(
    campaign, zhang, guests, winter
):
    from tests.events.test_events import edit

    winter.move_to(at(9, 12))
    for n, (old, new, urgent) in enumerate(
        ((at(12, 8), at(20, 8), True), (at(20, 8), at(12, 9), True), (at(20, 8), at(21, 8), False))
    ):
        winter.move_to(at(9, 12))
        event = opened(zhang, old, title=f"第 {n} 场")
        scene.joined(guests[n], event)
        winter.move_to(at(11, 22, 30))
        times = {"starts_at": new, "ends_at": new + dt.timedelta(hours=2), "closes_at": new}
        edit(event, zhang, **times)
        assert sms("event_moved", guests[n]).get().is_urgent is urgent


def test_volunteer_of_a_later_shift_is_not_woken(campaign, zhang, guests, winter, desk):
    winter.move_to(at(9, 12))
    shifts = [scene.row("太原南站", starts_at=at(day, 8), ends_at=at(day, 12)) for day in (12, 20)]
    times = {"starts_at": at(12, 8), "ends_at": at(20, 12), "closes_at": at(20, 8)}
    event = scene.opened(zhang, shifts, "warmth", **times)
    for user, group in zip(guests, EventGroup.objects.filter(event=event), strict=False):
        scene.joined(user, event, group)
    winter.move_to(at(11, 22, 30))
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    assert [sms("event_called_off", user).get().is_urgent for user in guests[:2]] == [True, False]


@pytest.fixture
def dawn(campaign, zhang, guests, winter):
    """Two shifts, of 12 January at 6:00 and of the 20th; one guest in each, and it is half past ten
    the evening before the first."""
    winter.move_to(at(9, 12))
    rows = [scene.row("太原南站", starts_at=at(day, 6), ends_at=at(day, 10)) for day in (12, 20)]
    times = {"starts_at": at(12, 6), "ends_at": at(20, 10), "closes_at": at(20, 6)}
    event = scene.opened(zhang, rows, "warmth", **times)
    both = list(EventGroup.objects.filter(event=event).order_by("starts_at"))
    for user, group in zip(guests, both, strict=False):
        scene.joined(user, event, group)
    winter.move_to(at(11, 22, 30))
    return both


def test_shift_called_off_at_night_is_told_before_it_would_begin(dawn, zhang, guests, desk):
    with desk(zhang):
        for shift in dawn[:1]:
            shifts.call_off(shift, actor=zhang, why="停运")
    assert sms("event_shift_off", guests[0]).get().try_at == now()


@pytest.mark.parametrize(("which", "day", "urgent"), [(0, 21, True), (1, 12, True), (1, 22, False)])  # fmt: skip
def test_shift_moved_at_night_is_told_at_once_where_either_hour_is_near(
    dawn, zhang, guests, desk, which, day, urgent
):
    with desk(zhang):
        shifts.move(dawn[which], actor=zhang, starts_at=at(day, 7), ends_at=at(day, 11))
    assert sms("event_moved", guests[which]).get().is_urgent is urgent


def test_who_has_only_a_shift_that_is_over_hears_nothing_of_the_end(
    dawn, zhang, guests, desk, winter
):
    """The first has served on the 12th; the second would on the 20th; the third on both."""
    event = scene.fresh(dawn[0].event)
    EventGroup.objects.filter(event=event).update(capacity=3)
    for group in dawn:
        scene.joined(guests[2], event, group)
    winter.move_to(at(13, 9))
    with desk(zhang):
        events.call_off(scene.fresh(event), actor=zhang, why="大雪封路")
    assert set(sms("event_called_off").values_list("recipient", flat=True)) == {
        guests[1].pk, guests[2].pk,
    }  # fmt: skip
    assert "1月20日 06:00" in sms("event_called_off", guests[2]).get().text


@pytest.mark.parametrize(
    ("begins", "state", "until"),
    [(at(11, 20), "offered", at(11, 18)), (at(11, 12, 30), "in", None), (at(20, 15), "offered", at(11, 19))],
)  # fmt: skip
def test_offer_ends_earlier_with_what_was_brought_forward(
    waiting, zhang, guests, winter, begins, state, until
):
    from tests.events.test_events import edit

    winter.move_to(at(11, 11))
    leave(waiting[0])
    Signup.objects.filter(pk=waiting[1].pk).update(offered_until=at(11, 19))
    event = scene.fresh(waiting[1].event)
    times = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=2), "closes_at": begins}
    edit(event, zhang, **times)
    moved = again(waiting[1])
    assert (moved.state, moved.offered_until) == (state, until)
    said = sms("event_offered", guests[1])
    assert [f"{t:%H:%M}" in said.latest("pk").text for t in [until] if t and begins.day < 20] in (
        [True], [],
    )  # fmt: skip


def test_reminder_names_the_day_on_which_it_is_read(campaign, zhang, guests, winter):
    winter.move_to(at(9, 12))
    event = opened(zhang, at(12, 23))
    scene.joined(guests[0], event)
    winter.move_to(at(11, 23, 1))
    events.remind(now())
    message = sms("event_reminder").get()
    assert localtime(message.try_at) == at(12, 8)
    assert message.text.startswith("今天 23:00")


def test_whoever_is_approved_the_night_before_hears_it_at_once(
    campaign, zhang, guests, winter, desk
):

    winter.move_to(at(9, 12))
    event = opened(zhang, at(12, 9), needs_approval=True)
    signup, _ = scene.joined(guests[0], event)
    winter.move_to(at(11, 22, 30))
    with desk(zhang):
        coming.approve(again(signup), actor=zhang)
    assert sms("event_approved").get().is_urgent


def test_whoever_has_the_place_at_once_can_still_leave(campaign, zhang, guests, winter):
    winter.move_to(at(9, 12))
    event = opened(zhang, at(12, 9))
    line_ = [scene.joined(user, event)[0] for user in guests[:3]]
    winter.move_to(at(12, 7, 30))
    leave(line_[0])
    leave(line_[1])
    assert states(line_) == ["left", "left", "in"]
    assert told("event_moved_up", guests[2]) == 1
    with transaction.atomic(), rls_context(person=guests[2].pk):
        assert "已经开始" in waiting_list.why_still(scene.fresh(event), None, event.starts_at)

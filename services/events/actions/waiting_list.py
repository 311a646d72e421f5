"""名额和候补: places are given back, and whoever is next in the line is asked."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localtime, now

from qingchun.ground.quiet import after_quiet_hours, cannot_wait, evening_before
from qingchun.notifications.actions import no_longer, put_right
from qingchun.organizations.walls import acting
from services.events import counts
from services.events.actions import telling
from services.events.choices import (
    AHEAD,
    LAST_ASKED,
    SHORTEST_OFFER,
    EventState,
    SignState,
)
from services.events.models import Event, EventGroup, Placement, Signup
from services.events.notices import MOVED, MOVED_UP, OFFERED, REMINDER

HEAD = 20  # of the line, asked for at once
LOCK = 7  # of ``events_join``, which takes it shared


def lock_event(event_id: int) -> None:
    """Nobody joins or leaves until this transaction ends: those who are joining just now are
    waited for, so that all of the line is seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, event_id])


def change(signup: Signup, state: str, **facts: Any) -> bool:
    """Compare and set. Returns: whether it was as we saw it. Needs: to run the event, and the lock."""
    facts = {"offered_until": None} | facts
    found = Signup.objects.filter(pk=signup.pk, state=signup.state)
    if not found.update(state=state, **facts):
        return False
    signup.state = state
    return True


def take(event: Event, group_id: int | None) -> bool:
    """One place of a group and of the whole, if both have one. Needs: the lock."""
    if event.capacity is not None and event.taken >= event.capacity:
        return False
    room = EventGroup.objects.filter(pk=group_id, taken__lt=F("capacity"))
    if not room.update(taken=F("taken") + 1):
        return False
    if event.capacity is not None:
        Event.objects.filter(pk=event.pk).update(taken=F("taken") + 1)
        event.taken += 1
    return True


def free(event: Event, group_id: int | None) -> None:
    """One place less is taken. Needs: the lock."""
    EventGroup.objects.filter(pk=group_id, taken__gt=0).update(taken=F("taken") - 1)
    if event.capacity is not None:
        Event.objects.filter(pk=event.pk, taken__gt=0).update(taken=F("taken") - 1)
        event.taken = max(0, event.taken - 1)


def offer_ends(event: Event, group: EventGroup, moment: dt.datetime) -> dt.datetime | None:
    """Until when somebody may think it over; None where there is no time left to ask them.

    It runs from when its message can be read, and ends two hours before the start at the latest,
    never in the night.
    """
    ends = after_quiet_hours(after_quiet_hours(moment) + dt.timedelta(hours=event.accept_hours))
    return _in_time(ends, event, group, moment)


def _in_time(
    ends: dt.datetime, event: Event, group: EventGroup, moment: dt.datetime
) -> dt.datetime | None:
    ends = min(ends, evening_before(group.begins_at(event) - LAST_ASKED))
    return ends if ends >= after_quiet_hours(moment) + SHORTEST_OFFER else None


def somebody_waits(event: Event, group_id: int | None) -> bool:
    """Whether anybody who could come stands in the line of a group: then nobody else takes a
    place of it. Asked by ``events_join`` too. Needs: to run the event."""
    line = Signup.objects.waiting(event).filter(group=group_id)
    return line.exists()


def has_place(event: Event, group_id: int | None) -> bool:
    """Take a place where one is free and nobody waits for it: the one door to it. Needs: to run the event,
    the lock."""
    return not somebody_waits(event, group_id) and take(event, group_id)


def promote(event: Event, moment: dt.datetime, *, has_room: bool | None = None) -> int:
    """Ask whoever is next, group by group, for as many places as are free; and say of the event
    whether it is full. Once it has begun, the door decides. ``has_room``: as it is known before.
    Needs: to run the event, the lock, the event as it is now. Returns: how many.
    """
    line = _line_of(event, moment)
    moved, full = 0, set()
    while head := list(line[:HEAD]) if event.state in AHEAD else ():
        before = moved
        for signup in head:
            if signup.group_id in full:
                continue
            if take(event, signup.group_id):
                _move_up(event, signup, moment)
                moved += 1
            else:
                full.add(signup.group_id)  # no place left in this group, or in all
        if len(head) < HEAD or moved == before:
            break
    say_whether_full(event, None if moved else has_room)
    return moved


def _line_of(event: Event, moment: dt.datetime) -> QuerySet:
    """Those who wait in a group that has room and has not begun."""
    ahead = Q(group__starts_at__gt=moment)
    if moment < event.starts_at:
        ahead |= Q(group__starts_at=None)
    line = Signup.objects.waiting(event).filter(ahead, group__taken__lt=F("group__capacity"))
    return line.select_related("group")


def end_offers(event: Event) -> None:
    """Of an event that does not take place nobody has to answer. Needs: to run the event, the lock."""
    for signup in Signup.objects.filter(event=event, state=SignState.OFFERED):
        if change(signup, SignState.LAPSED):
            free(event, signup.group_id)


def _move_up(event: Event, signup: Signup, moment: dt.datetime) -> None:
    _offer(event, signup, offer_ends(event, signup.group, moment), moment)


def _offer(event: Event, signup: Signup, ends: dt.datetime | None, moment: dt.datetime) -> None:
    """``ends``: until when it may be thought over; where there is no time, the place is theirs."""
    if ends:
        change(signup, SignState.OFFERED, offered_until=ends)
        telling.tell_signup(OFFERED, event, signup, until=f"{localtime(ends):%-m月%-d日 %H:%M}")
    else:
        change(signup, SignState.IN)
        has_post(event, signup)
        telling.tell_signup(MOVED_UP, event, signup, is_urgent=is_soon(event, signup.group, moment))


def is_soon(event: Event, group: EventGroup, moment: dt.datetime) -> bool:
    return cannot_wait(group.begins_at(event), moment)


def with_room(event: Event) -> QuerySet:
    return EventGroup.objects.filter(event=event, taken__lt=F("capacity"))


def say_whether_full(event: Event, has_room: bool | None = None) -> None:
    """``has_room``: whether a group has, where that was just read."""
    if event.state not in (EventState.OPEN, EventState.FULL):
        return
    if has_room is None:
        has_room = with_room(event).exists()
    is_full = not has_room or (event.capacity is not None and event.taken >= event.capacity)
    state = EventState.FULL if is_full else EventState.OPEN
    if state != event.state:
        Event.objects.filter(pk=event.pk, state=event.state).update(state=state)
        event.state = state


def say_anew(event: Event, shift: EventGroup | None = None, *, was: str = "") -> None:
    """Moved: what waits says the old hour no longer, and no offer outlasts the new one. ``was``: see
    ``hush``. Needs: the lock, to run the event."""
    telling.hush(event, shift=shift, purposes=(MOVED, REMINDER), was=was)
    signups = list(Signup.objects.filter(event=event).standing().select_related("group"))
    put_right({signup: telling.spoken(event, signup.group) for signup in signups})
    for signup in signups:
        if signup.state == SignState.OFFERED:
            _shorten(event, signup, now())


def _shorten(event: Event, signup: Signup, moment: dt.datetime) -> None:
    """What was brought forward leaves less time to think it over, or none."""
    ends = _in_time(signup.offered_until, event, signup.group, moment)
    if ends != signup.offered_until:
        no_longer(signup, purposes=(OFFERED,))
        _offer(event, signup, ends, moment)


def locked_event(event_id: int) -> Event:
    """The event as it is, once nobody is joining. Needs: a transaction, to run the event."""
    lock_event(event_id)
    return Event.objects.get(pk=event_id)


def recount(event: Event) -> None:
    """Who has a post is counted as it changes; all else once the event was held."""
    if event.of.has_posts:
        counts.count_event(event)


def has_post(event: Event, signup: Signup) -> None:
    """Whoever moved up to a post of an internship is told why it is this one."""
    if event.of.has_posts:
        rank = signup.wishes.filter(group=signup.group_id).values_list("place", flat=True)
        Placement.objects.filter(signup=signup).update(
            place=rank.first(), why="有人放弃，按顺序递补到这个岗位。"
        )
        recount(event)


def place_in_line(signup: Signup) -> int:
    """1 for whoever is next in their group."""
    with acting("run an event"):
        line = Signup.objects.waiting(signup.event_id)
        return line.filter(group=signup.group_id, turn__lt=signup.turn).count() + 1


def why_still(event: Event, group: EventGroup | None, moment: dt.datetime) -> str:
    """Why somebody in the line has not moved up, in words they can act on."""
    if event.state == EventState.CANCELLED:
        return "活动已经取消。"
    if event.state == EventState.HELD or moment >= event.ends_at:
        return "活动已经结束。"
    if moment >= (group.begins_at(event) if group else event.starts_at):
        return "活动已经开始，不再自动递补。可以到现场或打联系电话问有没有人没来。"
    if event.capacity is not None and event.taken >= event.capacity:
        return f"总名额 {event.capacity} 个都有人，还没有人取消。"
    if group and group.taken >= group.capacity:
        return f"“{group.name}”{group.capacity} 个名额都有人，还没有人取消。"
    return "名额刚空出来，正在按顺序通知。"

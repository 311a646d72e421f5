"""名额和候补: places are given back, and whoever is next in the line is asked."""

import datetime as dt

from django.db import connection
from django.db.models import F, Q
from django.utils.timezone import localtime, now

from qingchun.ground.quiet import cannot_wait, evening_before, not_before
from qingchun.notifications.actions import no_longer, put_right, tell, tell_one
from qingchun.notifications.recipients import persons_of
from qingchun.organizations.walls import acting
from services.events import counts
from services.events.choices import (
    AHEAD,
    LAST_ASKED,
    SHORTEST_OFFER,
    SignState,
    State,
)
from services.events.models import Event, EventGroup, Placement, Signup
from services.events.notices import MOVED, MOVED_UP, OFFERED, OVERLAPS, REMINDER

HEAD = 20  # of the line, asked for at once
LOCK = 7  # of ``events_join``, which takes it shared


def hold(event_id):
    """Nobody joins or leaves until this transaction ends: those who are joining just now are
    waited for, so that all of the line is seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, event_id])


def spoken(event, group=None):
    """What messages say of an event, or of one shift of it."""
    is_shift = group is not None and group.starts_at
    return {
        "event": event.title,
        "time": spoken_hour(group.starts_at if is_shift else event.starts_at),
        "place": group.name if is_shift else event.place,
    }


def spoken_hour(moment):
    return f"{localtime(moment):%-m月%-d日 %H:%M}"


def said_of(event, group):
    """The hour and the place of it, as another message says them."""
    return "{time} {place}".format_map(spoken(event, group))


def change(signup, state, **facts):
    """Compare and set. Returns: whether it was as we saw it. Needs: to run the event, and the lock."""
    facts = {"offered_until": None} | facts
    found = Signup.objects.filter(pk=signup.pk, state=signup.state)
    if not found.update(state=state, **facts):
        return False
    signup.state = state
    return True


def take(event, group_id):
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


def free(event, group_id):
    """One place less is taken. Needs: the lock."""
    EventGroup.objects.filter(pk=group_id, taken__gt=0).update(taken=F("taken") - 1)
    if event.capacity is not None:
        Event.objects.filter(pk=event.pk, taken__gt=0).update(taken=F("taken") - 1)
        event.taken = max(0, event.taken - 1)


def offer_ends(event, group, moment):
    """Until when somebody may think it over; None where there is no time left to ask them.

    It runs from when its message can be read, and ends two hours before the start at the latest,
    never in the night.
    """
    ends = not_before(not_before(moment) + dt.timedelta(hours=event.accept_hours))
    return _in_time(ends, event, group, moment)


def _in_time(ends, event, group, moment):
    ends = min(ends, evening_before(group.begins_at(event) - LAST_ASKED))
    return ends if ends >= not_before(moment) + SHORTEST_OFFER else None


def somebody_waits(event, group_id):
    """Whether anybody who could come stands in the line of a group: then nobody else takes a
    place of it. Asked by ``events_join`` too. Needs: to run the event."""
    line = Signup.objects.waiting(event).filter(group=group_id)
    return line.exists()


def has_place(event, group_id):
    """Take a place where one is free and nobody waits for it: the one door to it. Needs: to run the event,
    the lock."""
    return not somebody_waits(event, group_id) and take(event, group_id)


def move_up(event, moment, *, has_room=None):
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


def _line_of(event, moment):
    """Those who wait in a group that has room and has not begun."""
    ahead = Q(group__starts_at__gt=moment)
    if moment < event.starts_at:
        ahead |= Q(group__starts_at=None)
    line = Signup.objects.waiting(event).filter(ahead, group__taken__lt=F("group__capacity"))
    return line.select_related("group")


def end_offers(event):
    """Of an event that does not take place nobody has to answer. Needs: to run the event, the lock."""
    for signup in Signup.objects.filter(event=event, state=SignState.OFFERED):
        if change(signup, SignState.LAPSED):
            free(event, signup.group_id)


def _move_up(event, signup, moment):
    _offer(event, signup, offer_ends(event, signup.group, moment), moment)


def _offer(event, signup, ends, moment):
    """``ends``: until when it may be thought over; where there is no time, the place is theirs."""
    if ends:
        change(signup, SignState.OFFERED, offered_until=ends)
        tell_signup(OFFERED, event, signup, until=f"{localtime(ends):%-m月%-d日 %H:%M}")
    else:
        change(signup, SignState.IN)
        has_post(event, signup)
        tell_signup(MOVED_UP, event, signup, is_urgent=is_soon(event, signup.group, moment))


def is_soon(event, group, moment):
    return cannot_wait(group.begins_at(event), moment)


def with_room(event):
    return EventGroup.objects.filter(event=event, taken__lt=F("capacity"))


def say_whether_full(event, has_room=None):
    """``has_room``: whether a group has, where that was just read."""
    if event.state not in (State.OPEN, State.FULL):
        return
    if has_room is None:
        has_room = with_room(event).exists()
    is_full = not has_room or (event.capacity is not None and event.taken >= event.capacity)
    state = State.FULL if is_full else State.OPEN
    if state != event.state:
        Event.objects.filter(pk=event.pk, state=event.state).update(state=state)
        event.state = state


def hush(event, *, shift=None, purposes=(), was=""):
    """What people of an event, or of one shift of it, wait to be told does not hold any more.
    ``was``: the hour and place that it had (``said_of``). Needs: the lock, to run the event."""
    groups = [shift] if shift else list(EventGroup.objects.filter(event=event))
    whole = [] if shift else [event]
    signups = Signup.objects.filter(event=event)
    signups = signups.filter(group=shift) if shift else signups
    no_longer(*whole, *groups, *signups, purposes=purposes)
    if event.of.has_shifts:
        no_longer(*signups, purposes=(OVERLAPS,))
        said = [was] if was else [said_of(event, group) for group in groups]
        _hush_overlaps(signups.values("user"), said)


def _hush_overlaps(users, said):
    """One of their shifts is another one now, or none: with that one no other overlaps."""
    theirs = Signup.objects.filter(user__in=users).standing()
    no_longer(*theirs, purposes=(OVERLAPS,), saying=said)


def hush_one(event, signup):
    """Somebody does not come: what waits of the whole goes too, where they are in nothing else."""
    others = Signup.objects.filter(event=event, user=signup.user_id).standing()
    is_in_others = event.of.has_shifts and others.exclude(pk=signup.pk).exists()
    whole = [] if is_in_others else [event]
    about = [signup, *whole, *([signup.group] if signup.group else [])]
    no_longer(*about, people=[signup.user_id])
    if event.of.has_shifts and signup.group:
        _hush_overlaps([signup.user_id], [said_of(event, signup.group)])


def say_anew(event, shift=None, *, was=""):
    """Moved: what waits says the old hour no longer, and no offer outlasts the new one. ``was``: see
    ``hush``. Needs: the lock, to run the event."""
    hush(event, shift=shift, purposes=(MOVED, REMINDER), was=was)
    signups = list(Signup.objects.filter(event=event).standing().select_related("group"))
    put_right({signup: spoken(event, signup.group) for signup in signups})
    for signup in signups:
        if signup.state == SignState.OFFERED:
            _shorten(event, signup, now())


def _shorten(event, signup, moment):
    """What was brought forward leaves less time to think it over, or none."""
    ends = _in_time(signup.offered_until, event, signup.group, moment)
    if ends != signup.offered_until:
        no_longer(signup, purposes=(OFFERED,))
        _offer(event, signup, ends, moment)


def tell_signup(purpose, event, signup, *, offset="", is_urgent=False, **more):
    """Tell one person of their own sign-up; once for each time they came, and each ``offset``."""
    if signup.user_id:
        tell_one(
            purpose,
            signup.user_id,
            about=signup,
            offset=f"{signup.turn} {more.get('until', '')}{offset}",
            organization_id=event.organization_id,
            link=f"/my/events/{signup.pk}/",
            values=spoken(event, signup.group) | more,
            is_urgent=is_urgent,
        )


def tell_all(purpose, event, users, *, offset="", group=None, is_urgent=False, **more):
    """The same words to many, of an event or one shift of it. Returns: how many people."""
    users = set(users) - {None}  # asked for here: the postman does not see sign-ups
    with acting("tell"):
        people = list(persons_of(*users)) if users else []
    tell(
        purpose,
        about=group or event,
        offset=offset,
        organization_id=event.organization_id,
        people=people,
        link=f"/events/{event.pk}/",
        values=spoken(event, group) | more,
        is_urgent=is_urgent,
    )
    return len(people)


def tell_everybody(event, purpose, *, offset, began=None, **more):
    """Whoever is in it, in the line, or waits to be looked at, of their own shift where they have
    one: at once those whose hour is too near for the morning. ``began``: when it was to be, of one
    that moved. Needs: to run the event.
    """
    told = 0
    for (is_urgent, begins), users in _by_hour(event, began).items():
        own = {"time": spoken_hour(begins), **more}
        told += tell_all(purpose, event, users, offset=offset, is_urgent=is_urgent, **own)
    return told


def _by_hour(event, began):
    """(whether it is too near, when it begins) -> who; of two shifts the next one is said, of one
    that is over nothing."""
    moment, hours = now(), {}
    standing = Signup.objects.filter(event=event).standing()
    for user, begins, ends in standing.values_list("user", "group__starts_at", "group__ends_at"):
        if ends and ends <= moment:
            continue
        first = begins or min(event.starts_at, began or event.starts_at)
        is_soon = moment < (ends or event.ends_at) and cannot_wait(first, moment)
        hour = (not is_soon, begins or event.starts_at)
        hours[user] = min(hour, hours.get(user, hour))
    found = {}
    for user, (can_wait, begins) in hours.items():
        found.setdefault((not can_wait, begins), set()).add(user)
    return found


def fresh(event_id):
    """The event as it is, once nobody is joining. Needs: a transaction, to run the event."""
    hold(event_id)
    return Event.objects.get(pk=event_id)


def recount(event):
    """Who has a post is counted as it changes; all else once the event was held."""
    if event.of.has_posts:
        counts.count_event(event)


def has_post(event, signup):
    """Whoever moved up to a post of an internship is told why it is this one."""
    if event.of.has_posts:
        rank = signup.wishes.filter(group=signup.group_id).values_list("place", flat=True)
        Placement.objects.filter(signup=signup).update(
            place=rank.first(), why="有人放弃，按顺序递补到这个岗位。"
        )
        recount(event)


def place_in_line(signup):
    """1 for whoever is next in their group."""
    with acting("run an event"):
        line = Signup.objects.waiting(signup.event_id)
        return line.filter(group=signup.group_id, turn__lt=signup.turn).count() + 1


def why_still(event, group, moment):
    """Why somebody in the line has not moved up, in words they can act on."""
    if event.state == State.CANCELLED:
        return "活动已经取消。"
    if event.state == State.HELD or moment >= event.ends_at:
        return "活动已经结束。"
    if moment >= (group.begins_at(event) if group else event.starts_at):
        return "活动已经开始，不再自动递补。可以到现场或打联系电话问有没有人没来。"
    if event.capacity is not None and event.taken >= event.capacity:
        return f"总名额 {event.capacity} 个都有人，还没有人取消。"
    if group and group.taken >= group.capacity:
        return f"“{group.name}”{group.capacity} 个名额都有人，还没有人取消。"
    return "名额刚空出来，正在按顺序通知。"

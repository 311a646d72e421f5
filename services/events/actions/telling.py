"""What people of an event are told, and what they need not be told any more."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime, now

from qingchun.ground.quiet import cannot_wait
from qingchun.notifications.actions import no_longer, tell, tell_one
from qingchun.notifications.purposes import MessageType
from qingchun.notifications.recipients import persons_of
from qingchun.organizations.walls import acting
from services.events.models import Event, EventGroup, Signup
from services.events.notices import OVERLAPS


def spoken(event: Event, group: EventGroup | None = None) -> dict[str, str]:
    """What messages say of an event, or of one shift of it."""
    shift = group if group is not None and group.starts_at else None
    return {
        "event": event.title,
        "time": spoken_hour(shift.starts_at if shift else event.starts_at),
        "place": shift.name if shift else event.place,
    }


def spoken_hour(moment: dt.datetime) -> str:
    return f"{localtime(moment):%-m月%-d日 %H:%M}"


def said_of(event: Event, group: EventGroup | None) -> str:
    """The hour and the place of it, as another message says them."""
    return "{time} {place}".format_map(spoken(event, group))


def hush(
    event: Event,
    *,
    shift: EventGroup | None = None,
    purposes: Collection[MessageType] = (),
    was: str = "",
) -> None:
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


def _hush_overlaps(users: QuerySet | list[int], said: Collection[str]) -> None:
    """One of their shifts is another one now, or none: with that one no other overlaps."""
    theirs = Signup.objects.filter(user__in=users).standing()
    no_longer(*theirs, purposes=(OVERLAPS,), saying=said)


def hush_one(event: Event, signup: Signup) -> None:
    """Somebody does not come: what waits of the whole goes too, where they are in nothing else."""
    others = Signup.objects.filter(event=event, user=signup.user_id).standing()
    is_in_others = event.of.has_shifts and others.exclude(pk=signup.pk).exists()
    whole = [] if is_in_others else [event]
    about = [signup, *whole, *([signup.group] if signup.group else [])]
    no_longer(*about, people=[signup.user_id])
    if event.of.has_shifts and signup.group:
        _hush_overlaps([signup.user_id], [said_of(event, signup.group)])


def tell_signup(
    purpose: MessageType,
    event: Event,
    signup: Signup,
    *,
    offset: str = "",
    is_urgent: bool = False,
    **more: str | int,
) -> None:
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
            is_discreet=event.of.is_evening,
        )


def tell_all(
    purpose: MessageType,
    event: Event,
    users: Iterable[int | None],
    *,
    offset: str = "",
    group: EventGroup | None = None,
    is_urgent: bool = False,
    **more: str | int,
) -> int:
    """The same words to many, of an event or one shift of it. Returns: how many people."""
    # Asked for here: the postman does not see sign-ups.
    known = {user for user in users if user is not None}
    with acting("tell"):
        people = list(persons_of(*known)) if known else []
    tell(
        purpose,
        about=group or event,
        offset=offset,
        organization_id=event.organization_id,
        people=people,
        link=f"/events/{event.pk}/",
        values=spoken(event, group) | more,
        is_urgent=is_urgent,
        is_discreet=event.of.is_evening,
    )
    return len(people)


def tell_everybody(
    event: Event,
    purpose: MessageType,
    *,
    offset: str,
    began: dt.datetime | None = None,
    **more: str | int,
) -> int:
    """Whoever is in it, in the line, or waits to be looked at, of their own shift where they have
    one: at once those whose hour is too near for the morning. ``began``: when it was to be, of one
    that moved. Needs: to run the event.
    """
    told = 0
    for (is_urgent, begins), users in _by_hour(event, began).items():
        own: dict[str, Any] = {"time": spoken_hour(begins), **more}
        told += tell_all(purpose, event, users, offset=offset, is_urgent=is_urgent, **own)
    return told


def _by_hour(
    event: Event, began: dt.datetime | None
) -> dict[tuple[bool, dt.datetime], set[int | None]]:
    """(whether it is too near, when it begins) -> who; of two shifts the next one is said, of one
    that is over nothing."""
    moment = now()
    hours: dict[int | None, tuple[bool, dt.datetime]] = {}
    standing = Signup.objects.filter(event=event).standing()
    for user, begins, ends in standing.values_list("user", "group__starts_at", "group__ends_at"):
        if ends and ends <= moment:
            continue
        first = begins or min(event.starts_at, began or event.starts_at)
        is_soon = moment < (ends or event.ends_at) and cannot_wait(first, moment)
        hour = (not is_soon, begins or event.starts_at)
        hours[user] = min(hour, hours.get(user, hour))
    found: dict[tuple[bool, dt.datetime], set[int | None]] = {}
    for user, (can_wait, begins) in hours.items():
        found.setdefault((not can_wait, begins), set()).add(user)
    return found

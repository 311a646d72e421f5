"""The roads of events and of those who sign up: what holds them still, whom a step tells."""

from functools import partial
from typing import Any

from django.utils.timezone import now

from qingchun.accounts.steps import Road, Walk
from qingchun.ground.quiet import cannot_wait
from qingchun.notifications.actions import no_longer
from qingchun.notifications.purposes import MessageType
from services.events import counts
from services.events.actions import telling, waiting_list
from services.events.choices import STANDING, EventState
from services.events.models import Event, Signup
from services.events.notices import APPROVED_WAITING, LAPSED


def _recounted(event: Event, walk: Walk) -> None:
    """Posts are counted as they are given, all else once it was held."""
    if event.of.has_posts or EventState.HELD in (walk.to, walk.came_from):
        counts.count_event(event)


EVENTS = Road(
    "events",
    Event,
    hold=lambda event: waiting_list.lock_event(event.pk),
    tell=partial(telling.tell_everybody, offset=""),
    after=_recounted,
    purpose="run an event",
    order=("publish", "close", "reopen", "hold", "open-again", "call-off"),
)


def _held_still(signup: Signup) -> Event:
    """The event as it is, once nobody is joining."""
    signup.event = waiting_list.locked_event(signup.event_id)
    return signup.event


def _settled(signup: Signup, walk: Walk) -> None:
    """What waits to be said of where somebody stood before does not hold any more."""
    if walk.to == walk.came_from:
        if signup.event.state == EventState.HELD:
            counts.count_event(signup.event)
        return
    if walk.to not in STANDING:
        telling.hush_one(signup.event, signup)
    else:
        no_longer(signup)
    waiting_list.recount(signup.event)


def _tell(signup: Signup, purpose: MessageType, **words: Any) -> int:
    begins = signup.group.begins_at(signup.event) if signup.group else signup.event.starts_at
    if purpose is APPROVED_WAITING:
        words["number"] = waiting_list.place_in_line(signup)
    is_urgent = purpose is not LAPSED and cannot_wait(begins, now())
    telling.tell_signup(purpose, signup.event, signup, is_urgent=is_urgent, **words)
    return 1


SIGNUPS = Road(
    "signups",
    Signup,
    whole="event",
    hold=_held_still,
    about="event",
    tell=_tell,
    after=_settled,
    purpose="run an event",
    order=(
        "approve", "decline", "reconsider", "arrive", "let-in", "not-here", "hours", "attend", "finish",
        "accept", "leave", "say",
    ),
)  # fmt: skip

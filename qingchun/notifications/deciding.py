"""Who decides what is due. Apps to the right register a question; each tick asks all of them."""

import datetime as dt

from django.utils.timezone import get_current_timezone, localdate

MORNING = dt.time(9)
_deciders = []


def register(decider):
    """``decider(now) -> iterable of Draft``: all that should have gone out by now.

    It may name again what it named before: the key of each draft lets nothing go out twice.
    """
    _deciders.append(decider)
    return decider


def morning_of(now):
    """The hour at which what is owed today is said; None while it is ahead."""
    due_at = dt.datetime.combine(localdate(now), MORNING, get_current_timezone())
    return due_at if now >= due_at else None


def drafts(now):
    return [draft for decider in _deciders for draft in decider(now)]

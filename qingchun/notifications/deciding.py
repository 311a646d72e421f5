"""Who decides what is due: each tick asks all apps (``due`` in their portal.py)."""

import datetime as dt

from django.utils.timezone import get_current_timezone, localdate

from qingchun.ground.portal import answers

MORNING = dt.time(9)


def morning_of(now):
    """The hour at which what is owed today is said; None while it is ahead."""
    due_at = dt.datetime.combine(localdate(now), MORNING, get_current_timezone())
    return due_at if now >= due_at else None


def drafts(now):
    return [draft for decider in answers("due") for draft in decider(now)]

"""Quiet hours: from 22:00 to 8:00 nobody is disturbed, and no time that somebody has runs out."""

import datetime as dt
from functools import lru_cache

from django.utils.timezone import get_current_timezone

QUIET_FROM, QUIET_UNTIL = dt.time(22), dt.time(8)
# The last of the evening at which a limit may end: who lets it pass still hears of it that day.
LAST_END = dt.time(21, 30)
NIGHT = dt.timedelta(hours=10)
# What begins so soon after the morning is told in the night.
SOON = dt.timedelta(hours=12)


@lru_cache(maxsize=1024)
def after_quiet_hours(moment: dt.datetime, *, is_urgent: bool = False) -> dt.datetime:
    """The first moment at or after ``moment`` at which people may be disturbed, in local time.

    Between 22:00 and 08:00 nothing goes out but what is urgent. A limit runs from here.
    """
    local = moment.astimezone(get_current_timezone())
    if is_urgent or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return local
    day = local.date() + dt.timedelta(local.time() >= QUIET_FROM)
    return dt.datetime.combine(day, QUIET_UNTIL, get_current_timezone())


def is_quiet(moment: dt.datetime) -> bool:
    return after_quiet_hours(moment) > moment


def evening_before(moment: dt.datetime) -> dt.datetime:
    """``moment``, or the evening before it where it lies in quiet hours."""
    if not is_quiet(moment):
        return moment
    day = after_quiet_hours(moment).date() - dt.timedelta(1)
    return dt.datetime.combine(day, LAST_END, get_current_timezone())


def cannot_wait(begins: dt.datetime, moment: dt.datetime) -> bool:
    """Whether what begins then is too near for its news to wait for the morning."""
    return begins < after_quiet_hours(moment) + SOON

"""Deadlines for a calendar."""

import datetime as dt

from campaigns.actions.feeds import Owed
from qingchun.ground.calendars import NINE_THE_DAY_BEFORE, Entry, calendar_of
from qingchun.ground.province import HOME

# A day that is moved has the number of the second in which it was: each later one is a higher number.
SINCE = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)


def deadlines_ics(owed: list[Owed]) -> bytes:
    """What a unit still owes as an iCalendar feed of whole days, with one alarm each."""
    return calendar_of("deadlines", map(_entry, owed), name=f"{HOME.action}截止日期")


def _entry(owed: Owed) -> Entry:
    deadline = owed.deadline
    return Entry(
        uid=f"deadline-{deadline.pk}",
        title=f"{deadline.get_purpose_display()}截止（24 时前）",
        text=deadline.campaign.title,
        starts=owed.until_on,
        ends=owed.until_on,
        changed_at=owed.decided_at,
        version=max(0, int((owed.decided_at - SINCE).total_seconds())),
        is_busy=False,
        alarm=NINE_THE_DAY_BEFORE,
    )

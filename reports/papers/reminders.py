"""When a unit that owes something is reminded of it: pure, takes plain values.

Days are counted from the unit's own last day, so that more time for one city moves that
city's reminders alone.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns.workdays import KNOWN

# A portal that was off catches up on what fell in this time, and on nothing older.
CATCH_UP = dt.timedelta(hours=48)


@dataclass(frozen=True)
class Slot:
    """One reminder: when, how many days after the last day (before it: negative), and whether
    it is the first of its day (0) or the second (1)."""

    at: dt.datetime
    offset: int
    round: int

    @property
    def day(self):
        return self.at.date()

    @property
    def is_last_day(self):
        return self.offset == 0


def slots(schedule, due_on, days=KNOWN):
    """All reminders of one debt, in order. Silent on Spring Festival's days off, but for the
    last day itself. ``days``: the days off that are in force."""
    zone = ZoneInfo(schedule.time_zone)
    before = [(-days, [schedule.at]) for days in sorted(schedule.days_before, reverse=True)]
    late = [(days, [schedule.at]) for days in range(1, schedule.late_days + 1)]
    found = []
    for offset, times in [*before, (0, sorted(schedule.on_the_day)), *late]:
        day = due_on + dt.timedelta(offset)
        if offset == 0 or not days.is_festival(day):
            found += [
                Slot(dt.datetime.combine(day, time, zone), offset, number)
                for number, time in enumerate(times)
            ]
    return found


def speaking(schedule, due_on, now, days=KNOWN):
    """The reminders of one debt that matter at ``now``: the latest that has come, unless it is
    too old to catch up on, and what is still to come today."""
    today = now.astimezone(ZoneInfo(schedule.time_zone)).date()
    all_slots = slots(schedule, due_on, days)
    come = [slot for slot in all_slots if slot.at <= now][-1:]
    recent = [slot for slot in come if slot.at > now - CATCH_UP]
    return recent + [slot for slot in all_slots if slot.at > now and slot.day == today]


def how_long(due_on, today):
    """How a reminder says where one stands: days left, today, or days late."""
    days = (due_on - today).days
    if days == 0:
        return "今天 24 时截止"
    return f"还有 {days} 天" if days > 0 else f"已逾期 {-days} 天"


def ladder(people, offset, deputy_from):
    """Who is reminded: the person responsible first, then the deputy, then the secretary.

    The deputy joins ``deputy_from`` days before the last day; the last day and lateness go to
    the unit's secretary too.
    """
    told = list(people.lead)
    if offset >= -deputy_from:
        told += people.deputy
    if offset >= 0:
        told += people.secretary
    return list({person.pk: person for person in told}.values())

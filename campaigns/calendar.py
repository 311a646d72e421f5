"""Editions, their deadlines and working days: pure questions about dates.

``days`` is the days off to go by: of what is stored or shown, ``days_off.in_force()``.
"""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from django.utils.timezone import get_current_timezone

from campaigns.workdays import KNOWN, spring_festival

FEWEST_WORKDAYS = 5
# Working days a unit needs to put together what the units below it send.
LEAD_WORKDAYS = 5


def is_workday(day, days=KNOWN):
    """Make-up working days count; a year not announced yet has plain weeks, what the law makes a
    day off, and Spring Festival from 除夕 to 初七."""
    return days.is_workday(day)


def closes_at(day):
    """The instant a deadline day is over: a sending before it is on time.

    A day lasts until 23:59:59 in Asia/Shanghai, by the server's clock.
    """
    return dt.datetime.combine(day + dt.timedelta(1), dt.time(), get_current_timezone())


def running(editions, day):
    """Of these the edition that a day belongs to, or None.

    An open one runs from its first day until another begins, as its last stage has no end; before
    the first of them, the next to begin. With none open: the last that was held.
    """

    def place(edition):
        has_begun, is_over = edition.starts_on <= day, edition.ends_on < day
        far = abs((edition.starts_on - day).days)
        return edition.is_open, not edition.is_preparing, has_begun, not is_over, -far, edition.pk

    return max(editions, key=place, default=None)


def stage_on(day, stages):
    """Number of the stage a day belongs to: the last one that has begun, the first before that."""
    begun = [stage.number for stage in stages if stage.starts_on <= day]
    return max(begun, default=1)


def problem_with(day, campaign, today):
    """Why nothing can be logged for this day; empty when it can."""
    if day > today:
        return "日期还没到。活动开展后再登记，请填写今天或以前的日期。"
    if day < campaign.starts_on:
        return f"这次行动从{campaign.starts_on:%Y年%-m月%-d日}开始，请填写这以后的日期。"
    return ""


def workdays(start, end, days=KNOWN):
    """Working days from ``start`` to ``end``, both counted; 0 when the end is before."""
    return days.workdays(start, end)


def forward_workdays(day, count, days=KNOWN):
    """The day ``count`` working days after ``day``, which is not counted itself."""
    return days.forward(day, count)


def back_workdays(day, count, days=KNOWN):
    """The day ``count`` working days before ``day``."""
    return days.back(day, count)


def meanings(printed, year):
    """The earliest and latest day a printed date can mean: "2月30日", "1月中旬", "2月底".

    Raises: ValueError when it is none of the forms the notices use.
    """
    month, _, rest = printed.partition("月")
    month, rest = int(month), rest.removesuffix("日").removesuffix("前").removesuffix("日")
    last = monthrange(year, month)[1]
    first_day, last_day = {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, last),
        "底": (last, last),
        "末": (last, last),
    }.get(rest, (0, 0))
    if not first_day:
        # A day the month does not have can only be its last one.
        first_day = last_day = min(int(rest), last)
    return dt.date(year, month, first_day), dt.date(year, month, last_day)


@dataclass(frozen=True)
class Proposal:
    """A day for a new edition, with what speaks against it."""

    day: dt.date
    basis: str
    workdays: dict
    warnings: tuple


def examine(day, basis, *, since, days=KNOWN):
    """Working days left for each level between ``since`` and ``day``, and what to mind: of a day
    that is over, not that they are few."""
    county_by = days.back(day, LEAD_WORKDAYS)
    township_by = days.back(county_by, LEAD_WORKDAYS)
    left = {
        "市级": days.workdays(since, day),
        "县级": days.workdays(since, county_by),
        "乡镇": days.workdays(since, township_by),
    }
    warnings = []
    if holiday := days.holiday(day):
        warnings.append(f"落在{holiday}假期里")
    elif said := days.said(day):
        warnings.append(f"这天是{said}")
    short = [level for level, count in left.items() if count < FEWEST_WORKDAYS]
    if short and since <= day:
        warnings.append(f"{'、'.join(short)}不足 {FEWEST_WORKDAYS} 个工作日")
    if not days.is_announced(day.year):
        warnings.append("当年放假安排还没有公布，按法定节假日和周末推算")
    return Proposal(day, basis, left, tuple(warnings))


def same_day_in(day, years):
    """The same calendar day ``years`` later; the end of a month stays the end of the month."""
    year = day.year + years
    is_last = day.day == monthrange(day.year, day.month)[1]
    last = monthrange(year, day.month)[1]
    return dt.date(year, day.month, last if is_last else min(day.day, last))


def carried(day, *, old_festival, year, by_festival):
    """A day of an edition in the one of ``year``: as far from the festival, or by the calendar."""
    if by_festival:
        return spring_festival(year) + (day - old_festival)
    return same_day_in(day, year - old_festival.year)


def proposals(day, *, begins, old_festival, year, today, days=KNOWN):
    """Both ways to carry a day to a new edition. ``begins``: the first day of the old one."""
    distance = (day - old_festival).days
    when = f"春节后第 {distance} 天" if distance >= 0 else f"春节前 {-distance} 天"
    found = []
    for by_festival, basis in ((False, "按公历同日"), (True, f"按{when}")):
        there, since = (
            carried(one, old_festival=old_festival, year=year, by_festival=by_festival)
            for one in (day, begins)
        )
        found.append(examine(there, basis, since=max(since, today), days=days))
    return found

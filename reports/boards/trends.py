"""What happened over time: the days and weeks of an edition beside those of the one before.

Both are laid on each other by Spring Festival, where both have one, since people come home by it and
not by the calendar; else by their first days. Read from the counts of each day that are kept beside
the log. Units are never set beside each other.

Nothing is known of a day to come, nor of one outside an edition: that is None, and never 0.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from campaigns.calendar import stage_on
from campaigns.models import Campaign
from qingchun.ground.standby import reading
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.organizations.querysets import code_range

MOST_DAYS = 200  # of a chart; what was logged outside it is said in words
# Departments of the province have codes of a city that there is none of: 1400nn.
LEVEL = """
CASE WHEN d.is_below THEN 'township' WHEN length(d.organization_id) = 2
    OR d.organization_id LIKE '__00__' THEN 'province'
WHEN length(d.organization_id) = 4 THEN 'city' ELSE 'county' END
"""
DAYS = f"""
SELECT d.campaign_id, d.held_on, k.key, {LEVEL}, sum(d.activities), sum(d.participants)
FROM campaigns_daytally d JOIN campaigns_activitykind k ON k.id = d.kind_id
WHERE d.campaign_id = ANY(%s) AND d.organization_id >= %s AND d.organization_id < %s
GROUP BY 1, 2, 3, 4
"""
# Whether the days of each edition add up to the whole yet: a job counts what is older than they.
BEHIND = """
SELECT coalesce((SELECT sum(activities) FROM campaigns_tally WHERE campaign_id = ANY(%(editions)s)
                 AND organization_id >= %(low)s AND organization_id < %(high)s), 0)
    <> coalesce((SELECT sum(activities) FROM campaigns_daytally WHERE campaign_id = ANY(%(editions)s)
                 AND organization_id >= %(low)s AND organization_id < %(high)s), 0)
"""
FIGURES = {"activities": "活动场次", "participants": "参加人次"}
SPANS = {"week": 7, "day": 1}
LEVELS = (
    (Level.PROVINCE, "省级"),
    (Level.CITY, "市级"),
    (Level.COUNTY, "县级"),
    (Level.TOWNSHIP, "乡镇"),
)


@dataclass(frozen=True)
class Row:
    """What was logged of one day, one kind, at one level."""

    day: dt.date
    kind: str
    level: str
    activities: int
    participants: int


@dataclass
class Course:
    """One edition: ``anchor``, the day that lies on the other's; ``until``, the last day that is known."""

    campaign: Campaign
    anchor: dt.date
    until: dt.date
    rows: list[Row] = field(default_factory=list)
    stages: dict[dt.date, int] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return self.place(self.campaign.starts_on)

    @property
    def last(self) -> int:
        return self.place(self.campaign.ends_on)

    def place(self, day: dt.date) -> int:
        """How many days behind the anchor."""
        return (day - self.anchor).days

    def day(self, place: int) -> dt.date:
        return self.anchor + dt.timedelta(place)

    def stage(self, day: dt.date) -> int:
        if day not in self.stages:
            self.stages[day] = stage_on(day, self.campaign.stages.all())
        return self.stages[day]

    def is_known(self, place: int) -> bool:
        return self.first <= place <= min(self.last, self.place(self.until))

    def sums(self, figure: str, keep: Callable[["Course", Row], bool]) -> dict[int, int]:
        """Place → what the rows of that day add up to that are to be kept."""
        found: dict[int, int] = defaultdict(int)
        for row in self.rows:
            if keep(self, row):
                found[self.place(row.day)] += getattr(row, figure)
        return found


@dataclass(frozen=True)
class Point:
    """A day or a week. ``mine``, ``last``: figure → value, None where nothing is known of it."""

    first: int
    day: dt.date  # of this edition
    until: dt.date
    label: str
    from_anchor: str
    stage: str
    mine: dict[str, int | None]
    last: dict[str, int | None]


def one_before(campaign: Campaign, editions: Iterable[Campaign]) -> Campaign | None:
    """The edition of the same season before this one, of those that somebody sees."""
    before = [
        one for one in editions
        if one.season == campaign.season and one.starts_on < campaign.starts_on
    ]  # fmt: skip
    return max(before, key=lambda one: (one.starts_on, one.pk), default=None)


def courses(
    campaign: Campaign, before: Campaign | None, code: str, today: dt.date
) -> tuple[Course, Course | None]:
    """This edition and the one before, as far as they are known, of a unit and those below it; a
    township's are its county's. One query."""
    editions = [campaign, *filter(None, [before])]
    by_festival = all(one.spring_festival_on for one in editions)
    found = {
        one.pk: Course(one, one.spring_festival_on if by_festival else one.starts_on, today)
        for one in editions
    }
    low, high = code_range(county_of(code))
    with reading().cursor() as cursor:
        cursor.execute(DAYS, [list(found), low, high])
        for edition, *facts in cursor.fetchall():
            found[edition].rows.append(Row(*facts[:3], *map(int, facts[3:])))
    return found[campaign.pk], found[before.pk] if before else None


def is_behind(campaign: Campaign, before: Campaign | None, code: str) -> bool:
    """Whether some days are not counted yet: just after the portal was brought up to date."""
    low, high = code_range(county_of(code))
    editions = [one.pk for one in (campaign, before) if one]
    with reading().cursor() as cursor:
        cursor.execute(BEHIND, {"editions": editions, "low": low, "high": high})
        return cursor.fetchone()[0]


def in_words(mine: Course, last: Course | None) -> str:
    """How the two are laid on each other."""
    if last is None:
        return "还没有同一季的上一次行动可以对照。"
    if mine.anchor != mine.campaign.spring_festival_on:
        return "两次行动按各自的第一天对齐。"
    return f"两次行动按离春节的天数对齐：这次正月初一是{_said(mine.anchor)}，上次是{_said(last.anchor)}。"


def _said(day: dt.date) -> str:
    return f"{day:%Y年%-m月%-d日}"


def points(
    mine: Course, last: Course | None, span: int, keep: Callable[[Course, Row], bool], stage: int
) -> list[Point]:
    """Every day or week that either edition has, in order. ``stage``: of it alone; 0 is all."""
    both = [mine, *filter(None, [last])]
    first, end = min(one.first for one in both), max(one.last for one in both)
    end = min(end, first + MOST_DAYS - 1)
    sums = {(id(one), figure): one.sums(figure, keep) for one in both for figure in FIGURES}
    is_festival = mine.anchor == mine.campaign.spring_festival_on
    names = {one.number: one.name for one in mine.campaign.stages.all()}

    def value(one: Course | None, figure: str, places: Sequence[int]) -> int | None:
        if one is None:
            return None
        known = [
            place for place in places
            if one.is_known(place) and (not stage or one.stage(one.day(place)) == stage)
        ]  # fmt: skip
        return sum(sums[id(one), figure].get(place, 0) for place in known) if known else None

    found = []
    for place in range(first - first % span, end + 1, span):
        places = range(place, place + span)
        day, until = mine.day(place), mine.day(place + span - 1)
        found.append(
            Point(
                first=place,
                day=day,
                until=until,
                label=_label(day, until),
                from_anchor=_from(place, span, is_festival=is_festival),
                stage=names.get(mine.stage(until), "") if mine.first <= place + span - 1 else "",
                mine={figure: value(mine, figure, places) for figure in FIGURES},
                last={figure: value(last, figure, places) for figure in FIGURES},
            )
        )
    return found


def _label(day: dt.date, until: dt.date) -> str:
    return f"{day:%-m月%-d日}" if day == until else f"{day:%-m月%-d日}—{until:%-m月%-d日}"


def _from(place: int, span: int, *, is_festival: bool) -> str:
    """Where it lies from Spring Festival, or from the first day."""
    if span == 7:
        week = place // 7
        if not is_festival:
            return f"第 {week + 1} 周"
        return f"春节后第 {week + 1} 周" if week >= 0 else f"春节前第 {-week} 周"
    if not is_festival:
        return f"第 {place + 1} 天"
    if place == 0:
        return "正月初一"
    return f"春节后第 {place} 天" if place > 0 else f"春节前 {-place} 天"


@dataclass(frozen=True)
class Line:
    """A stage, a kind or a level: what it adds up to. ``same``: of the last edition, as far as this one
    has come; None where there is none."""

    label: str
    mine: int | None
    same: int | None
    last: int | None


def lines(
    mine: Course,
    last: Course | None,
    figure: str,
    keep: Callable[[Course, Row], bool],
    groups: Iterable[tuple[Any, str]],
    group_of: Callable[[Course, Row], Any],
    *,
    is_known: Callable[[Course, Any], bool] = lambda course, group: True,
) -> list[Line]:
    """A line for each group, in the groups' own order. ``is_known``: (edition, group) → whether there is
    anything to know: a stage to come, or a kind that an edition does not have, has no figure."""
    now = mine.place(mine.until)
    sums: dict[str, dict[Any, int]] = {name: defaultdict(int) for name in ("mine", "same", "last")}
    known = [("mine", mine), *([("last", last)] if last else [])]
    for name, one in known:
        for row in filter(partial(keep, one), one.rows):
            group, value = group_of(one, row), getattr(row, figure)
            sums[name][group] += value
            if name == "last" and one.place(row.day) <= now:
                sums["same"][group] += value

    def shown(name: str, one: Course | None, group: Any) -> int | None:
        is_there = one and one.campaign.starts_on <= one.until and is_known(one, group)
        return sums[name][group] if is_there else None

    return [
        Line(
            label,
            shown("mine", mine, group),
            shown("same", last, group),
            shown("last", last, group),
        )
        for group, label in groups
    ]


def outside(course: Course | None, shown: Sequence[Point]) -> int:
    """How many activities of an edition have days that the chart does not hold."""
    if course is None or not shown:
        return 0
    places = (course.place(row.day) for row in course.rows)
    return sum(
        row.activities
        for row, place in zip(course.rows, places, strict=True)
        if not course.is_known(place)
    )

"""Days off and working days: what the law fixes, what is announced, what a library carries."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from chinese_calendar.constants import Holiday
from chinese_calendar.constants import holidays as carried_holidays
from chinese_calendar.constants import workdays as carried_workdays
from lunar_python import Lunar, Solar

# What the law fixes, each with its source.
LAW = tomllib.loads(Path(__file__).with_name("days_off.toml").read_text(encoding="utf-8"))
LAST_CARRIED = max(carried_holidays).year
FESTIVAL = "春节"
DAY = dt.timedelta(1)
WEEKDAYS = "一二三四五六日"
# As the law calls them; the library leaves 节 out.
CALLED = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def _date(solar: Solar) -> dt.date:
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def spring_festival(year: int) -> dt.date:
    """The first day of the first lunar month that falls in this year."""
    return _date(Lunar.fromYmd(year, 1, 1).getSolar())


@dataclass(frozen=True)
class Announced:
    """The days of one year as somebody announces them: days off and what they are called, and
    Saturdays and Sundays that are worked."""

    off: Mapping[dt.date, str] = field(default_factory=dict)
    work: frozenset[dt.date] = frozenset()

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Announced":
        return cls(
            {dt.date.fromisoformat(day): name for day, name in kept["off"].items()},
            frozenset(map(dt.date.fromisoformat, kept["work"])),
        )

    def written(self) -> dict[str, Any]:
        """As a JSON column keeps it: equal days, equal words."""
        off = {day.isoformat(): name for day, name in sorted(self.off.items())}
        return {"off": off, "work": sorted(day.isoformat() for day in self.work)}


def _days_of(rule: Mapping[str, Any], year: int) -> Iterator[dt.date]:
    for month, day in rule.get("sun", ()):
        yield dt.date(year, month, day)
    for which in rule.get("moon", ()):
        if which == ["eve"]:
            yield spring_festival(year) - DAY
        else:
            yield _date(Lunar.fromYmd(year, *which).getSolar())
    if term := rule.get("term"):
        yield _date(Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()[term])


def law_of(year: int) -> Mapping[str, Any]:
    """The wording of the law that holds in a year; {} before the first that we have."""
    return next((law for law in reversed(LAW["law"]) if law["since"] <= year), {})


@cache
def fixed(year: int) -> Mapping[dt.date, str]:
    """What the law makes a day off in this year, announced or not, and what it is called."""
    rules = law_of(year).get("days", ())
    return {day: rule["name"] for rule in reversed(rules) for day in _days_of(rule, year)}


@cache
def expected(year: int) -> Mapping[dt.date, str]:
    """The days off of a year that is not announced yet."""
    found, first = dict(fixed(year)), spring_festival(year)
    begins, ends = LAW["expected"]["spring_festival"]
    festival = {first + n * DAY: FESTIVAL for n in range(begins, ends + 1)}
    found |= festival
    for day, name in sorted(fixed(year).items()):
        if LAW["expected"]["made_up_for"] and day.weekday() > 4 and day not in festival:
            while day.weekday() > 4 or day in found:
                day += DAY
            found[day] = name
    return found


@cache
def carried(year: int) -> Announced | None:
    """The year as the library has it; None beyond its last."""
    if year > LAST_CARRIED:
        return None
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    return Announced(
        {day: CALLED.get(names[said], names[said]) for day, said in carried_holidays.items() if day.year == year},
        frozenset(day for day in carried_workdays if day.year == year),
    )  # fmt: skip


class Days:
    """Which days are worked. ``announced``: year → what the province has put in force of it; of the
    others the library's year, and of those beyond it what is expected."""

    def __init__(self, announced: Mapping[int, Announced] | None = None) -> None:
        self.announced = dict(announced or {})
        # An announcement may name days of the year before: 29 December 2018 is in that of 2019.
        self._off: dict[dt.date, str] = {}
        self._work: set[dt.date] = set()
        for _, year in sorted(self.announced.items()):
            self._off = {d: n for d, n in self._off.items() if d not in year.work} | dict(year.off)
            self._work = self._work - year.off.keys() | year.work

    def is_announced(self, year: int) -> bool:
        return year in self.announced or year <= LAST_CARRIED

    def of_year(self, year: int) -> Announced | None:
        """What is announced of a year, by the province or else by the library."""
        return self.announced.get(year) or carried(year)

    def holiday(self, day: dt.date) -> str:
        """Of which holiday a day off is; "" where it is none."""
        if day in self._work:
            return ""
        if name := self._off.get(day) or fixed(day.year).get(day):
            return name
        if (year := self.of_year(day.year)) is None:
            return expected(day.year).get(day, "")
        return year.off.get(day, "")

    def is_workday(self, day: dt.date) -> bool:
        """Make-up working days count."""
        if day in self._work:
            return True
        if self.holiday(day):
            return False
        year = self.of_year(day.year)
        return day.weekday() < 5 or (year is not None and day in year.work)

    def is_festival(self, day: dt.date) -> bool:
        """In Spring Festival's days off."""
        return self.holiday(day) == FESTIVAL

    def said(self, day: dt.date) -> str:
        """What there is to say of a day that is no ordinary working day, as 春节假期 or 星期六，调休上班."""
        if name := self.holiday(day):
            return f"{name}假期"
        if day.weekday() < 5:
            return ""
        weekday = f"星期{WEEKDAYS[day.weekday()]}"
        return f"{weekday}，调休上班" if self.is_workday(day) else weekday

    def printed(self, day: dt.date) -> str:
        """A last day as it stands in a message: 1月10日（星期六）."""
        said = self.said(day)
        return f"{day.month}月{day.day}日{f'（{said}）' if said else ''}"

    def workdays(self, start: dt.date, end: dt.date) -> int:
        """Working days from ``start`` to ``end``, both counted; 0 when the end is before."""
        return sum(self.is_workday(start + n * DAY) for n in range((end - start).days + 1))

    def forward(self, day: dt.date, count: int) -> dt.date:
        """The day ``count`` working days after ``day``, which is not counted itself."""
        while count > 0:
            day += DAY
            count -= self.is_workday(day)
        return day

    def back(self, day: dt.date, count: int) -> dt.date:
        """The day ``count`` working days before ``day``."""
        while count > 0:
            day -= DAY
            count -= self.is_workday(day)
        return day

    def changed(self, was: "Days") -> list[dt.date]:
        """The days that are worked now and were not, or the other way round."""
        both = self.announced.keys() | was.announced.keys()
        years = [y for y in both if self.announced.get(y) != was.announced.get(y)]
        days = {dt.date(y, 1, 1) + n * DAY for y in years for n in range(366)}
        days |= self._off.keys() | was._off.keys() | self._work | was._work
        return sorted(day for day in days if self.is_workday(day) != was.is_workday(day))

    def laid_anew(self, begun: dt.date, due: dt.date, was: "Days") -> dt.date:
        """A last day that was counted from ``begun`` by ``was``: as many working days by this."""
        count = was.workdays(begun + DAY, due)
        if self.is_workday(due) and self.workdays(begun + DAY, due) == count:
            return due
        return self.forward(begun, count) if count else due


# Without what the province has put in force: for what asks no database. All else: days_off.in_force().
KNOWN = Days()

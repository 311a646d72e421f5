"""What waits for a post and whoever is in it: the list of 今天, which all apps are asked for
(``today`` in their portal.py). Each asks once; what is shown first is its most urgent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from qingchun.accounts.searching import Row, together
from qingchun.ground.portal import answers

SHOWN = 5  # of one queue; how many more there are stands below them
MOST = 100  # as far as it counts


@dataclass(frozen=True, kw_only=True)
class Tap:
    """Done from the list: one button, or one line and a button; or another page that leads on."""

    url: str
    label: str
    # What the line is called; empty: no line.
    hint: str = ""
    most: int = 500
    # What goes along with it.
    given: Mapping[str, str] = field(default_factory=dict)
    # The key by which a browser keeps the line until it is sent.
    keep: str = ""
    is_link: bool = False


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits: what, who asked for it or whom it is about, where it is done."""

    icon: str
    tone: str  # the colour of its picture: i-gold, i-green, i-blue, i-orange, i-red
    what: str
    url: str
    who: str = ""
    # The day under which it stands; None: it may be done on any.
    when: dt.date | None = None
    # Until when, where it is not said by the day: 9:00, 等了 3 天.
    until: str = ""
    do: str = "办理"
    taps: Sequence[Tap] = ()


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What one app has waiting: the first of it, how many there are, and where all of them stand."""

    name: str
    url: str
    count: int
    first: Sequence[Waiting]

    @property
    def more(self) -> str:
        return at_most(self.count - len(self.first), self.count)


def at_most(number: int, counted: int) -> str:
    """A number; behind it a plus, where it was not counted to the end."""
    return f"{number}+" if counted >= MOST else f"{number}" if number else ""


def queue(name: str, url: str, rows: Iterable[Any], made: Callable[[Any], Waiting]) -> Queue:
    """``rows``: up to ``MOST``, the most urgent first."""
    found = list(rows)
    return Queue(name=name, url=url, count=len(found), first=[made(row) for row in found[:SHOWN]])


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A queue before it is asked for. ``rows``: under ``kind``, by ``row_of`` (accounts/searching.py),
    the most urgent first."""

    kind: str
    name: str
    url: str
    rows: Any
    made: Callable[[Row], Waiting]


def _together(user: Any, day: dt.date) -> Iterator[Queue]:
    """What apps have as rows, all of it in one question."""
    sources: list[Rows] = [one for ask in answers("today_rows") for one in ask(user, day)]
    found = defaultdict(list)
    for row in together((one.rows for one in sources), MOST):
        found[row.kind].append(row)
    for one in sources:
        yield queue(one.name, one.url, found[one.kind], one.made)


GROUPS = ("已过期", "今天", "明天", "以后几天", "没有期限")
UNDATED = GROUPS[4]


def waiting_for(user: Any, day: dt.date) -> tuple[list[dict[str, Any]], str]:
    """([{"name", "rows", "more", "count", "is_late", "is_later"} of each group that has any], how
    many things in all)."""
    asked = (one for ask in answers("today") for one in ask(user, day))
    queues = [one for one in chain(asked, _together(user, day)) if one.count]
    groups: dict[str, dict[str, Any]] = {
        name: {
            "name": name,
            "rows": [],
            "more": [],
            "count": 0,
            "is_late": name == GROUPS[0],
            "is_later": name == GROUPS[3],
        }
        for name in GROUPS
    }
    for one in queues:
        place = GROUPS[0]
        for row in one.first:
            place = _place(row.when, day)
            groups[place]["rows"].append((row, _left(row, day)))
        if one.more:
            groups[place]["more"].append(one)
    for group in groups.values():
        hidden = sum(one.count - len(one.first) for one in group["more"])
        counted = max((one.count for one in group["more"]), default=0)
        group["count"] = at_most(len(group["rows"]) + hidden, counted)
        group["rows"].sort(key=lambda pair: pair[0].when or day)
    total = sum(one.count for one in queues)
    said = at_most(total, max((one.count for one in queues), default=0))
    return [group for group in groups.values() if group["rows"]], said


def _place(when: dt.date | None, day: dt.date) -> str:
    if when is None:
        return UNDATED
    days = (when - day).days
    return GROUPS[0 if days < 0 else min(days + 1, 3)]


def _left(row: Waiting, day: dt.date) -> str:
    """Until when, in words."""
    if row.when is None or row.until:
        return row.until
    days = (row.when - day).days
    if days < 0:
        return f"过 {-days} 天"
    return ("今天", "明天", "后天")[days] if days < 3 else f"还有 {days} 天"

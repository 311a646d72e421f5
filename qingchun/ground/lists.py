"""Lists that are printed and exported whole, not the page that is seen: declared once, in the
``lists.py`` of the app whose list it is, and named in its ``portal.py``.

``{% whole "people" %}`` puts both buttons on the list's own page. The page, the printed sheet and
the file ask one function for their rows, so that they show the same.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.timezone import localtime

from qingchun.ground.paging import NAMES
from qingchun.ground.portal import answers

# How a cell is come by: names with dots, or (row) → its value.
How = str | Callable[[Any], Any]
# What an address may say of a list: its filters, in short words.
MOST_ASKED, LONGEST = 20, 200


@dataclass(frozen=True, kw_only=True)
class Listing:
    """``rows``: (user, what the page's address asks for) → a queryset in the list's order; Refused
    where that is nonsense. ``columns``: heading → how its cells are come by; ``more``: those of the
    file alone, into whose rows ``beside`` puts what they need, so many at a time. ``who``: as ``@access`` takes it; ``page``: the route of the list's own page.
    """

    name: str
    title: str
    page: str
    rows: Callable[[Any, Mapping[str, str]], Any]
    columns: Mapping[str, How]
    more: Mapping[str, How] = field(default_factory=dict)
    beside: Callable[[list[Any]], None] | None = None
    who: Mapping[str, Any] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return f"list-{self.name}"


def listings() -> dict[str, Listing]:
    """By name."""
    return {listing.name: listing for listing in answers("lists")}


def asked_of(address: Mapping[str, str]) -> dict[str, str]:
    """What an address says of a list, but for which page of it."""
    said = [(name, text) for name, text in address.items() if name not in NAMES and text]
    return {name[:LONGEST]: text[:LONGEST] for name, text in said[:MOST_ASKED]}


def cells(row: Any, columns: Mapping[str, How]) -> list[Any]:
    """What stands in a row: texts, numbers, days, and instants as the clock here shows them."""
    return [_plain(_cell(row, how)) for how in columns.values()]


def _cell(row: Any, how: How) -> Any:
    if callable(how):
        return how(row)
    if isinstance(row, dict):
        return row[how]
    for name in how.split("."):
        row = getattr(row, name, None)
    return row() if callable(row) else row


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return localtime(value).replace(tzinfo=None)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or isinstance(value, int | float | dt.date):
        return "" if value is None else value
    return str(value)

"""Pages of a long list without counting it: one row more than is shown tells of a next page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SIZE = 25


@dataclass
class Page:
    rows: list[Any]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def page_of(queryset: Any, number: Any, size: int = SIZE) -> Page:
    """Page ``number`` (what the address says; nonsense is the first page) of a queryset."""
    number = int(number) if str(number).isdecimal() and 0 < int(number) < 10_000 else 1
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    return Page(rows[:size], number, len(rows) > size)

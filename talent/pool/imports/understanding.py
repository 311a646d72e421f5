"""A book as a clerk sees it: which of its tabs are lists of people, and where their headings are."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from qingchun.ground.refusals import Refused
from qingchun.ground.workbooks import reading
from qingchun.ground.workbooks.reading import Book
from talent.pool.imports import cells, columns
from talent.pool.imports.columns import Head, whole_heading

ONE_PERSON = "这像是一人一张的登记表，不是名单。请把每人一行列成一张表再上传，或者用“登记一位人才”一位一位填。"
PLACE = re.compile("(?:街道|街办|镇|乡)$")
SAMPLES = 3


@dataclass
class Tab:
    """One tab: the head that was found, and the first rows. ``is_same``: it goes with the first."""

    name: str
    head: Head
    top: list[list[Any]]
    is_same: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(any(row) for row in self.top)


def understand(book: Book, habits: dict[str, str]) -> list[Tab]:
    """The tabs that anything stands in, the best first. Raises: Refused where none is a list."""
    tabs = [_looked(book, name, habits) for name in book.tabs]
    tabs = [tab for tab in tabs if not tab.is_empty]
    if not tabs:
        raise Refused("表格是空的。请填写后再上传。")
    best = max(tabs, key=lambda tab: tab.head.known)  # of the best, the first
    if best.head.known < 2 and _is_one_persons(best.top):
        raise Refused(ONE_PERSON)
    for tab in tabs:
        if not tab.head.known:
            tab.head = _without_head(tab.top)
    for tab in tabs:
        tab.is_same = tab is best or _says(tab.head) == _says(best.head)
    return sorted(tabs, key=lambda tab: tab is not best)


def _looked(book: Book, name: str, habits: dict[str, str]) -> Tab:
    table = reading.read_table(book, name)
    top = list(islice(table.rows, reading.HEAD + SAMPLES))
    return Tab(name, columns.find_head(top[: reading.HEAD], table.merged, habits), top)


def _says(head: Head) -> list[str]:
    said = [whole_heading(heading) for heading in head.headings]
    while said and not said[-1]:
        said.pop()
    return said


def _is_one_persons(top: list[list[Any]]) -> bool:
    """Labels one below the other, with what they ask for beside them."""
    first = [str(row[0]) for row in top if row]
    beside = [str(row[2]) for row in top if len(row) > 2]
    return sum(bool(columns.built_in(text)) for text in (*first, *beside)) >= 3


def _without_head(top: list[list[Any]]) -> Head:
    """The first row is somebody already, where its cells say so; else it is taken for headings."""
    start = next(place for place, row in enumerate(top) if any(row))
    width, first = max(map(len, top)), top[start]
    guessed = [_guessed(cell) for cell in first] + [""] * (width - len(first))
    found = [key if guessed.index(key) == place else "" for place, key in enumerate(guessed)]
    if {"phone", "identity"} & set(found):
        return Head(start, 0, [""] * width, found, asks=True)
    said = [" ".join(str(cell).split())[:60] for cell in first] + [""] * (width - len(first))
    return Head(start, 1, said, [""] * width, asks=True)


def _guessed(cell: Any) -> str:
    text = cells.text_of(cell)
    if cells.phone(cell)[0]:
        return "phone"
    if cells.identity_number(cell)[0]:
        return "identity"
    if PLACE.search(text) and len(text) < 10:
        return "township"
    return "name" if 2 <= len(text) <= 4 and text.isalpha() and not text.isascii() else ""

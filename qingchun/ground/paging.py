"""Pages of a long list without counting it: one row more than is shown tells of a next page.

A list that grows without end is paged by the last row that was seen (``rows_after``): its page is
read from an index however far down it stands, and no row is skipped or seen twice while others
write. A short one is paged by number (``page_of``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from qingchun.ground.prepared import then

SIZE = 25
BETWEEN = "~"  # the values of a key in an address; none of ours has one
# What an address says of a page; each link says all of them anew.
NAMES = ("page", "end", "after", "before")


@dataclass
class Page:
    """``said``: which page it is, for people; the others: what the addresses of its neighbours say."""

    rows: list[Any]
    number: int
    has_next: bool
    said: str = ""
    previous: Mapping[str, Any] = field(default_factory=dict)
    next: Mapping[str, Any] = field(default_factory=dict)
    last: Mapping[str, Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    @property
    def has_previous(self) -> bool:
        return bool(self.previous)

    @property
    def is_beyond(self) -> bool:
        """Whether there is no such page: whoever asks for it is told so, not that nothing is there."""
        return self.number > 1 and not self.rows

    @property
    def has_other_pages(self) -> bool:
        return self.has_next or self.has_previous


def page_of(queryset: Any, number: Any, size: int = SIZE) -> Page:
    """Page ``number`` (what the address says; nonsense is the first page) of a queryset."""
    number = _whole(number)
    start = (number - 1) * size
    rows = list(queryset[start : start + size + 1])
    previous = _address(page=number - 1) if number > 1 else {}
    following = _address(page=number + 1)
    return Page(rows[:size], number, len(rows) > size, f"第 {number} 页", previous, following)


def rows_after(queryset: QuerySet[Any], asked: Mapping[str, Any], size: int = SIZE) -> Page:
    """The page that an address asks for, by the row that it follows or precedes.

    ``queryset``: ordered by plain columns, all up or all down, the last of them unique; rows given
    as values have them all. ``asked``: ``after`` or ``before`` with the key of a row, ``end`` for
    the last page; nonsense is the first page.
    """
    order = Order(queryset)
    after, before = order.read(asked.get("after")), order.read(asked.get("before"))
    from_end = _whole(asked["end"]) if asked.get("end") else 0
    is_backwards = after is None and (before is not None or from_end > 0)
    if key := after or before:
        found = order.beyond(queryset, key, is_backwards=is_backwards)
    else:
        found = queryset.reverse() if is_backwards else queryset
    rows = list(found[: size + 1])
    is_more, rows = len(rows) > size, rows[:size]
    if is_backwards:
        rows.reverse()
    has_previous = is_more if is_backwards else after is not None
    has_next = before is not None if is_backwards else is_more
    number = _whole(asked.get("page")) if has_previous else 1
    page = Page(rows, number, has_next, f"第 {number} 页")
    back: dict[str, Any] = {"page": number - 1}
    on: dict[str, Any] = {"page": number + 1}
    if from_end and has_previous:
        page.said = "最后一页" if from_end == 1 else f"倒数第 {from_end} 页"
        back, on = {"end": from_end + 1}, {"end": max(1, from_end - 1)}
    if has_previous:
        page.previous = _before(order, rows, back)
    if rows and has_next:
        page.next = _address(after=order.key(rows[-1])) | on
        page.last = _address(end=1)
    return page


def _beyond(found: QuerySet[Any], how: tuple[Any, ...], *key: Any) -> QuerySet[Any]:
    compare, *names = how
    return found.filter(compare(Tuple(*map(F, names)), list(key)))


def _before(order: "Order", rows: list[Any], back: dict[str, Any]) -> dict[str, Any]:
    if not rows:  # what was there is gone
        return _address(end=1)
    if back.get("page", 2) <= 1:  # the first one, with all that has come on top of it
        return _address()
    return _address(before=order.key(rows[0])) | back


def _address(**said: Any) -> dict[str, Any]:
    return dict.fromkeys(NAMES) | said


def _whole(text: Any) -> int:
    is_one = str(text).isdecimal() and len(str(text)) < 10  # no list has more pages
    return max(1, int(text)) if is_one else 1


class Order:
    """By which columns a queryset is ordered, and what comes before and after one of its rows."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        names = list(queryset.query.order_by or queryset.model._meta.ordering)
        self.is_down = names[0].startswith("-")
        if any(name.startswith("-") != self.is_down for name in names):
            raise ValueError("a list is paged by columns that all go one way")
        meta = queryset.model._meta
        self._fields: list[Any] = [
            meta.pk if name.endswith("pk") else meta.get_field(name.removeprefix("-"))
            for name in names
        ]
        self.names = [one.name for one in self._fields]

    def beyond(
        self, queryset: QuerySet[Any], key: list[Any], *, is_backwards: bool
    ) -> QuerySet[Any]:
        """The rows after the one of this key, or those before it, nearest first."""
        compare = TupleGreaterThan if self.is_down is is_backwards else TupleLessThan
        found = then(queryset, _beyond, (compare, *self.names), *key)
        return found.reverse() if is_backwards else found

    def key(self, row: Any) -> str:
        values = [row[name] if isinstance(row, dict) else getattr(row, name) for name in self.names]
        texts = (str(one) if isinstance(one, int | UUID) else one.isoformat() for one in values)
        return BETWEEN.join(texts)

    def read(self, text: Any) -> list[Any] | None:
        """The values of a key; None where it is none."""
        parts = str(text or "").split(BETWEEN)
        if len(parts) != len(self._fields):
            return None
        try:
            return [one.to_python(part) for one, part in zip(self._fields, parts, strict=True)]
        except ValidationError:
            return None

"""In which order a list stands: one of those that it is declared to have, as its address says."""

from collections.abc import Mapping, Sequence
from typing import Any

from qingchun.ground.paging import NAMES


class Sorting:
    """``ways``: name → columns, as they stand when that order is chosen; the first is the list's own.
    ``sort=held`` asks for one, ``sort=-held`` for its reverse; nonsense is the first.

    A list that grows without end has such orders alone as an index serves: its columns go all one
    way, the last of them unique (``rows_after``).
    """

    def __init__(self, asked: Mapping[str, str], ways: Mapping[str, Sequence[str]]) -> None:
        wanted = str(asked.get("sort", ""))
        key = wanted.removeprefix("-")
        self.ways = ways
        self.key = key if key in ways else next(iter(ways))
        self.is_reverse = wanted.startswith("-") and key in ways

    @property
    def columns(self) -> list[str]:
        return [_turned(name) if self.is_reverse else name for name in self.ways[self.key]]

    def of(self, found: Any) -> Any:
        """A queryset, prepared or not, in this order."""
        return found.order_by(*self.columns)

    def link(self, key: str, address: Any) -> str:
        """The query that asks for an order; for its reverse, where it is that already.

        ``address``: the page's ``QueryDict``.
        """
        asked = address.copy()
        for name in NAMES:
            asked.pop(name, None)
        asked["sort"] = f"-{key}" if key == self.key and not self.is_reverse else key
        return f"?{asked.urlencode()}"

    def direction(self, key: str) -> str:
        """As ``aria-sort`` says it; "" where the list does not stand in this order."""
        if key != self.key:
            return ""
        return "descending" if self.columns[0].startswith("-") else "ascending"


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"

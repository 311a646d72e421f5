"""What somebody looks for, as they typed it: words of which each is to be held, or to be said so."""

import re
from collections.abc import Iterator
from functools import cached_property, reduce
from itertools import product
from operator import or_
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from qingchun.ground.letters import alike
from qingchun.ground.pairs import pair_marks, pairs_in, place_in, plain
from qingchun.ground.pinyin import asked_by, is_letters, pattern_of, ways_of
from qingchun.ground.prepared import then
from qingchun.ground.shapes import Unread

LONGEST, MOST_WORDS, MOST_WAYS = 40, 4, 8


class Sought:
    """Several words stand apart; where one is a single character, they are one: 张 三 is a name."""

    def __init__(self, typed: str) -> None:
        self.typed = alike(typed).strip()
        parts = list(filter(None, map(plain, self.typed.split())))
        is_one = len(parts) > MOST_WORDS or any(len(part) < 2 for part in parts)
        self.words: list[str] = (["".join(parts)] if is_one else parts) if parts else []

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def wrong(self) -> str:
        """Why it cannot be looked for, in words."""
        if len(self.typed) > LONGEST:
            return f"最多写 {LONGEST} 个字，现在有 {len(self.typed):,} 个。请只留最要紧的几个字。"
        if self.typed and len(self.text) < 2:
            return "一个字找出来的太多，请再多写一个字。"
        return ""

    @cached_property
    def patterns(self) -> dict[str, str]:
        """Word → the regular expression of texts that are said so; of those that are pinyin."""
        found = {word: pattern_of(word) for word in self.words if is_letters(word)}
        return {word: pattern for word, pattern in found.items() if pattern}

    def is_in(self, *texts: str) -> bool:
        """Whether some texts hold it; the first may be said so."""
        held = [plain(text) for text in texts]
        return bool(self.words) and all(
            any(word in text for text in held)
            or (word in self.patterns and re.search(self.patterns[word], held[0]))
            for word in self.words
        )

    @property
    def _shape(self) -> tuple[bool, ...]:
        """Of each word whether it has a pattern."""
        return tuple(word in self.patterns for word in self.words)

    @property
    def _values(self) -> Iterator[str]:
        """The words, each with its pattern."""
        for word in self.words:
            yield Unread(word)
            if word in self.patterns:
                yield Unread(self.patterns[word])

    def among(self, found: Any, *columns: str, said: str = "", equal: Any = None) -> Any:
        """Those of ``found`` (a queryset, or one prepared) that hold it in some columns. ``said``: the
        column that may be said so; by that alone, a name's, where there are no others. ``equal``:
        (column, value) of which those with this value are found too; or (function, value), which
        makes a condition."""
        fixed = columns, said, equal and equal[0], self._shape
        return then(found, _among, fixed, *self._values, *(equal or ())[1:])

    def held(self, *texts: Any, said: str = "") -> Q:
        """The same as a condition. ``texts``: columns by name, or expressions."""
        columns = [F(text) if isinstance(text, str) else text for text in texts]
        return _held(columns, said, self._shape, iter(self._values))

    def marks(self, realm: str) -> list[list[int]]:
        """What rows are looked up by: those that have all of any of these. Words that would make too
        many of them are left to whoever reads the rows."""
        ways = sorted((list(_ways(word, realm)) for word in self.words), key=len)
        together: list[set[int]] = [set()]
        for some in ways:
            if together == [set()] or len(together) * len(some) <= MOST_WAYS:
                together = [one | other for one, other in product(together, some)]
        return [sorted(marks) for marks in together]

    def marked(self, column: str, realm: str) -> Q:
        return reduce(or_, (Q(**{f"{column}__contains": one}) for one in self.marks(realm)), Q())


def _ways(word: str, realm: str) -> Iterator[set[int]]:
    yield set(pairs_in([word], realm))
    if is_letters(word):
        yield from (set(pair_marks(asked_by(way), realm)) for way in ways_of(word))


def _among(found: Any, fixed: tuple[Any, ...], *values: Any) -> Any:
    columns, said, equal, shape = fixed
    given = iter(values)
    held = _held([F(column) for column in columns], said, shape, given)
    if not equal:
        return found.filter(held)
    also = equal(next(given)) if callable(equal) else Q(**{equal: next(given)})
    return found.filter(held | also)


def _held(columns: list[Any], said: str, shape: tuple[bool, ...], values: Iterator[Any]) -> Q:
    every = Q()
    for has_pattern in shape:
        word = str(next(values))
        place = place_in(columns, word) if columns else StrIndex(F(said), Value(word))
        held = Q(GreaterThan(place, 0))
        if has_pattern and (pattern := str(next(values))) and said:
            held |= Q(**{f"{said}__regex": pattern})
        every &= held
    return every

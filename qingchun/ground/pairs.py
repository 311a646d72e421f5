"""Free text is searched by keyed pairs of characters, in each realm (a county) by its own.

A pair of one realm is another number in the next one, so a search of one reads the entries of that
realm alone, and who sees the numbers cannot count how often a word is used anywhere.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.functions import StrIndex

from qingchun.ground.letters import alike
from qingchun.ground.pinyin import sounds_of
from qingchun.ground.sealing import blind_index

APART = "\x1f"  # stands between two texts; nobody can type it


def plain(text: str) -> str:
    """Full-width and half-width, capital and small letters are the same; spaces do not count."""
    return "".join(alike(text).casefold().split())


@lru_cache(maxsize=200_000)
def pair_mark(realm: str, pair: str) -> int:
    return blind_index(f"{realm}{pair}", "words", size=4)


def pairs_in(texts: Iterable[str], realm: str, said: str = "") -> list[int]:
    """The marks of all pairs in some texts, sorted; no pair spans two of them.

    ``said``: a text that is found by its pinyin as well.
    """
    found: set[str] = set(sounds_of(plain(said)))
    for text in texts:
        text = plain(text)
        found.update(map("".join, pairwise(text)))
    return pair_marks(found, realm)


def pair_marks(pairs: Iterable[str], realm: str) -> list[int]:
    return sorted({pair_mark(realm, pair) for pair in pairs})


def place_in(texts: list[Any], text: str) -> StrIndex:
    """Where a plain text stands in some columns, 0 where it does not.

    Pairs find a little too much: in another order, or by chance the same number. Asked for by
    place, not by LIKE: of a LIKE the planner expects next to nothing, and then looks everything up
    instead of reading the newest rows until a page is full.
    """
    together = Func(Value(APART), *texts, function="concat_ws", output_field=TextField())
    plain_texts = Func(
        Func(
            together, template="lower(normalize(%(expressions)s, NFKC))", output_field=TextField()
        ),
        Value(r"\s"), Value(""), Value("g"),
        function="regexp_replace", output_field=TextField(),
    )  # fmt: skip
    return StrIndex(plain_texts, Value(text))

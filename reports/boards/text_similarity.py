"""How much of a text stands word for word in another: evidence to look at, never a mark.

Texts are cut into runs of ``RUN`` characters, one beginning at each; what is shared are the runs
that stand in both. Punctuation, spaces and the width of letters do not count, since they are what
a copy changes first. Pure: texts in, numbers and places out.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix

from qingchun.ground.letters import alike

RUN = 13  # longer than any name of an activity in the notice
FACTOR = np.uint64(0x9E3779B97F4A7C15)


@cache
def _plain():
    """Each letter of the basic plane → the one it is compared as, 0 where it does not count."""
    table = np.zeros(0x10000, dtype=np.uint64)
    for code in range(0x10000):
        letter = alike(chr(code))[:1].lower()[:1]
        if letter.isalnum():
            table[code] = ord(letter)
    return table


def letters(text):
    """(the letters and digits of a text, where each stands in it), as arrays."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    plain = np.where(codes < 0x10000, _plain()[np.minimum(codes, 0xFFFF)], codes)
    places = np.flatnonzero(plain)
    return plain[places], places


def runs(codes):
    """A hash of each run of letters, in the order in which they begin; 64 bits, so as good as
    the run itself."""
    count = len(codes) - RUN + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    found = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for place in range(RUN):
            found = found * FACTOR + codes[place : place + count]
    return found


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; ``source`` names where else it stands, empty where it is one's own."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class TextSimilarity:
    """``share``: of a hundred letters so many stand elsewhere; ``by_source``: in each source."""

    pieces: tuple
    share: int
    by_source: dict

    def __bool__(self):
        return bool(self.by_source)


def compare(text, sources, own=()):
    """Where a text repeats others. ``sources``: name → text, the first that holds a place names it.

    ``own``: sentences that the portal itself wrote into it; they are nobody's copy.
    """
    codes, places = letters(text)
    mine = runs(codes)
    covered = np.full(len(codes), -1, dtype=np.int64)
    by_source = {}
    free = _free(text, codes, places, own)
    for number, (name, other) in enumerate(sources.items()):
        theirs = runs(letters(other)[0])
        starts = np.flatnonzero(np.isin(mine, theirs))
        here = np.zeros(len(codes), dtype=bool)
        for offset in range(RUN):
            here[starts + offset] = True
        here &= free
        if here.any():
            by_source[name] = round(100 * here.sum() / max(1, free.sum()))
            covered[here & (covered < 0)] = number
    names = [*sources]
    pieces = _pieces(text, places, covered, names)
    return TextSimilarity(pieces, round(100 * (covered >= 0).sum() / max(1, free.sum())), by_source)


def _free(text, codes, places, own):
    free = np.ones(len(codes), dtype=bool)
    for sentence in own:
        start = text.find(sentence)
        while sentence and start >= 0:
            free &= ~((places >= start) & (places < start + len(sentence)))
            start = text.find(sentence, start + len(sentence))
    return free


def _pieces(text, places, covered, names):
    """The text cut where the source changes; what stands between letters goes with the one before."""
    of_place = np.full(len(text), -2, dtype=np.int64)
    of_place[places] = covered
    pieces, current, start = [], None, 0
    last = -1
    for place in range(len(text)):
        last = of_place[place] if of_place[place] != -2 else last
        if last != current:
            if place > start:
                pieces.append(Piece(text[start:place], names[current] if current >= 0 else ""))
            current, start = last, place
    if len(text) > start:
        pieces.append(
            Piece(text[start:], names[current] if current is not None and current >= 0 else "")
        )
    return tuple(pieces)


def pairwise(texts):
    """shares[i, j]: of the runs of text i so many of a hundred stand in text j; all pairs at once."""
    found = [np.unique(runs(letters(text)[0])) for text in texts]
    sizes = np.array([len(one) for one in found])
    values, rows = np.concatenate(found), np.repeat(np.arange(len(texts)), sizes)
    order = np.argsort(values)
    values, rows = values[order], rows[order]
    # What stands in one text alone is shared with none: it only counts for its own size.
    same = np.r_[values[1:] == values[:-1], False][: len(values)]
    is_shared = same | np.r_[False, same[:-1]][: len(values)]
    values, rows = values[is_shared], rows[is_shared]
    columns = np.cumsum(np.r_[False, values[1:] != values[:-1]][: len(values)])
    shape = (len(texts), int(columns[-1]) + 1 if len(columns) else 1)
    table = csr_matrix((np.ones(len(rows), dtype=np.int32), (rows, columns)), shape=shape)
    shared = (table @ table.T).toarray().astype(float)
    np.fill_diagonal(shared, sizes)
    return 100 * shared / np.maximum(sizes, 1)[:, None]

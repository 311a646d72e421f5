"""What free text is searched by: keyed pairs of characters, for each county its own.

A pair of one county is another number in the next one, so a county's search reads the entries
of that county alone, and who sees the numbers cannot count how often a word is used anywhere.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise

from qingchun.ground.sealing import mark
from qingchun.organizations.codes import county_of

# The fields of a record that are searched, each for itself: no pair spans two of them.
FIELDS = (
    "name", "village", "experience", "doing", "lives_at", "project", "project_field",
    "support_text", "skills",
)  # fmt: skip


def plain(text):
    """Full-width and half-width, capital and small letters are the same; spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=200_000)
def pair_mark(county, pair):
    return mark(f"{county}{pair}", "words", size=4)


def pairs_in(texts, county):
    """The marks of all pairs in some texts, sorted."""
    found = set()
    for text in texts:
        text = plain(text)
        found.update(map("".join, pairwise(text)))
    return sorted(pair_mark(county, pair) for pair in found)


def texts_of(record):
    for name in FIELDS:
        value = getattr(record, name)
        yield from value if isinstance(value, list) else [value]


def pairs_of(record):
    return pairs_in(texts_of(record), county_of(record.organization_id))

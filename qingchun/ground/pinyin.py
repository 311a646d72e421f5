"""What is written in characters, found by the letters of its pinyin: ``xiaodian``, ``xdq``, ``xiaodq``.

The readings are those of the package pypinyin, read from its table of single characters alone: its
phrases take tens of megabytes. Several readings are all right: 单 is found by ``dan`` and by ``shan``.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise, product
from pathlib import Path

FIRST, LAST, MOST_READINGS = 0x4E00, 0x9FFF, 3
TWO = ("zh", "ch", "sh")  # what a syllable begins with may be two letters
TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvvnnnm")
# Usual in names, though in no list of usual characters.
OF_NAMES = frozenset("喆堃垚燚祎玥珺昇淏骉翀赟犇睿瑄玮晞曈彧旻昉琤璟翊祺茜芃妤婕婳嫣懿鑫")
SAID = re.compile("(?=.*[aeiouv])[a-z]+$")  # not 嗯, which is no more than n
MOST_WAYS = 4  # of taking letters apart: xian is 西安 as well
MOST_INITIALS = 12  # letters that are nothing but the first ones of so many characters


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """Character → how it is said, without tones, the most usual first; ü is v."""
    found = find_spec("pypinyin")
    if found is None or not found.submodule_search_locations:
        return {}
    table = Path(next(iter(found.submodule_search_locations)), "pinyin_dict.json")
    said: dict[str, tuple[str, ...]] = {}
    same: dict[str, tuple[str, ...]] = {}
    for number, tones in json.loads(table.read_text(encoding="utf-8").translate(TONES)).items():
        if FIRST <= int(number) <= LAST:
            if (ways := same.get(tones)) is None:
                ways = tuple(dict.fromkeys(filter(SAID.match, tones.split(","))))
                ways = same[tones] = ways[:MOST_READINGS]
            said[chr(int(number))] = ways
    return said


@cache
def _syllables() -> dict[str, str]:
    """Syllable → the characters that may be said so."""
    found: dict[str, list[str]] = {}
    for character, ways in readings().items():
        for way in ways:
            found.setdefault(way, []).append(character)
    return {way: "".join(characters) for way, characters in found.items()}


@lru_cache(maxsize=512)
def _begins(letters: str) -> str:
    """The characters that are said so or begin so. Of what only begins so, those that are usual: of
    thousands an expression takes long to be made."""
    found = set(_syllables().get(letters, ""))
    for way, characters in _syllables().items():
        if way.startswith(letters):
            found.update(filter(_is_usual, characters))
    return "".join(sorted(found))


@cache
def _is_usual(character: str) -> bool:
    return character in OF_NAMES or len(character.encode("gb2312", "ignore")) > 0


def is_letters(text: str) -> bool:
    """Whether a plain text could be pinyin."""
    return len(text) > 1 and text.isascii() and text.isalpha()


@lru_cache(maxsize=512)
def ways_of(letters: str) -> tuple[tuple[str, ...], ...]:
    """How letters may be taken apart, each part one character: whole syllables, else what they begin
    with, and at the end what is not typed to its end. Those of the most whole syllables; and each
    letter for itself."""
    found: list[tuple[str, ...]] = []
    for count in range(1, len(letters) + 1):
        found += _in_parts(letters, count)
    fewest = min(map(_initials, found), default=0)
    best = [way for way in found if _initials(way) == fewest][:MOST_WAYS]
    alone = tuple(letters)
    if alone not in best and len(letters) <= MOST_INITIALS and all(map(_begins, alone)):
        best.append(alone)
    return tuple(best)


@lru_cache(maxsize=4096)
def _in_parts(letters: str, count: int) -> list[tuple[str, ...]]:
    if count == 1:
        return [(letters,)] if _begins(letters) else []
    found: list[tuple[str, ...]] = []
    for size in range(min(6, len(letters) - count + 1), 0, -1):
        part = letters[:size]
        is_one = part in _syllables() or part in TWO or (size == 1 and _begins(part))
        if is_one and len(letters) - size <= 6 * (count - 1):
            found += [(part, *rest) for rest in _in_parts(letters[size:], count - 1)]
    found.sort(key=_initials)
    return found[:MOST_WAYS]


def _initials(way: tuple[str, ...]) -> int:
    return sum(part not in _syllables() for part in way)


def pattern_of(letters: str) -> str:
    """A regular expression (of PostgreSQL and of Python) for texts in which characters stand that are
    said so; empty where nothing can be."""
    ways = [way for way in ways_of(letters) if _initials(way) <= MOST_INITIALS]
    return "|".join(
        "".join(f"[{some}]" for some in map(_characters, way, _lasts(way))) for way in ways
    )


def _lasts(way: tuple[str, ...]) -> Iterator[bool]:
    """Of which of its parts it may not be typed to its end: of the last of several."""
    return (at == len(way) - 1 > 0 for at in range(len(way)))


def _characters(part: str, is_last: bool) -> str:
    whole = _syllables().get(part)
    return _begins(part) if is_last or whole is None else whole


def sounds_of(text: str) -> Iterator[str]:
    """What a text is looked up by: its syllables, and of each two neighbours both, and their first
    letters."""
    known = readings()
    for character in text:
        yield from known.get(character, ())
    for two in pairwise(text):
        for one, other in product(*(known.get(character, ()) for character in two)):
            yield f"{one} {other}"
            yield f"{one[0]} {other[0]}"


def asked_by(way: tuple[str, ...]) -> set[str]:
    """What a text has of ``sounds_of`` that is said so."""
    if len(way) == 1:
        return set(way)
    whole, last = _syllables(), len(way) - 2
    return {
        f"{one} {other}"
        if one in whole and other in whole and (at < last or _is_ended(other))
        else f"{one[0]} {other[0]}"
        for at, (one, other) in enumerate(pairwise(way))
    }


@cache
def _is_ended(syllable: str) -> bool:
    return sum(way.startswith(syllable) for way in _syllables()) == 1

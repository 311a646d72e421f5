"""A unit by what people call it, see ``OrganizationName``.

A name may begin with those of the units that it lies in, as 太原小店 does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from qingchun.ground.province import HOME
from qingchun.organizations import gazetteer
from qingchun.organizations.choices import NameKind
from qingchun.organizations.codes import above
from qingchun.organizations.gazetteer import Gazetteer
from qingchun.organizations.models import Organization
from qingchun.organizations.spelling import fold

MOST_SHOWN = 5
MOST_OFFERED = 300
MOST_LIKE_IT = 400
LONGEST = 40
# Of less there are hundreds of villages.
LEAST_CHARACTERS, LEAST_LETTERS = 2, 4

VILLAGE = ("", "村", "社区", "cun", "shequ")
LONGEST_PART, MOST_WAYS = 20, 12
OF_VILLAGES = NameKind.values.index(NameKind.VILLAGE)


class UnitUnclear(Exception):
    """The message says what is wrong with the name, and what it could mean."""


@dataclass(frozen=True)
class Called:
    """A unit, and the one of its names that fits best."""

    code: str
    name: str
    level: str
    above: str
    called: str
    kind: str
    years: str
    is_longer: bool  # than what was asked for
    total: int  # how many units are called so

    @property
    def fit(self) -> tuple[bool, str]:
        return self.is_longer, self.kind

    @property
    def beside(self) -> str:
        """What is said beside its name, where it was found by another."""
        when = f"（{self.years}）" if self.years else ""
        said = {
            NameKind.FORMER: f"原{self.called}{when}",
            NameKind.POPULAR: f"又叫{self.called}",
            NameKind.VILLAGE: self.called,
        }
        return said.get(NameKind(self.kind), "")


def called(
    words: str,
    *,
    most: int,
    scope: str = HOME.code,
    levels: Sequence[str] = (),
    staff: bool = False,
) -> list[Called]:
    """Units at and below ``scope``, best first. ``staff`` find those that nobody lives in as well, by
    what their committees are called too, and no villages: a village is not what they work for."""
    wanted = fold(words)[:LONGEST]
    if not wanted:
        return []
    least = LEAST_LETTERS if wanted.isascii() else LEAST_CHARACTERS
    kinds = [NameKind.OFFICIAL, NameKind.POPULAR, NameKind.FORMER]
    kinds += [NameKind.COMMITTEE] if staff else [NameKind.VILLAGE] * (len(wanted) >= least)
    book = gazetteer.kept()
    ways = _ways(book, wanted)
    found = []
    for unit, best in _best(book, ways, kinds).items():
        place = book.units[unit]
        is_lived_in = staff or place.is_public
        if is_lived_in and place.code.startswith(scope) and (not levels or place.level in levels):
            found.append((place, *best))
    # Whole names first; then counties before townships before villages.
    found.sort(
        key=lambda one: (one[1], len(one[0].code) + (one[2] == OF_VILLAGES), one[2], one[0].code)
    )
    return [
        Called(
            unit.code, unit.name, unit.level, unit.above or "", name, NameKind.values[kind],
            book.years.get(fact, ""), is_longer, len(found),
        )
        for unit, is_longer, kind, _, name, fact in found[:most]
    ]  # fmt: skip


def _best(
    book: Gazetteer, ways: list[tuple[str, str]], kinds: Sequence[str]
) -> dict[int, tuple[bool, int, int, str, int]]:
    """Unit's place in the book → the best of its names that begin so, as (whether it is longer than
    what was asked for, its kind, how long it is, what it is, number of the fact)."""
    best: dict[int, tuple[bool, int, int, str, int]] = {}
    wholes = {rest for _, rest in ways}
    whole_villages = {rest + end for rest in wholes for end in VILLAGE}
    wanted = {NameKind.values.index(kind) for kind in kinds}
    sorts = [(book.others, wholes)]
    if OF_VILLAGES in wanted:
        sorts.append((book.villages, whole_villages))
    for (spelled, whole), (unit, rest) in product(sorts, ways):
        for number in spelled.beginning(rest):
            fact = spelled.facts[number]
            kind, place = book.kinds[fact], book.of[fact]
            if kind in wanted and book.units[place].code.startswith(unit):
                name = book.names[fact]
                one = (spelled[number] not in whole, kind, len(name), name, fact)
                if place not in best or one < best[place]:
                    best[place] = one
    return best


def _ways(book: Gazetteer, wanted: str) -> list[tuple[str, str]]:
    """[(unit, what is asked for at or below it)]: the whole, and what is left after units' names."""
    ways = new = [(HOME.code, wanted)]
    outer: dict[str, list[str]] = {}
    while new:
        for part in {rest[:size] for _, rest in new for size in _sizes(rest)} - outer.keys():
            outer[part] = book.led_by(part)
        new = [
            (inner, rest[size:])
            for unit, rest in new
            for size in _sizes(rest)
            for inner in outer[rest[:size]]
            if inner.startswith(unit)
        ]
        ways = [*ways, *new][:MOST_WAYS]
    return ways


def _sizes(rest: str) -> range:
    """How many of its characters could be the name of what it lies in; two are left at least."""
    return range(2, min(len(rest) - 1, LONGEST_PART))


class UnitFinder:
    """Finds active units at and below ``scope``, by whatever they are called."""

    def __init__(self, scope, levels=()):
        self.scope, self.levels = scope, levels

    def offered(self):
        """What a field may offer to choose from, nearest first."""
        tree = list(Organization.objects.values_list("code", "name", "level", "closed_on"))
        wanted = [
            code
            for code, _, level, closed_on in tree
            if code.startswith(self.scope) and not closed_on
            if not self.levels or level in self.levels
        ]
        nearest = sorted(wanted, key=lambda code: (len(code), code))[:MOST_OFFERED]
        return _paths(nearest, {code: name for code, name, *_ in tree})

    def find(self, words):
        """The unit that is called so: a whole name goes before the beginning of one, and its name of
        today before one of before; of several nothing is guessed.

        Raises: UnitUnclear, saying which it could be.
        """
        found = called(words, scope=self.scope, levels=self.levels, staff=True, most=MOST_LIKE_IT)
        best = [one for one in found if one.fit == found[0].fit]
        if len(best) == 1:
            return Organization.objects.get(pk=best[0].code)
        if best:
            raise UnitUnclear(_could_be([one.code for one in best]))
        raise UnitUnclear(
            "没有这个单位。请写本单位或下级单位的名称，如“小店区”，也可以写拼音或首字母。"
        )


def _paths(codes, names):
    """``太原市小店区坞城街道``, from the city down, of each."""
    return [
        "".join(names[one] for one in (*above(code)[1:], code) if one in names) for code in codes
    ]


def _could_be(codes):
    more = " 等" if len(codes) > MOST_SHOWN else ""
    names = dict(Organization.objects.values_list("code", "name"))
    listed = "、".join(_paths(codes[:MOST_SHOWN], names))
    return f"有 {len(codes)} 个单位都这样叫，请写全：{listed}{more}。"

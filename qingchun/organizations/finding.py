"""A unit by what people call it, see ``OrganizationName``.

A name may begin with those of the units that it lies in, as 太原小店 does.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qingchun.ground.province import HOME
from qingchun.organizations.choices import NameKind
from qingchun.organizations.codes import above
from qingchun.organizations.models import Organization
from qingchun.organizations.spelling import fold

MOST_SHOWN = 5
MOST_OFFERED = 300
MOST_LIKE_IT = 400
LONGEST = 40
# Of less there are hundreds of villages.
LEAST_CHARACTERS, LEAST_LETTERS = 2, 4

# The names that what is asked for may begin with, and how it may go on after each.
OUTER = """
SELECT DISTINCT unit_id, text FROM organizations_organizationname
WHERE text = ANY (%(parts)s) AND kind IN ('official', 'popular', 'former')
  AND spelling IN ('characters', 'pinyin')
"""
# The best name of each unit that begins so: whole names go first, then counties before townships
# before villages.
CALLED = """
WITH found AS (
    SELECT DISTINCT ON (unit_id) unit_id, name, kind, years,
        NOT text = ANY (CASE kind WHEN 'village' THEN %(villages)s ELSE %(wholes)s END) AS is_longer,
        array_position(ARRAY['official', 'committee', 'popular', 'former', 'village'], kind::text) AS nth
    FROM organizations_organizationname
    WHERE ({ways}) AND unit_id >= %(scope)s AND unit_id < %(scope)s || ':'
      AND kind = ANY (%(kinds)s)
    ORDER BY unit_id, is_longer, nth, length(name), name
)
SELECT unit.code, unit.name, unit.level, outer_unit.name, found.name, found.kind, found.years,
    found.is_longer, count(*) OVER ()
FROM found JOIN organizations_organization unit ON unit.code = found.unit_id
LEFT JOIN organizations_organization outer_unit ON outer_unit.code = unit.parent_id
WHERE unit.closed_on IS NULL AND (unit.is_public OR NOT %(public)s)
  AND (unit.level = ANY (%(levels)s) OR cardinality(%(levels)s::text[]) = 0)
ORDER BY found.is_longer, length(unit.code) + (found.kind = 'village')::int, found.nth, unit.code
LIMIT %(most)s
"""
WAY = """(text >= %(rest{0})s AND text < %(end{0})s
    AND unit_id >= %(unit{0})s AND unit_id < %(unit{0})s || ':')"""
VILLAGE = ("", "村", "社区", "cun", "shequ")
LAST = "\U0010ffff"
LONGEST_PART, MOST_WAYS = 20, 12


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
    with connection.cursor() as cursor:
        ways = _ways(cursor, wanted)
        rests = [rest for _, rest in ways]
        asked = {
            "scope": scope, "kinds": kinds, "public": not staff, "levels": list(levels), "most": most,
            "wholes": rests, "villages": [rest + end for rest in rests for end in VILLAGE],
        }  # fmt: skip
        terms = []
        for number, (unit, rest) in enumerate(ways):
            terms.append(WAY.format(number))
            asked |= {f"rest{number}": rest, f"end{number}": rest + LAST, f"unit{number}": unit}
        cursor.execute(CALLED.format(ways=" OR ".join(terms)), asked)
        return [Called(*row) for row in cursor.fetchall()]


def _ways(cursor: Any, wanted: str) -> list[tuple[str, str]]:
    """[(unit, what is asked for at or below it)]: the whole, and what is left after units' names."""
    ways = new = [(HOME.code, wanted)]
    while parts := list({rest[:size] for _, rest in new for size in _sizes(rest)}):
        cursor.execute(OUTER, {"parts": parts})
        outer = defaultdict(list)
        for unit, text in cursor.fetchall():
            outer[text].append(unit)
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

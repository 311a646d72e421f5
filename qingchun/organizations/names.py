"""Which names each unit has, and how they are written to be found: see ``OrganizationName``."""

import io
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from django.db import connection, transaction

from qingchun.ground.province import HOME, table, villages
from qingchun.organizations.choices import NameKind, Spelling
from qingchun.organizations.codes import above
from qingchun.organizations.models import Organization, OrganizationName
from qingchun.organizations.spelling import (
    Said,
    fold,
    initials_of,
    letters_of,
    parts,
    said_at_once,
    said_by_rule,
    stem,
)

# The sources of what no table of the province says, but a newer list of units did.
RENAMED, CLOSED = "区划名单更新：更名", "区划名单更新：撤并"
MANY = 1000
SHORTEST_REST = 3  # of a name without that of the county: 街道 is none


class Fact(NamedTuple):
    """A name of a unit."""

    code: str
    name: str
    kind: str
    years: str = ""
    source: str = ""


FIELDS = ("unit_id", "name", "kind", "years", "source", "spelling", "text")


@transaction.atomic
def refresh(renamed: Iterable[Fact] = ()) -> None:
    """Make the names what the tree and the province's tables say, as often as one likes.

    ``renamed``: what units were called until now.
    """
    stored = {row[1:]: row[0] for row in OrganizationName.objects.values_list("pk", *FIELDS)}
    remembered = {Fact(*row[: len(Fact._fields)]) for row in stored}
    remembered = {fact for fact in remembered if fact.source == RENAMED}
    units = Organization.objects.in_bulk()
    wanted = {
        (*fact, *written)
        for fact in _facts(units, remembered.union(renamed))
        for written in _written(fact, units)
    }
    gone = [pk for row, pk in stored.items() if row not in wanted]
    OrganizationName.objects.filter(pk__in=gone).delete()
    new = sorted(wanted - stored.keys())
    with connection.cursor() as cursor:
        copy = f"COPY {OrganizationName._meta.db_table} ({', '.join(FIELDS)}) FROM STDIN"
        cursor.copy_expert(copy, io.StringIO("".join("\t".join(row) + "\n" for row in new)))
        if len(gone) + len(new) > MANY:  # or the planner takes the table for an empty one
            cursor.execute(f"ANALYZE {OrganizationName._meta.db_table}")


def _facts(units: dict[str, Organization], remembered: set[Fact]) -> set[Fact]:
    found = set()
    for code, unit in units.items():
        if not unit.closed_on:
            found.add(Fact(code, unit.name, NameKind.OFFICIAL))
            found.add(Fact(code, unit.full_name, NameKind.COMMITTEE))
            found.add(Fact(code, unit.short_name, NameKind.COMMITTEE))
    listed = (Fact(**row) for row in table("names.csv"))
    closed = (
        Fact(unit.code, unit.name, NameKind.FORMER, f"{unit.closed_on.year}年以前", CLOSED)
        for unit in units.values()
        if unit.closed_on
    )
    below = (
        Fact(code, name, NameKind.VILLAGE) for code, names in villages().items() for name in names
    )
    for fact in chain(listed, remembered, closed, below):
        heir = _heir(fact.code, units)
        if heir and fact.name != heir.name:
            found.add(fact._replace(code=heir.code))
    return found


def _heir(code: str, units: dict[str, Organization]) -> Organization | None:
    """Who has the names of a unit now: whoever does its work, or else the unit above it."""
    unit = units.get(code)
    while unit is not None and unit.closed_on:
        unit = units.get(unit.succeeded_by_id or unit.parent_id or "")
    return unit


@cache
def _listed() -> dict[str, Said]:
    return {row["name"]: parts(row["said"]) for row in table("readings.csv")}


def _written(fact: Fact, units: dict[str, Organization]) -> set[tuple[str, str]]:
    """{(spelling, text)}."""
    found: set[tuple[str, str]] = {(Spelling.CHARACTERS, fold(fact.name))}
    if fact.kind == NameKind.COMMITTEE:
        return found
    if fact.kind == NameKind.VILLAGE:
        said = said_at_once(fact.name)
        return found.union((Spelling.PINYIN, text) for text in letters_of(said))
    said = _listed().get(fact.name) or said_by_rule(fact.name)[0]
    for start, end in _shorter(fact, units):
        found.add((Spelling.CHARACTERS, fold(fact.name[start:end])))
        found.update((Spelling.PINYIN, text) for text in letters_of(said[start:end]))
        found.update((Spelling.INITIALS, text) for text in initials_of(said[start:end]))
    if fact.kind == NameKind.OFFICIAL:
        found.add((Spelling.CODE, fact.code))
    return found


def _shorter(fact: Fact, units: dict[str, Organization]) -> Iterator[tuple[int, int]]:
    """The name and its parts that are a name too: without the ending, and without those of the units
    that it lies in, 康庄综合服务中心 for 长治市屯留区康庄综合服务中心."""
    name, start = fact.name, 0
    outer = [HOME.short, *(units[code].name for code in above(fact.code) if code in units)]
    for one in outer:
        longer = one if name.startswith(one, start) else stem(one)
        if name.startswith(longer, start) and len(name) - start - len(longer) >= SHORTEST_REST:
            start += len(longer)
    for begin in {0, start}:
        for end in {len(name), begin + len(stem(name[begin:]))}:
            yield begin, end

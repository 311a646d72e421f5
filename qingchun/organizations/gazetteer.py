"""What places are called, as each process holds it: sorted, some megabytes, so that a name is found
without a search in the database. Whether a name or a unit has changed since is one question; then it
is read anew.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from django.db import connection

from qingchun.organizations import revisions
from qingchun.organizations.choices import NameKind, Spelling

LAST = "\U0010ffff"
LEADS = (NameKind.OFFICIAL, NameKind.POPULAR, NameKind.FORMER)
WHOLE = (Spelling.CHARACTERS, Spelling.PINYIN)
NAMED = """
SELECT n.unit_id, n.kind, n.name, n.years, n.spelling, n.text
FROM organizations_organizationname n JOIN organizations_organization u ON u.code = n.unit_id
WHERE u.closed_on IS NULL
"""
UNITS = """
SELECT u.code, u.name, u.level, u.is_public, above.name FROM organizations_organization u
LEFT JOIN organizations_organization above ON above.code = u.parent_id
WHERE u.closed_on IS NULL ORDER BY u.code
"""
FACTS = f"SELECT DISTINCT unit_id, kind, name, years FROM ({NAMED}) AS named ORDER BY 1, 2, 3, 4"
# Numbered as the facts are, so that nothing else need be held while they are read.
ROWS = f"""
SELECT text, fact, kind = ANY (%s) AND spelling = ANY (%s) FROM (
    SELECT *, dense_rank() OVER (ORDER BY unit_id, kind, name, years) - 1 AS fact
    FROM ({NAMED}) AS named
) AS numbered WHERE (kind = 'village') = %s ORDER BY text
"""
AT_ONCE = 2000


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    level: str
    is_public: bool
    above: str | None


class Spelled:
    """Sorted texts, each with the number of the fact that is spelled so.

    ``leads``: whether a name below that unit may begin with it, as 太原小店 does.
    """

    def __init__(self, are_villages: bool) -> None:
        texts: list[str] = []
        self.starts, self.facts, leads = array("I", [0]), array("I"), bytearray()
        for rows in _read(ROWS, [[*LEADS], [*WHOLE], are_villages]):
            texts.append("".join(text for text, _, _ in rows))
            for text, fact, is_lead in rows:
                self.starts.append(self.starts[-1] + len(text))
                self.facts.append(fact)
                leads.append(is_lead)
        self.texts, self.leads = "".join(texts), bytes(leads)

    def __len__(self) -> int:
        return len(self.facts)

    def __getitem__(self, number: int) -> str:
        return self.texts[self.starts[number] : self.starts[number + 1]]

    def beginning(self, text: str) -> range:
        return range(bisect_left(self, text), bisect_left(self, text + LAST))

    def exactly(self, text: str) -> Iterator[int]:
        number = bisect_left(self, text)
        while number < len(self) and self[number] == text:
            yield number
            number += 1


class Gazetteer:
    """``mark``: how far names had changed before it was read."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        units = [Unit(*row) for rows in _read(UNITS) for row in rows]
        places = {unit.code: place for place, unit in enumerate(units)}
        # Of each fact: whose name it is, of which kind, what it is, from when to when.
        self.units, self.of, self.kinds = units, array("H"), bytearray()
        self.names: list[str] = []
        self.years: dict[int, str] = {}
        kinds = [*NameKind.values]
        for rows in _read(FACTS):
            for code, kind, name, years in rows:
                if years:
                    self.years[len(self.names)] = years
                self.of.append(places[code])
                self.kinds.append(kinds.index(kind))
                self.names.append(name)
        self.others, self.villages = Spelled(False), Spelled(True)

    def unit_of(self, fact: int) -> Unit:
        return self.units[self.of[fact]]

    def led_by(self, text: str) -> list[str]:
        """Codes of the units whose whole name it is."""
        others = self.others
        found = (others.facts[n] for n in others.exactly(text) if others.leads[n])
        return list(dict.fromkeys(self.unit_of(fact).code for fact in found))


def _read(question: str, given: list | None = None) -> Iterator[list[tuple]]:
    """Rows some at a time: all at once they would take as much memory as is kept of ten of these."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(question, given)
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


_reading = Lock()
_kept: list[Gazetteer] = []


def kept() -> Gazetteer:
    """Today's: as nobody has changed a name or a unit since."""
    mark = revisions.mark_of_names()
    if not _kept or _kept[0].mark != mark:
        with _reading:
            if not _kept or _kept[0].mark != mark:
                _kept[:] = [Gazetteer(mark)]
    return _kept[0]

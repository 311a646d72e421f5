"""Figures counted from records that apps to the right keep, so that nobody is asked for them.

CHECKINS = Counted("checkin", "students", "学生报到", "人", "SELECT …")
count(CHECKINS, campaign_id, "140105")
"""

from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Left

from campaigns.models import RecordTally
from qingchun.ground.portal import answers, portals
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of


@dataclass(frozen=True)
class Counted:
    """``truth`` asks the records: (campaign id, county-level code, value), of every edition."""

    kind: str  # key of the kind of activity it is shown with
    key: str
    label: str
    unit: str
    truth: str
    # Of fewer people than this a number would say who they are.
    least: int = 0

    @property
    def name(self):
        return f"{self.kind}-{self.key}"

    def shown(self, value):
        """The value as pages show it."""
        return f"不足 {self.least}" if 0 < value < self.least else value


@cache
def registered():
    """Name → figure, of every app."""
    return {one.name: one for module in answers("counted") for one in _figures(vars(module))}


@cache
def page_of(name):
    """The first column of the app that counts a figure: where its records stand."""
    return next(
        portal.columns[0].url
        for portal in portals()
        for module in portal.counted
        if name in {one.name for one in _figures(vars(module))}
    )


def _figures(values):
    for value in values.values() if isinstance(values, dict) else values:
        if isinstance(value, Counted):
            yield value
        elif isinstance(value, dict | list):
            yield from _figures(value)


ADD = """
INSERT INTO campaigns_recordtally (campaign_id, organization_id, key, value)
VALUES (%s, left(%s, 6), %s, %s)
ON CONFLICT (campaign_id, organization_id, key)
DO UPDATE SET value = campaigns_recordtally.value + EXCLUDED.value
"""


# Somebody who was in two counties is one person of their city, and one of each county. As
# ``accounts.claims.plain_name`` has it, a name is the same without what a keyboard adds to it.
PEOPLE = """
WITH persons AS MATERIALIZED (
    SELECT DISTINCT left(p.unit, %(digits)s) AS unit, p.kind, p.mark,
        translate(lower(normalize(p.name, NFKC)), %(dots)s, '') AS name
    FROM ({asked}) p (unit, kind, mark, name))
SELECT unit, kind, '{what}', count(*) FROM persons GROUP BY unit, kind
UNION ALL SELECT '', kind, '{what}', count(*)
FROM (SELECT DISTINCT kind, mark, name FROM persons) p GROUP BY kind
UNION ALL SELECT unit, '{all}', '{what}', count(*)
FROM (SELECT DISTINCT unit, mark, name FROM persons) p GROUP BY unit
UNION ALL SELECT '', '{all}', '{what}', count(*)
FROM (SELECT DISTINCT mark, name FROM persons) p HAVING count(*) > 0
"""


def people_asked(what, everything):
    """One SELECT of the people that each kind has reached, each counted once by the database:
    (unit below, kind, ``what``, people); of all units "", of whatever kind ``everything``.

    Each app asks for (unit, key of the kind, mark, name), of ``%(campaign)s``, with codes from
    ``%(low)s`` up to ``%(high)s``. The mark is the telephone's; whoever left none has another that
    tells them apart. With either, the name tells one of a family from another. Asked as "count".
    ``%(digits)s``: how long the codes of the units below are; ``%(dots)s``: ``LEFT_OUT``.
    """
    return PEOPLE.format(asked=" UNION ALL ".join(answers("reached")), what=what, all=everything)


def count(counted, campaign_id, organization_id, by=1):
    """Add to a figure. Needs: the transaction that writes the record, and its unit in scope."""
    with connection.cursor() as cursor:
        cursor.execute(ADD, [campaign_id, organization_id, counted.name, by])


RECOUNT = """
INSERT INTO campaigns_recordtally (campaign_id, organization_id, key, value)
SELECT %s, left(%s, 6), %s, coalesce((SELECT t.value FROM ({}) t (campaign, unit, value)
    WHERE t.campaign = %s AND t.unit = left(%s, 6)), 0)
ON CONFLICT (campaign_id, organization_id, key) DO UPDATE SET value = EXCLUDED.value
"""


def recount(figures, campaign_id, organization_id):
    """Count figures of one county anew, where a record may be counted once with another.

    Needs: the transaction that changes the records, and every unit in scope. Whoever recounts the
    same county waits, so that neither counts without the other's record.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(8, hashtext(%s))",
            [f"{campaign_id} {county_of(organization_id)}"],
        )
        for counted in figures:
            cursor.execute(
                RECOUNT.format(counted.truth),
                [campaign_id, organization_id, counted.name, campaign_id, organization_id],
            )


def kept_below(names, campaign, unit):
    """(unit below, figure's name, value) of figures, for each unit below a city or the province."""
    found = RecordTally.objects.within(county_of(unit.code)).filter(
        campaign=campaign, key__in=names
    )
    below = found.annotate(below=Left("organization_id", 4 if unit.level == Level.PROVINCE else 6))
    return below.values_list("below", "key").annotate(total=Sum("value")).order_by()


def differences():
    """(name, kept and true rows that differ) of each figure. Needs: every unit in scope."""
    figures, found = ("campaigns_recordtally", "campaign_id, organization_id, value"), []
    asked = [(name, *figures, one.truth, f"key = '{name}'") for name, one in registered().items()]
    asked += [(table, table, *more) for table, *more in answers("tallies")]
    with connection.cursor() as cursor:
        for name, table, columns, truth, which in asked:
            kept = f"SELECT {columns} FROM {table} WHERE {which} AND value <> 0"
            cursor.execute(f"(({truth}) EXCEPT ({kept})) UNION ALL (({kept}) EXCEPT ({truth}))")
            found += [(name, *row) for row in cursor.fetchall()]
    return found


def rebuild():
    """Count every figure anew from its records. Needs: every unit in scope, a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK campaigns_recordtally IN SHARE ROW EXCLUSIVE MODE")
        for name, counted in registered().items():
            cursor.execute("DELETE FROM campaigns_recordtally WHERE key = %s", [name])
            cursor.execute(
                "INSERT INTO campaigns_recordtally (campaign_id, organization_id, value, key)"
                f" SELECT t.*, %s FROM ({counted.truth}) t",
                [name],
            )
        for table, columns, truth, which in answers("tallies"):
            cursor.execute(f"LOCK {table} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(f"DELETE FROM {table} WHERE {which}")
            cursor.execute(f"INSERT INTO {table} ({columns}) {truth}")

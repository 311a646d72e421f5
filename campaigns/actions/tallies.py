"""Counts kept beside the log, in its own transaction: see ``campaigns.models.Tally``.

The counting unit is the county: a township's entries count for its county, those of a city or
of the province for themselves.
"""

import json
from dataclasses import dataclass

from django.db import connection, transaction

from campaigns.models import Activity, Campaign
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.organizations.querysets import code_range
from qingchun.organizations.walls import PROVINCE, acting

# One statement, so one way to the database and back: the entry's pictures, figures and counts.
ADD = """
WITH pictures AS (
    UPDATE campaigns_photo SET activity_id = entry
    WHERE entry = %(entry)s AND activity_id IS NULL AND organization_id = %(organization)s
), figures AS (
    INSERT INTO campaigns_figuretally (campaign_id, organization_id, measure_id, value)
    SELECT %(campaign)s, left(%(organization)s, 6), m.id, f.value::bigint
    FROM jsonb_each_text(%(figures)s::jsonb) f
    JOIN campaigns_measure m ON m.kind_id = %(kind)s AND m.key = f.key
    ON CONFLICT (campaign_id, organization_id, measure_id) DO UPDATE SET value = CASE
        WHEN (SELECT adds FROM campaigns_measure WHERE id = EXCLUDED.measure_id) = 'most'
        THEN GREATEST(campaigns_figuretally.value, EXCLUDED.value)
        ELSE campaigns_figuretally.value + EXCLUDED.value END
), days AS (
    INSERT INTO campaigns_daytally
        (campaign_id, organization_id, held_on, kind_id, is_below, activities, participants)
    VALUES (%(campaign)s, left(%(organization)s, 6), %(day)s, %(kind)s,
            length(%(organization)s) > 6, 1, %(participants)s)
    ON CONFLICT (campaign_id, organization_id, held_on, kind_id, is_below) DO UPDATE SET
        activities = campaigns_daytally.activities + 1,
        participants = campaigns_daytally.participants + EXCLUDED.participants
)
INSERT INTO campaigns_tally
    (campaign_id, organization_id, kind_id, stage, activities, participants, last_on)
VALUES (%(campaign)s, left(%(organization)s, 6), %(kind)s, %(stage)s, 1, %(participants)s, %(day)s)
ON CONFLICT (campaign_id, organization_id, kind_id, stage) DO UPDATE SET
    activities = campaigns_tally.activities + 1,
    participants = campaigns_tally.participants + EXCLUDED.participants,
    last_on = GREATEST(campaigns_tally.last_on, EXCLUDED.last_on)
"""


@dataclass(frozen=True)
class _Counts:
    """A table of counts, and the question to the log that it must agree with."""

    table: str
    columns: str
    truth: str  # {where}: which part of the log
    of_kind: str  # which rows of the table count one kind


COUNTS = (
    _Counts(
        "campaigns_tally",
        "kind_id, stage, activities, participants, last_on",
        "SELECT a.campaign_id, left(a.organization_id, 6), a.kind_id, a.stage, count(*),"
        " sum(a.participants), max(a.held_on) FROM campaigns_activity a"
        " WHERE a.deleted_at IS NULL AND a.campaign_id = %s{where} GROUP BY 1, 2, 3, 4",
        "kind_id = %s",
    ),
    _Counts(
        "campaigns_daytally",
        "held_on, kind_id, is_below, activities, participants",
        "SELECT a.campaign_id, left(a.organization_id, 6), a.held_on, a.kind_id,"
        " length(a.organization_id) > 6, count(*), sum(a.participants) FROM campaigns_activity a"
        " WHERE a.deleted_at IS NULL AND a.campaign_id = %s{where} GROUP BY 1, 2, 3, 4, 5",
        "kind_id = %s",
    ),
    _Counts(
        "campaigns_figuretally",
        "measure_id, value",
        "SELECT a.campaign_id, left(a.organization_id, 6), m.id, CASE WHEN m.adds = 'most'"
        " THEN max(f.value::bigint) ELSE sum(f.value::bigint) END FROM campaigns_activity a"
        " CROSS JOIN LATERAL jsonb_each_text(a.figures) f"
        " JOIN campaigns_measure m ON m.kind_id = a.kind_id AND m.key = f.key"
        " WHERE a.deleted_at IS NULL AND a.campaign_id = %s{where} GROUP BY 1, 2, m.id, m.adds",
        "measure_id IN (SELECT id FROM campaigns_measure WHERE kind_id = %s)",
    ),
)


def add(activity: Activity) -> None:
    """Count one more entry and give it its pictures. Needs: the transaction that inserted it."""
    with connection.cursor() as cursor:
        cursor.execute(
            ADD,
            {
                "entry": activity.pk,
                "organization": activity.organization_id,
                "campaign": activity.campaign_id,
                "kind": activity.kind_id,
                "stage": activity.stage,
                "participants": activity.participants,
                "day": activity.held_on,
                "figures": json.dumps(activity.figures),
            },
        )


def recount(campaign_id: int, organization_id: str, kind_id: int) -> None:
    """Count one kind of one counting unit anew, after an entry changed or went.

    Changes are rare beside new entries, so they pay for a look at the unit's own rows; "the
    last day" and "the most" cannot be undone by subtracting. A township sees only its own
    rows, so the look is taken with the county's scope.
    """
    unit = county_of(organization_id)
    where = " AND a.county = %s AND a.kind_id = %s"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"tally {unit} {kind_id}"])
        for counts in COUNTS:
            cursor.execute(
                f"DELETE FROM {counts.table}"
                f" WHERE campaign_id = %s AND organization_id = %s AND {counts.of_kind}",
                [campaign_id, unit, kind_id],
            )
            cursor.execute(
                f"INSERT INTO {counts.table} (campaign_id, organization_id, {counts.columns}) "
                + counts.truth.format(where=where),
                [campaign_id, unit, kind_id],
            )


def rebuild(campaign: Campaign, code: str = PROVINCE) -> int:
    """Count the edition anew, at ``code`` and below: one counting unit and transaction after the
    other, so that nobody who logs waits for more than their own. Returns: rows written.
    """
    units = Organization.objects.within(code).exclude(level=Level.TOWNSHIP)
    return sum(_rebuild(campaign.pk, unit) for unit in units.values_list("pk", flat=True))


@transaction.atomic
def _rebuild(campaign_id: int, unit: str) -> int:
    written = 0
    with acting("count", PROVINCE), connection.cursor() as cursor:
        tables = ", ".join(counts.table for counts in COUNTS)
        cursor.execute(f"LOCK {tables} IN SHARE ROW EXCLUSIVE MODE")
        for counts in COUNTS:
            cursor.execute(
                f"DELETE FROM {counts.table} WHERE campaign_id = %s AND organization_id = %s",
                [campaign_id, unit],
            )
            cursor.execute(
                f"INSERT INTO {counts.table} (campaign_id, organization_id, {counts.columns}) "
                + counts.truth.format(where=" AND a.county = %s"),
                [campaign_id, unit],
            )
            written += cursor.rowcount
    return written


# Both are kept, so that it costs no look at the log.
BEHIND = """
SELECT campaign_id, organization_id FROM
    (SELECT campaign_id, organization_id, sum(activities) AS n FROM campaigns_tally GROUP BY 1, 2) t
LEFT JOIN
    (SELECT campaign_id, organization_id, sum(activities) AS n FROM campaigns_daytally GROUP BY 1, 2) d
    USING (campaign_id, organization_id)
WHERE t.n IS DISTINCT FROM coalesce(d.n, 0) ORDER BY 1, 2
"""


def catch_up() -> int:
    """Count anew the units of which the days say another number than the whole: what was logged before
    there were days, or by the version before while this one began. Returns: how many."""
    with acting("count", PROVINCE), connection.cursor() as cursor:
        cursor.execute(BEHIND)
        behind = cursor.fetchall()
    for campaign_id, unit in behind:
        _rebuild(campaign_id, unit)
    return len(behind)


def differences(campaign: Campaign, code: str = PROVINCE) -> list[tuple]:
    """Rows at ``code`` and below where the counts and the log disagree, of either table.

    Needs: the province's scope.
    """
    found = []
    within, given = " AND {}organization_id >= %s AND {}organization_id < %s", code_range(code)
    with connection.cursor() as cursor:
        for counts in COUNTS:
            truth = counts.truth.format(where=within.format("a.", "a."))
            kept = (
                f"SELECT campaign_id, organization_id, {counts.columns} FROM {counts.table}"
                f" WHERE campaign_id = %s{within.format('', '')}"
            )
            cursor.execute(
                f"(({truth}) EXCEPT ({kept})) UNION ALL (({kept}) EXCEPT ({truth}))",
                [campaign.pk, *given] * 4,
            )
            found += cursor.fetchall()
    return found

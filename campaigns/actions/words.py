"""By which words an entry of the log is found: written with it, and for those that have none yet."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.timezone import now

from campaigns.models import Activity, ActivityWords
from qingchun.ground.pairs import pairs_in
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import PROVINCE, rls_context

AT_ONCE = 2000
FIRST = UUID(int=0)
# What was logged by a version before, which knew of no words, or not how they are said.
WITHOUT = """
SELECT id, organization_id, title, text FROM campaigns_activity a
WHERE id > %s AND logged_at > %s AND campaign_id IN (SELECT id FROM campaigns_campaign)
AND NOT EXISTS (SELECT FROM campaigns_activitywords w WHERE w.activity_id = a.id AND w.is_said)
ORDER BY id LIMIT %s
"""


def pairs_of(unit: str, title: str, text: str) -> list[int]:
    return pairs_in([title, text], county_of(unit), said=title)


def write_words(activity: Activity) -> None:
    _write([(activity.pk, activity.organization_id, activity.title, activity.text)])


def _write(rows: Iterable[tuple[UUID, str, str, str]]) -> None:
    """``rows``: number, unit, title, text."""
    ActivityWords.objects.bulk_create(
        (ActivityWords(activity_id=pk, pairs=pairs_of(*said), is_said=True) for pk, *said in rows),
        update_conflicts=True,
        unique_fields=["activity"],
        update_fields=["pairs", "is_said"],
    )


def write_missing(since: dt.timedelta | None = None) -> int:
    """Words for all entries that have none, some thousand in one transaction, so that whoever was
    stopped goes on where it was. ``since``: logged no longer ago. Returns: how many."""
    last, done = FIRST, 0
    begin = now() - since if since else dt.datetime.min.replace(tzinfo=dt.UTC)
    while True:
        with rls_context(scope=PROVINCE), connection.cursor() as cursor:
            cursor.execute(WITHOUT, [last, begin, AT_ONCE])
            if not (rows := cursor.fetchall()):
                return done
            _write(rows)
        last, done = rows[-1][0], done + len(rows)

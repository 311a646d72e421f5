"""How much work it is to log one entry: counted by the page itself, from the first touch to the tap
that sends it, and kept without whose it was.

No unit, no person and nothing of what was written: what is measured is the form, not whoever fills it
in. Where a page cannot count (no script, sent by a program) it is unknown, which is not nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

GOAL_SECONDS, GOAL_FIELDS = 20, 2
# Of fewer nobody is told: where a level has one writer, it would be theirs.
FEWEST = 5
# So many of the latest of each kind and level: a form is as it was of late.
LATEST = 500
MOST_SECONDS = 3600  # whoever took longer did something else in between
SPENT = re.compile(r"(\d{1,3}),(\d{1,4}),(\d{1,4}),(\d{1,2})", re.ASCII)


class Spent(NamedTuple):
    """Times a finger or the mouse came down, keys pressed, seconds, fields that were typed in."""

    taps: int
    keys: int
    seconds: int
    fields: int

    @property
    def in_seconds(self) -> str:
        return f"{self.seconds} 秒"

    @property
    def in_fields(self) -> str:
        return f"{self.fields} 项"


def spent_of(text: str) -> Spent | None:
    """As static/qingchun/spent.js writes it; None where it is not known."""
    found = SPENT.fullmatch(text)
    if found is None:
        return None
    spent = Spent(*map(int, found.groups()))
    return spent if spent.taps + spent.keys and spent.seconds <= MOST_SECONDS else None


@dataclass(frozen=True)
class Figures:
    """Of so many entries the median and the 90th percentile of each number."""

    entries: int
    half: Spent
    most: Spent

    @property
    def in_time(self) -> bool:
        return self.half.seconds <= GOAL_SECONDS

    @property
    def few_fields(self) -> bool:
        return self.half.fields <= GOAL_FIELDS


# One index range for each kind and level, then all ways to group at once: the ORM has neither.
ASKED = f"""
SELECT k.campaign_id, k.key, e.level, count(*),
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY e.taps),
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY e.keys),
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY e.seconds),
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY e.fields)
FROM campaigns_activitykind k
CROSS JOIN unnest(%s::text[]) AS l(level)
CROSS JOIN LATERAL (
    SELECT * FROM campaigns_effort WHERE kind_id = k.id AND level = l.level
    ORDER BY id DESC LIMIT {LATEST}
) e
WHERE k.campaign_id = ANY(%s)
GROUP BY GROUPING SETS (
    (k.campaign_id), (k.campaign_id, k.key), (k.campaign_id, e.level), (k.campaign_id, k.key, e.level)
)
HAVING count(*) >= {FEWEST}
"""


def figures(
    campaigns: Sequence[int], levels: Sequence[str]
) -> dict[tuple[int, str | None, str | None], Figures]:
    """(edition, kind's key or None for all, level or None for all) → its figures; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ASKED, [list(levels), list(campaigns)])
        return {
            (campaign, key, level): Figures(
                entries, Spent(*(pair[0] for pair in pairs)), Spent(*(pair[1] for pair in pairs))
            )
            for campaign, key, level, entries, *pairs in cursor.fetchall()
        }

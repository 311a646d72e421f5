"""What it takes to log an activity, as the pages counted it: see tests/browser/test_effort.py, which
writes the file anew (``make measure``). Nothing in it is made up."""

import csv
from pathlib import Path

from campaigns.models import Effort

FILE = Path(__file__).with_name("effort.csv")
HEAD = ("kind", "level", "way", "taps", "keys", "seconds", "fields")
NUMBERS = HEAD[3:]


def measured():
    """The rows of the file, their numbers as numbers."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row | {name: int(row[name]) for name in NUMBERS} for row in rows]


def load(campaign):
    kinds = {kind.key: kind for kind in campaign.kinds.all()}
    Effort.objects.bulk_create(
        Effort(kind=kinds[row["kind"]], level=row["level"], **{name: row[name] for name in NUMBERS})
        for row in measured()
    )

import csv
from collections import Counter
from pathlib import Path

from django.db import transaction

from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.organizations.naming import committee_names, initials_of, is_public_unit

DATA = Path(__file__).parent / "data"


def read_divisions(path=DATA / "shanxi_divisions.csv"):
    with Path(path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_tree(divisions, *, departments=(), successors=None, today=None):
    """Make the tree equal to ``divisions``; say what changed.

    A unit that is no longer listed is closed and points to its successor; its records stay.
    Needs: rows of code, name, level, parent_code; ``successors`` maps old code to new code.
    Returns: a Counter of "added", "renamed", "closed", "reopened".
    Raises: ValueError when a row's parent is not listed, before anything is written.
    """
    rows = [
        *divisions,
        *({**d, "level": Level.DEPARTMENT, "parent_code": "14"} for d in departments),
    ]
    rows.sort(key=lambda row: (len(row["code"]), row["code"]))
    wanted = {row["code"]: row for row in rows}
    for row in rows:
        if row["parent_code"] and row["parent_code"] not in wanted:
            raise ValueError(f"{row['code']} {row['name']}：上级 {row['parent_code']} 不在名单里。")
    existing = Organization.objects.in_bulk()
    report, added, changed = Counter(), [], []
    for code, row in wanted.items():
        unit = _unit_from(row, wanted)
        old = existing.get(code)
        if old is None:
            report["added"] += 1
            added.append(unit)
        elif _says_otherwise(old, unit) or old.closed_on:
            report["reopened" if old.closed_on else "renamed"] += 1
            changed.append(unit)
    Organization.objects.bulk_create(added)
    fields = [
        "name",
        "full_name",
        "short_name",
        "initials",
        "is_public",
        "closed_on",
        "succeeded_by",
    ]
    Organization.objects.bulk_update(changed, fields)
    report["closed"] = _close_missing(existing, wanted, successors or {}, today)
    return +report


def _says_otherwise(old, unit):
    return any(
        getattr(old, name) != getattr(unit, name) for name in ("name", "full_name", "initials")
    )


def _unit_from(row, wanted):
    full_name, short_name = committee_names(row, wanted.get(row["parent_code"]))
    return Organization(
        code=row["code"],
        parent_id=row["parent_code"] or None,
        level=row["level"],
        name=row["name"],
        full_name=full_name,
        short_name=short_name,
        initials=initials_of(row["name"]),
        is_public=is_public_unit(row),
    )


def _close_missing(existing, wanted, successors, today):
    gone = [unit for code, unit in existing.items() if code not in wanted and not unit.closed_on]
    for unit in gone:
        unit.closed_on = today
        unit.succeeded_by_id = successors.get(unit.code)
    return Organization.objects.bulk_update(gone, ["closed_on", "succeeded_by"])

from collections import Counter
from typing import Any

from django.db import transaction

from qingchun.ground.province import HOME, table
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Level, NameKind
from qingchun.organizations.models import Organization
from qingchun.organizations.names import RENAMED, Fact, refresh
from qingchun.organizations.naming import committee_names, is_public_unit


def read_divisions(path=None):
    """Rows of the province's own list, or of a later one at ``path``."""
    return table(path or "divisions.csv")


@transaction.atomic
def load_tree(divisions, *, departments=(), successors=None, dissolved=(), today=None):
    """Make the tree equal to ``divisions``; say what changed.

    A unit that is no longer listed is closed and points to its successor, see ``_successors``.
    Needs: rows of code, name, level, parent_code; ``successors`` maps old code to new codes, the
    first of which has the people and the work; ``dissolved``: codes of those that have none.
    Returns: a Counter of "added", "renamed", "closed", "reopened".
    Raises: ValueError when a row's parent or a successor is not listed; Refused, naming every
    unit that would close without a successor; both before anything is written.
    """
    rows = [
        *divisions,
        *({**d, "level": Level.DEPARTMENT, "parent_code": HOME.code} for d in departments),
    ]
    rows.sort(key=lambda row: (len(row["code"]), row["code"]))
    wanted = {row["code"]: row for row in rows}
    for row in rows:
        if row["parent_code"] and row["parent_code"] not in wanted:
            raise ValueError(f"{row['code']} {row['name']}：上级 {row['parent_code']} 不在名单里。")
    existing = Organization.objects.in_bulk()
    closing = _successors(existing, wanted, successors or {}, dissolved)
    report: Counter[str] = Counter()
    added, changed, called = [], [], []
    for code, row in wanted.items():
        unit = _unit_from(row, wanted)
        old = existing.get(code)
        if old is None:
            report["added"] += 1
            added.append(unit)
        elif _says_otherwise(old, unit) or old.closed_on:
            changed.append(unit)
            if old.closed_on:
                report["reopened"] += 1
            elif (old.name, old.full_name) != (unit.name, unit.full_name):
                report["renamed"] += 1  # not where only whether it is public is new
            if old.name != unit.name:
                years = f"{today.year}年以前" if today else ""
                called.append(Fact(code, old.name, NameKind.FORMER, years, RENAMED))
    Organization.objects.bulk_create(added)
    fields = ["name", "full_name", "short_name", "is_public", "closed_on", "succeeded_by"]
    Organization.objects.bulk_update(changed, fields)
    report["closed"] = _close(existing, closing, today)
    refresh(called)
    return +report


@transaction.atomic
def catch_up():
    """What an older version wrote of units otherwise: who is public, and their names."""
    changed = []
    for unit in Organization.objects.active():
        if unit.is_public != is_public_unit(vars(unit)):
            unit.is_public = not unit.is_public
            changed.append(unit)
    Organization.objects.bulk_update(changed, ["is_public"])
    refresh()


def _says_otherwise(old, unit):
    names = ("name", "full_name", "is_public")
    return any(getattr(old, name) != getattr(unit, name) for name in names)


def _unit_from(row, wanted):
    full_name, short_name = committee_names(row, wanted.get(row["parent_code"]))
    return Organization(
        code=row["code"],
        parent_id=row["parent_code"] or None,
        level=row["level"],
        name=row["name"],
        full_name=full_name,
        short_name=short_name,
        is_public=is_public_unit(row),
    )


def _successors(existing, wanted, named, dissolved):
    """Code → successor's code, or None, of every unit that is listed no longer.

    What hangs below a merged unit finds its own: who has its name below the successor, else the
    successor itself.
    """
    if strange := sorted({new for news in named.values() for new in news} - set(wanted)):
        raise ValueError(f"撤并表里的去向 {'、'.join(strange)} 不在名单里。")
    by_name = {(row["parent_code"], row["name"]): code for code, row in reversed(wanted.items())}
    found: dict[str, str | None] = {}
    heirs: dict[str, Any] = {}
    for code, unit in sorted(existing.items(), key=lambda one: len(one[0])):
        if code not in wanted:
            above = heirs.get(unit.parent_id, ())
            same = [by_name[heir, unit.name] for heir in above if (heir, unit.name) in by_name]
            heirs[code] = named.get(code) or same[:1] or above
            found[code] = next(iter(heirs[code]), None)
    _must_not_strand([existing[code] for code, new in found.items() if not new], dissolved)
    return found


def _must_not_strand(units, dissolved):
    left = [u for u in units if not u.closed_on and not u.code.startswith(tuple(dissolved))]
    if left:
        listed = "".join(f"\n  {unit.code} {unit.name}" for unit in left)
        raise Refused(
            f"有 {len(left)} 个单位不在新名单里，也没有写明并到哪里：{listed}\n"
            "请在撤并表（old,new 两列）里写上去向；确实撤销、没有单位接替的，"
            "加上 --without-successor 代码（连同它的下级）。现在什么也没有改动。"
        )


def _close(existing, closing, today):
    """Close them; who was closed before and has found a successor now, points to it."""
    gone = []
    for code, new in closing.items():
        unit = existing[code]
        if not unit.closed_on or (new and not unit.succeeded_by_id):
            unit.closed_on = unit.closed_on or today
            unit.succeeded_by_id = new
            gone.append(unit)
    return Organization.objects.bulk_update(gone, ["closed_on", "succeeded_by"])

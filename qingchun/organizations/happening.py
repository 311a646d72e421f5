"""The changes that a row may meet, found from its model's fields, and carried out by one walk."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, UniqueConstraint, Value
from django.db.models.functions import Concat, Left
from django.utils.module_loading import import_string

from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    POST_ENDED,
    UNIT_CLOSED,
    By,
    Change,
    Empty,
    Erase,
    Follow,
    Stay,
)
from qingchun.organizations.law import laws

PEOPLE = ("accounts.User", "talent.Youth", "talent.TalentRecord")


def asked_of(model: Any) -> dict[Change, str]:
    """Change -> the field by which a model is asked what becomes of its rows."""
    people = {apps.get_model(label) for label in PEOPLE}
    post, found = apps.get_model("accounts.Membership"), {}
    for column in model._meta.concrete_fields:
        target = column.related_model
        if column.name == "organization":
            found.setdefault(UNIT_CLOSED, column.name)
        if target is post:
            found.setdefault(POST_ENDED, column.name)
        is_number = "phone" in column.name or column.name in ("user_id", "person_mark", "mark")
        if target in people or is_number:
            for change in (LEFT, MERGED, MOVED):
                found.setdefault(change, column.name)
    return found


def unanswered() -> list[str]:
    """ "app.Model CHANGE (field)" of every question that no law answers yet."""
    return [
        f"{model._meta.label} {change.name} ({column})"
        for model, law in _by_model().items()
        for change, column in asked_of(model).items()
        if law is None or change not in law.on
    ]


def _by_model():
    every = laws()
    models = apps.get_models(include_auto_created=True)
    return {m: every[m._meta.db_table] for m in models if not m._meta.proxy}


def happen(change: Change, rows_of: Callable[[Any, str], Any], **facts: Any) -> dict[str, int]:
    """Carry a change out on every model whose law answers it, dependants first.

    ``rows_of``: (model, the field it is asked by) -> the rows concerned; ``after`` among the facts:
    what a row that follows points to from now on. Needs: a transaction, and whoever sees the rows.
    Returns: "app.Model" -> how many rows.
    """
    done = {}
    every = _by_model()
    for model in sorted(every, key=lambda one: -_depth(one, every)):
        law = every[model]
        answer = law.on.get(change) if law else None
        if answer and not isinstance(answer, Stay):
            column = asked_of(model).get(change, "")
            if many := _carry_out(answer, rows_of(model, column), column, facts):
                done[model._meta.label] = many
    return done


def _carry_out(answer, rows, column, facts):
    match answer:
        case By(function):
            return import_string(function)(rows, **facts)
        case Erase():
            return rows.delete()[0]
        case Empty(values):
            return rows.update(**values)
        case Follow(told_apart):
            return follow(rows, column=column, told_apart=told_apart, **facts)


def follow(rows, *, after, closed=None, column="organization", told_apart="", **_):
    """Give rows to ``after``, as ``Follow`` says. Returns: how many."""
    alone = free(rows, column, after)
    done = alone.update(**{column: after})
    if told_apart and closed:
        ending = f"（原{closed.name}）"
        room = rows.model._meta.get_field(told_apart).max_length - len(ending)
        alike = rows.exclude(**{f"{told_apart}__endswith": ending})  # told apart once is enough
        alike.update(**{told_apart: Concat(Left(told_apart, room), Value(ending))})
        done += free(rows, column, after).update(**{column: after})
    return done


def free(rows, column, after):
    """Those of the rows that ``after`` may have beside its own: no constraint speaks against it."""
    for one in rows.model._meta.constraints:
        if isinstance(one, UniqueConstraint) and column in one.fields:
            same = {name: OuterRef(name) for name in one.fields if name != column}
            there = rows.model._base_manager.filter(**{column: after}, **same)
            if one.condition:
                there = there.filter(one.condition)
            rows = rows.exclude((one.condition or Q()) & Exists(there))
    return rows


def _depth(model, every, below=()):
    """How far it hangs below what hangs on nothing; a ring is walked once."""
    below = {model, *below}
    above = {f.related_model for f in model._meta.concrete_fields} & set(every) - below
    return 1 + max((_depth(one, every, below) for one in above), default=0)

"""The changes that a row may meet, found from its model's fields, and carried out by one walk."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, FileField, OuterRef, Q, QuerySet, UniqueConstraint, Value
from django.db.models.functions import Concat, Left
from django.utils.module_loading import import_string

from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    POST_ENDED,
    UNIT_CLOSED,
    WITHDRAWN,
    Answer,
    By,
    Cascade,
    Change,
    Empty,
    Erase,
    Follow,
    Stay,
)
from qingchun.organizations.law import Law, Open, laws

USER = settings.AUTH_USER_MODEL
NUMBERS = ("user_id", "person_mark", "mark")


def _is_person(model: Any) -> bool:
    return getattr(getattr(model, "law", None), "person", False)


def asked_of(model: Any) -> dict[Change, list[str]]:
    """Change -> the fields by which a model is asked what becomes of its rows."""
    found = defaultdict(list)
    has_unit = any(column.name == "organization" for column in model._meta.concrete_fields)
    for column in model._meta.concrete_fields:
        target = column.related_model and column.related_model._meta.label
        is_record = _is_person(column.related_model)
        if column.name == "organization":
            found[UNIT_CLOSED].append(column.name)
        if target == "accounts.Membership":
            found[POST_ENDED].append(column.name)
        if is_record or target == USER or "phone" in column.name or column.name in NUMBERS:
            found[LEFT].append(column.name)
        # Two accounts never become one; two check-ins do, and two records of the pool.
        if is_record or _is_person(model):
            found[MERGED].append(column.name)
        if (is_record or target == USER) and has_unit:
            found[MOVED].append(column.name)
    return dict(found)


def unanswered() -> list[str]:
    """ "app.Model CHANGE (field)" of every question that no law answers yet."""
    found = []
    for model, law in by_model().items():
        asked = {change: columns[0] for change, columns in asked_of(model).items()}
        asked |= {WITHDRAWN: law.basis[0]} if law and law.basis else {}
        found += [
            f"{model._meta.label} {change.name} ({column})"
            for change, column in asked.items()
            if law is None or change not in law.on
        ]
    return found


def by_model() -> dict[Any, Law | Open | None]:
    every = laws()
    models = apps.get_models(include_auto_created=True)
    return {m: every[m._meta.db_table] for m in models if not m._meta.proxy}


def pointing(
    *, themselves: bool = False, **targets: Iterable[Any]
) -> Callable[[Any, list[str]], Any]:
    """The rows of each model that point to one of these: ``pointing(Youth=[youth])``.

    Of the models that are named, ``themselves`` or nothing. ``user_id`` is followed as a key is;
    a number that is given by its field's name, only where no key tells whose the row is.
    """
    ids = {
        name: [getattr(one, "pk", one) for one in found if one is not None]
        for name, found in targets.items()
    }

    def rows_of(model: Any, columns: list[str]) -> QuerySet:
        rows, whose = model._default_manager, Q()
        if model.__name__ in ids:
            return rows.filter(pk__in=ids[model.__name__]) if themselves else rows.none()
        keys = {name: model._meta.get_field(name).related_model for name in columns}
        pointed = {name: found.__name__ for name, found in keys.items() if found}
        pointed |= {"user_id": "User"} if "user_id" in columns else {}
        for name, target in (pointed or dict(zip(columns, columns, strict=True))).items():
            if found := ids.get(target):
                whose |= Q(**{f"{name}__in": found})
        return rows.filter(whose) if whose else rows.none()

    return rows_of


def happen(
    change: Change, rows_of: Callable[[Any, list[str]], Any], **facts: Any
) -> dict[str, int]:
    """Carry a change out on every model whose law answers it, dependants first.

    ``rows_of``: (model, the fields it is asked by) -> the rows concerned; ``after`` among the
    facts: what a row that follows points to from now on; ``purpose``: of a consent withdrawn, which
    leaves what does not rest on it alone. Needs: a transaction, and whoever sees the rows.
    Returns: "app.Model" -> how many rows.
    """
    done = {}
    every = by_model()
    for model in _dependants_first():
        law = every[model]
        answer = law and law.on.get(change)
        if law and answer and not isinstance(answer, Stay | Cascade):
            if change == WITHDRAWN and facts["purpose"] not in law.basis:
                continue
            columns = asked_of(model).get(LEFT if change == WITHDRAWN else change, [])
            if isinstance(answer, Follow) and change != MOVED:  # key by key
                more = {"told_apart": answer.told_apart, **facts}
                many = sum(follow(rows_of(model, [c]), column=c, **more) for c in columns)
            else:
                many = _carry_out(answer, rows_of(model, columns), facts)
            if many:
                done[model._meta.label] = many
    return done


def _carry_out(answer: Answer, rows: QuerySet, facts: dict[str, Any]) -> Any:
    if rows.query.is_empty():
        return 0
    match answer:
        case By(function):
            return import_string(function)(rows, **facts)
        case Erase():
            _drop_files(rows, *_files_of(rows.model))
            return rows.delete()[0]
        case Empty(values):
            _drop_files(rows, *(set(_files_of(rows.model)) & set(values)))
            return rows.update(**values)
        case Follow():
            return follow(rows, **facts)


def _files_of(model: Any) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if isinstance(f, FileField)]


def _drop_files(rows: QuerySet, *names: str) -> None:
    """A file goes once its row surely has."""
    for row in rows if names else ():
        for file in filter(None, (getattr(row, name) for name in names)):
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))


def follow(
    rows: QuerySet,
    *,
    after: Any,
    closed: Any = None,
    column: str = "organization",
    told_apart: str = "",
    **_: Any,
) -> int:
    """Give rows to ``after``, as ``Follow`` says; there may be nobody. Returns: how many."""
    if after is None:
        return 0
    alone = free(rows, column, after)
    done = alone.update(**{column: after})
    if told_apart and closed:
        ending = f"（原{closed.name}）"
        room = rows.model._meta.get_field(told_apart).max_length - len(ending)
        alike = rows.exclude(**{f"{told_apart}__endswith": ending})  # told apart once is enough
        alike.update(**{told_apart: Concat(Left(told_apart, room), Value(ending))})
        done += free(rows, column, after).update(**{column: after})
    return done


def free(rows: QuerySet, column: str, after: Any) -> QuerySet:
    """Those of the rows that ``after`` may have beside its own: no constraint speaks against it."""
    for one in rows.model._meta.constraints:
        if isinstance(one, UniqueConstraint) and column in one.fields:
            same = {name: OuterRef(name) for name in one.fields if name != column}
            there = rows.model._base_manager.filter(**{column: after}, **same)
            if one.condition:
                there = there.filter(one.condition)
            rows = rows.exclude((one.condition or Q()) & Exists(there))
    return rows


@cache
def _dependants_first() -> list[Any]:
    every = by_model()
    return sorted(every, key=lambda one: -_depth(one, every))


def _depth(model: Any, every: Mapping[Any, Any], below: Collection[Any] = ()) -> int:
    """How far it hangs below what hangs on nothing; a ring is walked once."""
    below = {model, *below}
    above = {f.related_model for f in model._meta.concrete_fields} & set(every) - below
    return 1 + max((_depth(one, every, below) for one in above), default=0)

"""Rows as a database gives them, made into what a queryset gives; how, is found out once.

For ``prepared``: a queryset finds it out each time it is asked.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)

from qingchun.ground.shapes import Unprepared

Row = Any  # a tuple, or a list where something in it was converted
Reader = Callable[[str, Iterable[Row]], list[Any]]  # (database, rows) → what is given


def reader_of(made: QuerySet, compiler: Any) -> Reader:
    """Needs: ``compiler`` has put ``made`` into SQL. Raises: Unprepared."""
    columns = [one[0] for one in compiler.select[: compiler.col_count]]
    is_plain = not compiler.has_composite_fields(columns) and not compiler.has_extra_select
    if made._iterable_class not in KINDS or not is_plain:
        raise Unprepared("rows of another kind")
    read = KINDS[made._iterable_class](made, compiler)
    converters = [(at, *how) for at, how in compiler.get_converters(columns).items()]
    return _converted(read, converters, compiler.connection) if converters else read


def _converted(read: Reader, converters: list[Any], link: Any) -> Reader:
    """``link``: one of the same kind as any that is asked; converters look at nothing else of it."""

    def converted(db: str, rows: Iterable[Row]) -> list[Any]:
        return read(db, [anew(list(row)) for row in rows])

    def anew(row: list[Any]) -> list[Any]:
        for at, convert, column in converters:
            for one in convert:
                row[at] = one(row[at], column, link)
        return row

    return converted


def _records(made: QuerySet, compiler: Any) -> Reader:
    info, select = compiler.klass_info, compiler.select
    begin, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [one[0].target.attname for one in select[begin:end]]
    make, more = info["model"].from_db, list((compiler.annotation_col_map or {}).items())
    along: dict[str, Any] = {}

    def read(db: str, rows: Iterable[Row]) -> list[Any]:
        if db not in along:
            along[db] = get_related_populators(info, select, db)
        brought, found = along[db], []
        for row in rows:
            record = make(db, names, row[begin:end])
            for one in brought:
                one.populate(row, record)
            for name, at in more:
                setattr(record, name, row[at])
            found.append(record)
        return found

    return read


def _dicts(made: QuerySet, compiler: Any) -> Reader:
    query = made.query
    names = list(query.selected or ()) or [
        *query.extra_select, *query.values_select, *query.annotation_select,
    ]  # fmt: skip
    return lambda _, rows: [dict(zip(names, row, strict=True)) for row in rows]


KINDS: dict[Any, Callable[[QuerySet, Any], Reader]] = {
    ModelIterable: _records,
    ValuesIterable: _dicts,
    ValuesListIterable: lambda *_: lambda _, rows: [tuple(row) for row in rows],
    FlatValuesListIterable: lambda *_: lambda _, rows: [row[0] for row in rows],
}
MOST_OWNERS = 100  # of which what hangs on them is asked for in words of so many values


@cache
def _hanging(model: Any, name: str) -> Any:
    """The relation of what hangs on a record under this name; None of a field of its own."""
    related = [one for one in model._meta.related_objects if one.get_accessor_name() == name]
    return related[0] if related else None


def bring(rows: list[Any], path: list[str], ask: Callable[[Any], Any]) -> bool:
    """Along with rows what hangs on them, as Django's prefetching does; False where only it can.

    ``ask``: (manager) → what is asked instead.
    """
    for name in path:
        rows = [row for row in rows if row is not None]
        if not rows:
            return True
        kind: Any = type(rows[0])
        relation = _hanging(kind, name)
        if relation is None:
            field = kind._meta.get_field(name)
            if not field.is_relation or not all(map(field.is_cached, rows)):
                return False
            rows = [getattr(row, name) for row in rows]
        elif not relation.one_to_many or not _hang(rows, relation, ask):
            return False
        else:
            rows = [one for row in rows for one in getattr(row, name).all()]
    return True


def _hang(rows: list[Any], relation: Any, ask: Callable[[Any], Any]) -> bool:
    name, field = relation.cache_name, relation.field
    bare = [row for row in rows if name not in getattr(row, "_prefetched_objects_cache", ())]
    owners = {row.pk: row for row in bare}
    if len(owners) > MOST_OWNERS or not field.target_field.primary_key:
        return False
    begin = ask(relation.related_model._default_manager)
    of: dict[Any, list[Any]] = {pk: [] for pk in owners}
    for one in begin.filter(**{f"{field.name}__in": list(owners)}) if owners else ():
        pk = getattr(one, field.attname)
        if not field.is_cached(one):
            field.set_cached_value(one, owners[pk])
        of[pk].append(one)
    for row in bare:
        kept = begin._own(field, row, of[row.pk])
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept
    return True

"""Querysets put into words once: what is asked again, of somebody else, costs its answer alone.

    prepared(Activity.objects).visible_to(user).of(campaign).order_by("-held_on")[:26]

reads like the queryset it stands for, and gives the same rows. What is called on it is only written
down; each shape (what was called, without the values) becomes SQL at its first use, and later the
values are put into their places in it. Composing and compiling is most of what a query costs a page.

Where the places cannot be told, it is asked as any queryset is: what is read while it is composed
(a clock, the database), values made of values, expressions, texts that a method may look into. What
nobody can see from outside is a method that asks something else for one number or one day: it is
not for here, but for a unit's level and a person's post, which belong to the shape.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connections, transaction
from django.db.models import Model, QuerySet, prefetch_related_objects

from qingchun.ground.rows import bring, reader_of
from qingchun.ground.shapes import (
    Unprepared,
    made_of,
    name_of,
    part_of,
    places_in,
    said_of,
    slot_or_constant,
    stand_ins_of,
    unasked,
)

logger = logging.getLogger(__name__)
MOST_SHAPES = 5000
MOST_FOUND = 21  # as many as Django fetches to say that one was not alone
# What their words are is the names of fields.
OF_NAMES = frozenset(
    ("defer", "distinct", "only", "order_by", "prefetch_related", "reverse", "select_for_update",
     "select_related", "using", "values", "values_list")
)  # fmt: skip
RECORDED = OF_NAMES | {"filter", "exclude"}
_words: dict[Any, "Words | None"] = {}


def prepared(begin: Any) -> Any:
    """What to ask instead of ``begin``: a manager of a model, or of what belongs to a record."""
    if hasattr(begin, "core_filters"):
        field, fetched = begin.field, getattr(begin.instance, "_prefetched_objects_cache", ())
        if field.remote_field.cache_name in fetched:
            return begin.all()
        return Prepared(begin.model._default_manager)._own(field, begin.instance)
    return Prepared(begin)


def then(found: Any, function: Callable[..., Any], fixed: Any, *values: Any) -> Any:
    """``function(found, fixed, *values)``, where ``found`` may be prepared. ``fixed``: no value."""
    if isinstance(found, Prepared):
        return found._and(function, (fixed, *values), {})
    return function(found, fixed, *values)


def sql_of(found: Any) -> tuple[str, Any]:
    """(SQL, parameters) of a queryset, prepared or not."""
    return found.sql_with_params() if isinstance(found, Prepared) else found.query.sql_with_params()


class Prepared:
    """A queryset to be. Read once, it keeps its rows."""

    _prefetch_related_lookups = ()  # what a form asks of its choices

    def __init__(self, begin: Any) -> None:
        self.model, self._manager = begin.model, begin
        self._rows: list[Any] | None = None
        self._values: tuple[Any, ...] = ()
        self._steps: tuple[Any, ...] = ()  # as they were called
        self._shape: tuple[Any, ...] = (self.model, begin.name)
        self._known: Any = (
            None  # of what is a record's own: (the field that leads to it, the record)
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in RECORDED or not hasattr(QuerySet, name):
            getattr(self._manager._queryset_class, name)  # what is missing there is missing here
            return lambda *args, **named: self._and(name, args, named)
        return getattr(self.plain(), name)

    def _and(self, name: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        values: list[Any] = []
        try:
            if name in OF_NAMES:
                shape = tuple(map(name_of, args)), tuple((k, name_of(v)) for k, v in named.items())
            elif callable(name):
                shape = (args[0], *(part_of(v, values, is_read=True) for v in args[1:])), ()
            else:
                is_read = name not in RECORDED
                shape = (
                    tuple(part_of(v, values, is_read=is_read) for v in args),
                    tuple((k, part_of(v, values, is_read=is_read)) for k, v in named.items()),
                )
        except Unprepared:
            return _call(self.plain(), name, args, named)
        return self._with((name, args, named), (name, *shape), values)

    def _with(self, step: Any, shape: Any, values: Any = ()) -> "Prepared":
        more = object.__new__(Prepared)
        more.__dict__ = self.__dict__ | {
            "_rows": None,
            "_steps": (*self._steps, step),
            "_shape": (*self._shape, shape),
            "_values": (*self._values, *values),
        }
        return more

    def _own(self, field: Any, record: Any, rows: list[Any] | None = None) -> "Prepared":
        """What hangs on a record by this field; ``rows``, where they are known."""
        values: list[Any] = []
        own = self._with(None, ("filter", (), ((field.name, part_of(record, values)),)), values)
        own._steps, own._known, own._rows = (), (field, record), rows
        return own

    def plain(self) -> Any:
        """The queryset that it stands for."""
        found = self._manager.all()
        if self._known:
            field, record = self._known
            found = found.filter(**{field.name: record})
            found._known_related_objects = {field: {record.pk: record}}
        for name, args, named in self._steps:
            found = _call(found, name, args, named)
        return found

    def all(self) -> "Prepared":
        return self._with(("all", (), {}), ("all", (), ()))

    @property
    def query(self) -> Any:
        """For what it says of the order; its values are those that others stand in for."""
        words = self._words()
        return (words.made if words else self.plain()).query

    # Its rows

    def _words(self) -> "Words | None":
        try:
            return _words[self._shape]
        except KeyError:
            return _put(self)

    def _fetched(self) -> list[Any]:
        if self._rows is None:
            words = self._words()
            self._rows = list(self.plain()) if words is None else words.rows(self._values)
            if self._known:
                field, record = self._known
                for row in self._rows:
                    if isinstance(row, Model) and not field.is_cached(row):
                        field.set_cached_value(row, record)
        return self._rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._fetched())

    def __len__(self) -> int:
        return len(self._fetched())

    def __bool__(self) -> bool:
        return bool(self._fetched())

    def __getitem__(self, at: Any) -> Any:
        if self._rows is not None:
            return self._rows[at]
        if isinstance(at, slice) and not at.start and isinstance(at.stop, int) and not at.step:
            return self._with(("__getitem__", (at,), {}), ("__getitem__", at.stop))
        return self.plain()[at]

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        return self.plain().iterator(chunk_size) if chunk_size else iter(self.all())

    def first(self) -> Any:
        words = self._words() if self._rows is not None else None
        if words and words.made.ordered:
            return next(iter(self), None)
        return next(iter(self._with((_first, (), {}), (_first, (), ()))), None)

    def get(self, *args: Any, **named: Any) -> Any:
        found = self.filter(*args, **named)
        if not isinstance(found, Prepared):
            return found.get()
        rows = found.order_by()[:MOST_FOUND]._fetched()
        if len(rows) == 1:
            return rows[0]
        said = self.model._meta.object_name
        if not rows:
            raise self.model.DoesNotExist(f"{said} matching query does not exist.")
        raise self.model.MultipleObjectsReturned(f"get() returned more than one {said}.")

    def exists(self) -> bool:
        return bool(self._rows) if self._rows is not None else bool(self._one("exists"))

    def count(self) -> int:
        return len(self._rows) if self._rows is not None else self._one("count")

    def _one(self, how: str) -> Any:
        asked = self._with((how, (), {}), (how, (), ()))
        words = asked._words()
        return getattr(self.plain(), how)() if words is None else words.one(asked._values)

    def sql_with_params(self) -> tuple[str, Any]:
        words = self._words()
        if words is None:
            return self.plain().query.sql_with_params()
        return words.sql, tuple(words.given(self._values))


def _first(found: QuerySet) -> QuerySet:
    return (found if found.ordered else found.order_by("pk"))[:1]


def _call(found: Any, name: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return name(found, *args) if callable(name) else getattr(found, name)(*args, **named)


class Words:
    """A shape in words. ``made``: the queryset, as it was composed with stand-ins."""

    def __init__(self, made: QuerySet, sql: str, params: list[Any], compiler: Any = None) -> None:
        self.made, self.sql, self.params = made, sql, params
        self.is_locking = made.query.select_for_update
        self.read: Any = reader_of(made, compiler) if compiler else None  # of one value: ``one``

    def given(self, values: tuple[Any, ...]) -> list[Any]:
        """The parameters of the words."""
        return [slot(values) if slot else constant for slot, constant in self.params]

    def one(self, values: tuple[Any, ...]) -> Any:
        """What is in the first column of the first row; None where there is none."""
        with connections[self.made.db].cursor() as cursor:
            cursor.execute(self.sql, self.given(values))
            row = cursor.fetchone()
        return row and row[0]

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        made, db = self.made, self.made.db
        if self.is_locking and connections[db].get_autocommit():
            raise transaction.TransactionManagementError("select_for_update needs a transaction")
        with connections[db].cursor() as cursor:
            cursor.execute(self.sql, self.given(values))
            found = cursor.fetchall()
        rows = self.read(db, found)
        for lookup in made._prefetch_related_lookups:
            if not (isinstance(lookup, str) and bring(rows, lookup.split("__"), Prepared)):
                prefetch_related_objects(rows, lookup)
        return rows


def _put(asked: Prepared) -> Words | None:
    """The words of a shape that nobody has asked for yet; None where there are none."""
    if len(_words) >= MOST_SHAPES:
        return None
    shape = asked._shape
    try:
        words = _compiled(asked._manager, shape)
    except (EmptyResultSet, NotSupportedError):
        words = None
    except Exception as error:  # whatever it is, the queryset itself says it, if it is one
        logger.info("asked as it is, %s: %s %s", shape, type(error).__name__, error)
        words = None
    _words[shape] = words
    return words


def _composed(manager: Any, steps: tuple[Any, ...], values: Iterator[Any]) -> Any:
    found = manager.all()
    for name, args, *named in steps:
        if name == "__getitem__":
            found = found[:args]
        elif name in OF_NAMES:
            found = getattr(found, name)(*args, **dict(named[0]))
        elif callable(name):
            found = name(found, *args[:1], *(made_of(part, values) for part in args[1:]))
        else:
            given = [made_of(part, values) for part in args]
            more = {key: made_of(part, values) for key, part in named[0]}
            found = getattr(found, name)(*given, **more)
    return found


def _compiled(manager: Any, shape: tuple[Any, ...]) -> Words:
    steps, how = shape[2:], ""
    if steps and steps[-1][0] in ("exists", "count"):
        steps, how = steps[:-1], steps[-1][0]
    kinds = [kind for step in steps for part in step[1:] for kind in places_in(part)]
    sets = [
        [one for at, (kind, _) in enumerate(kinds) for one in stand_ins_of(kind, 2 * at + turn)]
        for turn in (0, 1)
    ]
    asked = []
    with unasked(connections[manager.all().db]):
        for stand_ins in sets:
            made = _composed(manager, steps, iter(stand_ins))
            if not isinstance(made, QuerySet):
                raise Unprepared("it is no queryset")
            asked.append(said_of(made, how))
    (_, others, _), (sql, params, compiler) = asked
    if sql != asked[0][0] or len(params) != len(others):
        raise Unprepared("what is asked depends on the values")
    places = [slot_or_constant(pair, sets) for pair in zip(others, params, strict=True)]
    used = {slot.at for slot, _ in places if slot}
    if any(must and at not in used for at, (_, must) in enumerate(kinds)):
        raise Unprepared("a value is not among what is asked")
    return Words(made, sql, places, compiler)

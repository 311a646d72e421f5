"""The shape of what is asked: its values are known by their kinds, and others stand in for them.

For ``prepared``. Two sets of stand-ins tell where each value goes in the parameters of a question.
"""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

from qingchun.ground.province import HOME

DAYS = (dt.date, dt.datetime)
CODE = re.compile(rf"{HOME.code}(\d\d){{1,2}}|{HOME.code}\d{{7}}")  # of a unit below the province


class Unread(str):
    """A text that nobody looks into: it is only compared."""


class Unprepared(Exception):
    """It cannot be asked in words that were made before."""


def name_of(value: Any) -> Any:
    if value is None or type(value) in (str, bool):
        return value
    if type(value) is tuple and all(type(one) is str for one in value):  # select_for_update(of=…)
        return value
    raise Unprepared


def part_of(value: Any, values: list[Any], *, is_read: bool = False) -> Any:
    """What is known of an argument without its values, which are put with the others.

    ``is_read``: somebody may look into a text, and ask something else of one that is a number.
    """
    kind = type(value)
    if kind is int or kind is UUID or kind in DAYS:
        values.append(value)
        return kind
    if kind is Unread:
        values.append(str(value))
        return (str, 0)
    if kind is str and CODE.fullmatch(value):  # says its level by its length
        values.append(value)
        return (str, len(value))
    if kind is str and value not in ("", HOME.code):
        if is_read:
            raise Unprepared("a text may be looked into")
        values.append(value)
        return (str, 0)
    if value is None or kind is bool or kind is str or isinstance(value, Enum):
        return ("=", kind, value)
    if kind in (list, tuple):
        return (list, *(part_of(one, values, is_read=is_read) for one in value))
    if isinstance(value, Model):
        kind = value.__class__  # whoever is signed in stands behind a proxy
        shape, own = kind.taken_apart(value) if hasattr(kind, "taken_apart") else ((), (value.pk,))
        return (kind, shape, tuple(part_of(one, values) for one in own))
    raise Unprepared


def made_of(part: Any, values: Iterator[Any]) -> Any:
    """An argument of that shape, of other values."""
    if not isinstance(part, tuple) or part[0] is str:
        return next(values)
    if part[0] == "=":
        return part[2]
    if part[0] is list:
        return [made_of(one, values) for one in part[1:]]
    kind, shape, own = part
    given = [made_of(one, values) for one in own]
    if hasattr(kind, "put_together"):
        return kind.put_together(shape, *given)
    return kind.from_db("default", [kind._meta.pk.attname], given)  # nothing else is to be read


def stand_ins_of(part: Any, number: int) -> Iterator[Any]:
    """A value for each place in a shape, unlike all others; another ``number``, other values."""
    if part is int:
        yield 20_011 + number
    elif part is UUID:
        yield UUID(int=(20_011 << 96) + number)
    elif part is dt.date:  # unevenly apart, so that what is so many days later is known by it
        yield dt.date(1011, 1, 1) + dt.timedelta(number * number)
    elif part is dt.datetime:
        yield dt.datetime(1011, 1, 1, tzinfo=dt.UTC) + dt.timedelta(number * number)
    elif part[0] is str and part[1]:
        if number >= 90:
            raise Unprepared
        yield (HOME.code + f"{10 + number}" * part[1])[: part[1]]
    else:
        yield f" <{number}_aB> "


def places_in(shape: Any, is_asked: bool = True) -> Iterator[tuple[Any, bool]]:
    """(kind, whether it must be among what is asked) of the values of a shape, in their order."""
    if shape in (int, UUID, *DAYS) or (isinstance(shape, tuple) and shape[:1] == (str,)):
        yield shape, is_asked
    elif isinstance(shape, tuple) and shape[:1] != ("=",):
        for part in shape:
            yield from places_in(part, is_asked and not hasattr(shape[0], "taken_apart"))


@dataclass(frozen=True)
class Slot:
    """Where a value goes in the parameters: as it is; a day so much ``later``; or a text, cut to its
    first ``cut`` characters, between two others, escaped where LIKE is asked."""

    at: int
    later: dt.timedelta | None = None
    is_text: bool = False
    before: str = ""
    after: str = ""
    cut: int | None = None
    is_like: bool = False

    def __call__(self, values: tuple[Any, ...]) -> Any:
        value = values[self.at]
        if self.is_text:
            value = _escaped(value) if self.is_like else value[: self.cut]
            return f"{self.before}{value}{self.after}"
        return value if self.later is None else value + self.later


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _slots(param: Any, stand_ins: list[Any]) -> Iterator[Slot]:
    """Where a parameter may have come from."""
    for at, one in enumerate(stand_ins):
        if type(param) is type(one) and param == one:
            yield Slot(at)
        elif type(param) is type(one) and type(one) in DAYS:
            yield Slot(at, param - one)
        elif isinstance(param, str) and isinstance(one, str):
            yield from _parts_of(param, at, one)


def _parts_of(param: str, at: int, one: str) -> Iterator[Slot]:
    if one.isdigit():
        digits = re.fullmatch(r"(\D*)(\d{4,})(\D*)", param)
        if digits and one.startswith(digits[2]):
            cut = len(digits[2]) if len(digits[2]) < len(one) else None
            yield Slot(at, None, True, digits[1], digits[3], cut)
    elif _escaped(one) in param:
        before, _, after = param.partition(_escaped(one))
        yield Slot(at, None, True, before, after, None, True)
    elif one in param:
        before, _, after = param.partition(one)
        yield Slot(at, None, True, before, after)


def slot_or_constant(
    params: tuple[Any, Any], stand_ins: list[list[Any]]
) -> tuple[Slot | None, Any]:
    """From the same parameter with two sets of stand-ins. Raises: Unprepared."""
    one, other = params
    if type(one) is type(other) and one == other and not isinstance(one, dt.date):
        return None, one
    others = list(_slots(other, stand_ins[1]))
    found = [slot for slot in _slots(one, stand_ins[0]) if slot in others]
    if len(found) != 1:
        raise Unprepared(f"nobody knows what {one!r} is made of")
    return found[0], None


class Said(Exception):
    """What the database would have been asked."""


def _say(execute: Any, sql: str, params: Any, *_: Any) -> None:
    raise Said(sql, params)


@contextmanager
def unasked(link: Any) -> Iterator[None]:
    """Whatever the database is asked meanwhile, it is not, and nobody counts it."""
    is_counted, is_broken = link.force_debug_cursor, link.needs_rollback
    link.force_debug_cursor = False
    try:
        with link.execute_wrapper(_say):
            yield
    finally:
        # Nothing went wrong in the transaction, though a part of it that began meanwhile says so.
        link.force_debug_cursor, link.needs_rollback = is_counted, is_broken


def said_of(found: QuerySet, how: str) -> tuple[str, Any, Any]:
    """(SQL, parameters, compiler): of its rows, or ``how``, of what it answers at once."""
    if not how:
        compiler = found.query.get_compiler(found.db)
        return *compiler.as_sql(), compiler
    try:
        getattr(found, how)()
    except Said as said:
        return *said.args, None
    raise EmptyResultSet

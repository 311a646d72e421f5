"""Texts that were stored before what a PDF writes was read as it is meant (``ground.letters``), made
so: whoever types 高 finds ⾼ that an older version kept.

Each batch is a transaction of its own, and a text that is as it is meant is passed over: one that was
stopped goes on where it was. Marks that texts are found by are made anew by whoever calls this.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction

from qingchun.ground.letters import MEANT, SIGNS, meant
from qingchun.ground.sealed_fields import Sealed
from qingchun.ground.sealed_forms import Bytes, Text
from qingchun.ground.sealing import Box, WrongKey, seal
from qingchun.operations.columns import AT_ONCE, Column, sealed_columns

WHERE = "{} ~ %(signs)s AND NOT {}::text = ANY(%(left)s)"
# Sign for sign: there are as many letters afterwards, and none that JSON or an array would quote.
PUT = """
WITH batch AS (SELECT {key} FROM {table} WHERE {where} LIMIT {most} FOR UPDATE)
UPDATE {table} SET {name} = translate({text}, %(from)s, %(to)s)::{kind}
WHERE {key} IN (SELECT {key} FROM batch)
"""
KEYS = "SELECT {key}::text FROM {table} WHERE {where}"
ALONE = "UPDATE {table} SET {name} = translate({text}, %(from)s, %(to)s)::{kind} WHERE {key}::text = %(one)s"
SAID = {
    "signs": SIGNS.pattern,
    "from": "".join(map(chr, MEANT)),
    "to": "".join(MEANT.values()),
}
COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
"""
# What was written down there stays as it was: the database says so.
UNCHANGED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"


@dataclass
class Folded:
    """Of one column. ``left``: rows that cannot be called so, since another already is."""

    label: str
    done: int = 0
    left: int = 0


def fold() -> list[Folded]:
    """Read every text of the database as it is meant. Needs: the owner, whom no wall stands before (a
    migration). Returns: of each column in which there was something."""
    return [one for one in (*_plain(), *_sealed()) if one.done or one.left]


def _asked(question: str) -> set:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return set(cursor.fetchall())


def _plain() -> Iterator[Folded]:
    there, unchanged = _asked(COLUMNS), {table for (table,) in _asked(UNCHANGED)}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        for field in model._meta.local_concrete_fields:
            # A column that a later migration adds is not there yet.
            if (table, field.column) in there and table not in unchanged and _is_text(field):
                yield _fold(table, model._meta.pk.column, field)


def _is_text(field: Any) -> bool:
    if isinstance(field, ArrayField):
        return _is_text(field.base_field)
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return is_text and not isinstance(field, Sealed)


def _fold(table: str, key: str, field: Any) -> Folded:
    found, left = Folded(f"{table}.{field.column}"), []
    name, key = f'"{field.column}"', f'"{key}"'
    text = f"{name}::text"
    parts = {
        "table": table, "key": key, "name": name, "text": text, "most": AT_ONCE,
        "kind": field.db_type(connection), "where": WHERE.format(text, key),
    }  # fmt: skip
    while True:
        asked = SAID | {"left": left}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(PUT.format(**parts), asked)
                done = cursor.rowcount
        except IntegrityError:
            done = _one_by_one(parts, asked, left)
        found.done, found.left = found.done + done, len(left)
        if not done:
            return found


def _one_by_one(parts: dict[str, Any], asked: dict[str, Any], left: list[str]) -> int:
    """Those of a column of which some may not be called so; their keys go to ``left``."""
    done = 0
    with connection.cursor() as cursor:
        cursor.execute(KEYS.format(**parts), asked)
        for (one,) in cursor.fetchall():
            try:
                with transaction.atomic():
                    cursor.execute(ALONE.format(**parts), asked | {"one": one})
                    done += 1
            except IntegrityError:
                left.append(one)
    return done


def _sealed() -> Iterator[Folded]:
    there = _asked(COLUMNS)
    for column in sealed_columns():
        if type(column.form) in (Text, Bytes) and (column.table, column.name) in there:
            found = Folded(column.label)
            for batch in column.batches():
                changes = [(key, kept, new) for key, kept in batch if (new := _meant(column, kept))]
                found.done += column.write(changes) if changes else 0
            yield found


def _meant(column: Column, kept: Any) -> Any:
    """Sealed anew as it is meant; None where it is so, or is no text, or nothing opens it."""
    try:
        opened = column.form.opened(kept)
        text = opened if isinstance(opened, str) else opened.decode()
    except (WrongKey, ValueError):
        return None
    if not SIGNS.search(text):
        return None
    what, said = column.form.what, meant(text)
    return seal(said, what) if isinstance(kept, str) else Box(what).seal(said.encode())

"""Every column that holds what is sealed or marked: those of the fields, and what portals say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage
from django.db import connection, models

from qingchun.ground.portal import answers
from qingchun.ground.sealed_fields import SealedNumberField
from qingchun.ground.sealed_forms import Files, form_of
from qingchun.organizations.walls import PROVINCE, acting

AT_ONCE = 1000


@dataclass(frozen=True)
class Column:
    """``form``: one of ground/sealed_forms.py."""

    field: models.Field
    form: Any

    @property
    def label(self) -> str:
        return f"{self.table}.{self.name}"

    @property
    def model(self) -> type[models.Model]:
        return self.field.model

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        return self.field.column

    @property
    def key(self) -> models.Field:
        return self.model._meta.pk

    @property
    def storage(self) -> Storage:
        """Of a column of files."""
        return self.field.storage

    @property
    def is_of_files(self) -> bool:
        return isinstance(self.form, Files)

    def batches(self) -> Iterator[list[tuple[Any, Any]]]:
        """[(key, value)] of all rows that hold something, some at a time, as the table has them."""
        for rows in batches(self.table, self.key.column, [self.name], self.form.where):
            yield [row for row in rows if row[1]]

    def write(self, changes: list[tuple[Any, Any, Any]]) -> int:
        """(key, as it was, as it becomes) of some rows; one that somebody changed stays.

        Returns: how many were written.
        """
        kinds = [self.key.rel_db_type(connection), *[self.field.db_type(connection)] * 2]
        given = ", ".join(f"%s::{kind}[]" for kind in kinds)
        with asked(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {self.table} t SET {self.name} = v.new"
                f" FROM unnest({given}) v(id, old, new)"
                f" WHERE t.{self.key.column} = v.id AND t.{self.name} = v.old",
                [list(values) for values in zip(*changes, strict=True)],
            )
            return cursor.rowcount


def batches(table: str, key: str, names: list[str], where: str = "true") -> Iterator[list[tuple]]:
    """(key, *values) of the rows of a table as it has them, each batch in a transaction."""
    question = (
        f"SELECT {key}, {', '.join(names)} FROM {table} WHERE {where} AND {{}}"
        f" ORDER BY 1 LIMIT {AT_ONCE}"
    )
    after: list[Any] = []
    while True:
        with asked(), connection.cursor() as cursor:
            beyond = f"{key} > %s" if after else "%s IS NULL"
            cursor.execute(question.format(beyond), after or [None])
            rows = cursor.fetchall()
        if not rows:
            return
        after = [rows[-1][0]]
        yield [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]


def asked() -> Any:
    """A transaction that sees every row that is sealed."""
    return acting("seal anew", PROVINCE)


def sealed_columns() -> list[Column]:
    return _found(form_of, "sealed")


def marked_columns() -> list[Column]:
    """A number's mark stands before it, sealed: the two turn together."""
    return _found(lambda f: form_of(f) if isinstance(f, SealedNumberField) else None, "marks")


def _found(form_of_field: Callable, question: str) -> list[Column]:
    by_label = {f"{field.model._meta.label}.{field.name}": field for field in _fields()}
    of_fields = [Column(f, form) for f in by_label.values() if (form := form_of_field(f))]
    said = [Column(by_label[label], form) for label, form in answers(question)]
    return sorted(of_fields + said, key=lambda column: column.label)


def _fields() -> Iterator[models.Field]:
    for model in apps.get_models(include_auto_created=True):
        yield from model._meta.local_concrete_fields

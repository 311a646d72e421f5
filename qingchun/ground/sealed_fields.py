"""Columns that are sealed at rest: words, numbers, papers on the disk. Code sees them open.

None of them is searched. A number is found by its mark, in a column of its own.
"""

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models import F, Func
from django.db.models.fields.files import FieldFile

from qingchun.ground.sealing import Box, Sealable, blind_index, seal, unseal

SEALED = ".sealed"
MARK = 8


def seal_text(text: str, what: str) -> str:
    """Nothing stays nothing: that somebody left a field empty is no secret."""
    return seal(text, what) if text else ""


def open_text(sealed: str, what: str) -> str:
    return unseal(sealed, what) if sealed else ""


def seal_number(number: str, what: str) -> bytes:
    """The number's mark, and the number sealed so that it opens behind no other mark."""
    if not number:
        return b""
    known_by = blind_index(number, what).to_bytes(MARK, "big", signed=True)
    return known_by + Box(what).seal(number.encode(), bound_to=known_by)


def open_number(sealed: Sealable, what: str) -> str:
    sealed = bytes(sealed)
    return Box(what).open(sealed[MARK:], bound_to=sealed[:MARK]).decode() if sealed else ""


def resealed_number(sealed: Sealable, what: str) -> bytes:
    """The same with today's key; the mark stays."""
    sealed = bytes(sealed)
    return sealed and sealed[:MARK] + Box(what).resealed(sealed[MARK:], bound_to=sealed[:MARK])


Field: Any = object  # the field of Django that it is put before


class Sealed(Field):
    """What fields of both kinds share. ``what`` names the kind of secret, as for ``seal``."""

    def __init__(self, *args: Any, what: str = "", **kwargs: Any) -> None:
        self.what = what
        super().__init__(*args, **kwargs)

    if TYPE_CHECKING:  # a row holds what the column keeps, not the column

        def __get__(self, row: Any, model: Any = None) -> Any: ...

        def __set__(self, row: Any, value: Any) -> None: ...

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"what": self.what}


class SealedTextField(Sealed, models.TextField):
    """Words of a person. The same words are sealed otherwise each time, so no lookup finds them."""

    def get_prep_value(self, value: str | None) -> str:
        return seal_text(super().get_prep_value(value) or "", self.what)

    def from_db_value(self, value: str, expression: Any, connection: Any) -> str:
        return open_text(value, self.what)

    def get_lookup(self, lookup_name: str) -> None:
        return None


class SealedNumberField(Sealed, models.CharField):
    """A telephone number. Found by ``mark_of`` it, which PostgreSQL takes out of the same value.

    However a row is written, by a model, an UPDATE or a function of the database, the two cannot
    part. Who shows no number defers it.
    """

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def get_db_prep_value(self, value: str | None, connection: Any, prepared: bool = False) -> Any:
        sealed = seal_number(value or "", self.what)
        return connection.Database.Binary(sealed)

    def from_db_value(self, value: Sealable | None, expression: Any, connection: Any) -> str | None:
        return open_number(value, self.what) if value is not None else None

    def get_lookup(self, lookup_name: str) -> None:
        return None


class MarkOf(Func):
    """The mark in front of a sealed number, as ``mark`` makes it; NULL where there is no number."""

    template = (
        "CASE WHEN length(%(expressions)s) > 8 THEN "
        "('x' || encode(substring(%(expressions)s FROM 1 FOR 8), 'hex'))::bit(64)::bigint END"
    )
    output_field = models.BigIntegerField(null=True)


def mark_of(field: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=MarkOf(F(field)), output_field=MarkOf.output_field, db_persist=True
    )


class SealedFile(FieldFile):
    def save(self, name: str, content: File, save: bool = True) -> None:
        content.seek(0)  # several rows may keep the same paper, each in a file of its own
        sealed = ContentFile(Box(self.field.what).seal(content.read()))
        super().save(str(PurePath(name).with_suffix(SEALED)), sealed, save)

    save.alters_data = True  # type: ignore[attr-defined]

    def opened(self) -> bytes:
        """The bytes as they came. One from before papers were sealed lies as it was."""
        with self.storage.open(self.name) as kept:
            data = kept.read()
        return Box(self.field.what).open(data) if self.name.endswith(SEALED) else data


class SealedFileField(Sealed, models.FileField):
    """A paper that somebody signed or lent: whatever is saved is sealed, whoever saves it."""

    attr_class = SealedFile

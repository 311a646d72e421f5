"""In which forms a column holds what is sealed or marked, and how it is made anew.

Fields of ``sealed_fields`` say it themselves; what else an app seals or marks stands in its
portal.py as ``sealed`` and ``marks``: "app.Model.field" → one of these. ``manage.py keys`` walks them.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qingchun.ground.sealed_fields import (
    MARK,
    SealedFileField,
    SealedNumberField,
    SealedTextField,
    open_number,
)
from qingchun.ground.sealing import FERNET, HEADER, Box, remarked, resealed, unseal


@dataclass(frozen=True)
class Bytes:
    """``what``: the kind of secret, as for ``seal``. ``where``: SQL for the rows that are sealed."""

    what: str
    where: str = "true"

    def headers(self, kept: Any) -> set[bytes]:
        """What says the key, of each value in it; one from before that was written says none."""
        return {bytes(kept[:HEADER])}

    def opened(self, kept: Any) -> Any:
        """Raises: WrongKey."""
        return Box(self.what).open(kept)

    def resealed(self, kept: Any) -> Any:
        """Raises: WrongKey."""
        return Box(self.what).resealed(kept)


class Text(Bytes):
    def headers(self, kept: Any) -> set[bytes]:
        return {b"" if kept.startswith(FERNET) else base64.b64decode(kept[:8])[:HEADER]}

    def opened(self, kept: Any) -> Any:
        return unseal(kept, self.what)

    def resealed(self, kept: Any) -> Any:
        return resealed(kept, self.what)


class Number(Bytes):
    """Behind its mark, which stays."""

    def headers(self, kept: Any) -> set[bytes]:
        return {bytes(kept[MARK : MARK + HEADER])}

    def opened(self, kept: Any) -> Any:
        return open_number(kept, self.what)

    def resealed(self, kept: Any) -> Any:
        return kept[:MARK] + Box(self.what).resealed(kept[MARK:], bound_to=kept[:MARK])

    def turned(self, kept: Any) -> Any:
        """Behind the mark that the number has from now on."""
        before = int.from_bytes(kept[:MARK], "big", signed=True)
        mark = remarked(before, self.what).to_bytes(MARK, "big", signed=True)
        secret = Box(self.what).open(kept[MARK:], bound_to=kept[:MARK])
        return mark + Box(self.what).seal(secret, bound_to=mark)


class Hex(Bytes):
    """Bytes as JSON holds them: their digits, or these below ``hex``."""

    def headers(self, kept: Any) -> set[bytes]:
        return {self._bytes(kept)[:HEADER]}

    def opened(self, kept: Any) -> Any:
        return super().opened(self._bytes(kept))

    def resealed(self, kept: Any) -> Any:
        digits = super().resealed(self._bytes(kept)).hex()
        return {"hex": digits} if isinstance(kept, dict) else digits

    @staticmethod
    def _bytes(kept: Any) -> bytes:
        return bytes.fromhex(kept["hex"] if isinstance(kept, dict) else kept)


class Files(Bytes):
    """The column holds the name of a file; what lies in it is sealed."""


def _each(value: Any, names: Mapping[str, Any], make: Callable[[str, Any], Any]) -> Any:
    """The same JSON, with what stands below a name of ``names`` made anew, however deep."""
    if isinstance(value, list):
        return [_each(one, names, make) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: make(name, one) if name in names and one is not None else _each(one, names, make)
        for name, one in value.items()
    }


@dataclass(frozen=True)
class Inside:
    """Sealed values in a JSON column. ``names``: below which name → the form of what stands
    there, or of each where there are several."""

    names: Mapping[str, Bytes] = field(default_factory=dict)
    where: str = "true"

    def headers(self, kept: Any) -> set[bytes]:
        return {header for form, one in self._values(kept) for header in form.headers(one)}

    def opened(self, kept: Any) -> Any:
        return [form.opened(one) for form, one in self._values(kept)]

    def resealed(self, kept: Any) -> Any:
        def seal(name: str, one: Any) -> Any:
            return _through(one, self.names[name].resealed)

        return json.dumps(_each(json.loads(kept), self.names, seal))

    def _values(self, kept: Any) -> list[tuple[Bytes, Any]]:
        found: list[tuple[Bytes, Any]] = []

        def note(name: str, one: Any) -> None:
            several = one if isinstance(one, list) else [one]
            found.extend((self.names[name], value) for value in several)

        _each(json.loads(kept), self.names, note)
        return found


def _through(one: Any, make: Callable[[Any], Any]) -> Any:
    return [make(each) for each in one] if isinstance(one, list) else make(one)


@dataclass(frozen=True)
class Mark:
    """A blind index, or a list of them."""

    what: str
    size: int = MARK

    def turned(self, kept: Any) -> Any:
        if isinstance(kept, list):
            return sorted(remarked(one, self.what, self.size) for one in kept)
        return remarked(kept, self.what, self.size)


@dataclass(frozen=True)
class MarksInside:
    """Marks in a JSON column. ``names``: below which name → its Mark."""

    names: Mapping[str, Mark]

    def turned(self, kept: Any) -> Any:
        return json.dumps(_each(json.loads(kept), self.names, lambda n, v: self.names[n].turned(v)))


OF_FIELDS: Mapping[Any, type[Bytes]] = {
    SealedTextField: Text,
    SealedNumberField: Number,
    SealedFileField: Files,
}


def form_of(model_field: Any) -> Bytes | None:
    """Of a field that seals by itself; None for every other."""
    for kind, form in OF_FIELDS.items():
        if isinstance(model_field, kind):
            # From before papers were sealed: ``seal_papers`` seals them.
            sealed_ones = f"{model_field.column} LIKE '%%.sealed'" if form is Files else "true"
            return form(model_field.what, where=sealed_ones)
    return None

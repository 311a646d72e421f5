"""Everything that is sealed, looked through and sealed anew with today's key.

A batch is a transaction of its own and a row that somebody changes meanwhile is left alone, so
people go on working; what has today's key is passed over, so one that was stopped goes on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from qingchun.ground.sealed_fields import MARK, SealedNumberField, open_number, seal_number
from qingchun.ground.sealing import FORM, HEADER, Box, WrongKey, key_id
from qingchun.ground.stores import WRITTEN_OVER
from qingchun.operations import keys
from qingchun.operations.columns import Column, asked, sealed_columns

TODAY, OLDER, LOST, MISSING = "today", "older", "lost", "missing"
Told = Callable[[str], Any]


@dataclass
class Found:
    """Of one column: how many rows are sealed with which key, and rows that nothing opens.

    ``gone``: names of files that rows have and the place of files has not.
    """

    column: Column
    gone: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((TODAY, OLDER, LOST, MISSING), 0)
    )

    @property
    def is_well(self) -> bool:
        return not self.counts[LOST]

    def __str__(self) -> str:
        today, older, lost, missing = self.counts.values()
        said = f"{self.column.label}：今天的密钥 {today}，以前的 {older}，打不开 {lost}"
        return said + (f"，文件不见了 {missing}" if missing else "")


def check(*, whole: bool = False) -> Iterator[Found]:
    """Say of every column with which key its rows are sealed.

    Opens the first row of each key in each column, or every one (``whole``).
    """
    for column in sealed_columns():
        found = Found(column)
        opened: set[frozenset[bytes]] = set()
        for batch in column.batches():
            for _, kept in batch:
                if state := _state(column, kept, opened, whole):
                    found.counts[state] += 1
                if state == MISSING:
                    found.gone.add(kept)
        yield found


def wrong_with_data() -> str | None:
    """What is wrong with the keys, told by what they sealed: of a database with no probe yet."""
    if not all(found.is_well for found in check()):
        return keys.CANNOT_OPEN
    numbers = (c for c in sealed_columns() if isinstance(c.field, SealedNumberField))
    for column in numbers:
        for _, kept in next(column.batches(), [])[:1]:
            what = column.field.what
            if kept[:MARK] != seal_number(open_number(kept, what), what)[:MARK]:
                return keys.CANNOT_FIND
    return None


def _state(column: Column, kept: Any, opened: set, whole: bool) -> str:
    if column.is_of_files and (kept := _head(column, name := kept)) is None:
        return MISSING
    headers = frozenset(column.form.headers(kept))
    if not headers:
        return ""
    # A value from before says no key: only opening it tells.
    if whole or headers not in opened or not headers <= _known().keys():
        value = _read(column, name) if column.is_of_files else kept
        try:
            column.form.opened(value)
        except (WrongKey, ValueError):
            return LOST
        opened.add(headers)
    return TODAY if headers == {_todays()} else OLDER


def _known() -> dict[bytes, str]:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {FORM + key_id(secret): secret for secret in secrets}


def _todays() -> bytes:
    return FORM + key_id(settings.SECRET_KEY)


def _head(column: Column, name: str) -> bytes | None:
    try:
        with column.storage.open(name) as file:
            return file.read(HEADER)
    except FileNotFoundError:
        return None


def _read(column: Column, name: str) -> bytes:
    with column.storage.open(name) as file:
        return file.read()


# Anew


def reseal(tell: Told) -> int:
    """Seal what an older key sealed with today's. ``tell``: called with a line for each batch.

    Returns: how many rows and files. What no key opens stays as it is: ``check`` counts it.
    """
    return sum(_reseal(column, tell) for column in sealed_columns())


def _reseal(column: Column, tell: Told) -> int:
    done = seen = 0
    anew = _file_anew if column.is_of_files else _rows_anew
    for batch in column.batches():
        seen += len(batch)
        if written := anew(column, batch):
            done += written
            tell(f"{column.label}：看过 {seen}，重新加密 {done}")
    return done


def _rows_anew(column: Column, batch: list[tuple[Any, Any]]) -> int:
    changes = []
    for key, kept in batch:
        headers = column.form.headers(kept)
        if headers and headers != {_todays()}:
            try:
                changes.append((key, kept, column.form.resealed(kept)))
            except (WrongKey, ValueError):
                continue
    return column.write(changes) if changes else 0


def _file_anew(column: Column, batch: list[tuple[Any, Any]]) -> int:
    """Each name once: several rows may keep the same paper."""
    names = {name for _, name in batch if _head(column, name) not in (None, _todays())}
    return sum(_one_file_anew(column, name) for name in sorted(names))


def _one_file_anew(column: Column, name: str) -> int:
    """The new file first, then its rows, the old one last: whenever this stops, each row has one."""
    box, storage = Box(column.form.what), column.storage
    try:
        sealed = box.resealed(_read(column, name))
    except (WrongKey, FileNotFoundError):
        return 0
    # Never over the old one: a job's is called the same each time, and a crash would leave neither.
    fresh = f"resealed/{PurePath(name).name}" if name.startswith(WRITTEN_OVER) else name
    kept = storage.save(fresh, ContentFile(sealed), max_length=column.field.max_length)
    with asked():
        rows = column.model._base_manager.filter(**{column.field.name: name})
        if rows.update(**{column.field.name: kept}):
            transaction.on_commit(lambda: storage.delete(name))
            return 1
    storage.delete(kept)  # the row has gone meanwhile
    return 0

"""Whether this thread reads from a standby just now, and how far a database has come.

A place in PostgreSQL's log (LSN) says what a read must hold: text like ``0/16B3740``, whose order
only PostgreSQL knows.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connection, connections

ALIAS = "standby"
LSN = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
START = "0/0"
# A server that was promoted, or stands in for a standby that is gone, has everything.
HAS = "NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= %s::pg_lsn"
# Who somebody is, and what they may, is never old.
NEVER_OLD = ("accounts", "account", "mfa", "sessions", "socialaccount")
_now = threading.local()


def is_set_up() -> bool:
    return ALIAS in connections.settings


def is_read() -> bool:
    """Whether this thread reads from the standby."""
    return getattr(_now, "is_read", False)


@contextmanager
def read() -> Iterator[None]:
    _now.is_read = True
    try:
        yield
    finally:
        _now.is_read = False


def links() -> list[Any]:
    """The connections on which whoever asks is to be told."""
    return [connection, connections[ALIAS]] if is_read() else [connection]


def reading() -> Any:
    """The connection for a question in SQL of a page that may be old."""
    return connections[ALIAS] if is_read() else connection


AHEAD = "FFFFFFFF/FFFFFFFF"  # no standby has come so far


def written() -> str:
    """How far the primary has come. Asked once all is kept: where it went away just then, whoever
    wrote reads from the primary for a while, and is not told that nothing was saved."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
            return cursor.fetchone()[0]
    except Error:
        return AHEAD


def has(lsn: str) -> bool:
    """Whether what this thread reads holds what was ``written`` then."""
    if not is_read():
        return True
    if not LSN.fullmatch(lsn):
        return False
    with reading().cursor() as cursor:
        cursor.execute(f"SELECT {HAS}", [lsn])
        return cursor.fetchone()[0]


class Router:
    """Reads go where the thread reads, writes to the primary, whatever a row was read from."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return ALIAS if is_read() and model._meta.app_label not in NEVER_OLD else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, *rows: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, label: str, **hints: Any) -> bool:
        return db == "default"

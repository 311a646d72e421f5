"""INDEX_KEY turned: every mark is made anew, all of them or none.

The portal stands still meanwhile: whoever still marks by the key before would be found by nobody.
A mark is marked by the new key, so those of people who refused, whose number nobody has, turn like
every other.
"""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg2.extras import execute_batch

from qingchun.operations import keys
from qingchun.operations.columns import Column, asked, batches, marked_columns
from qingchun.operations.models import Installation
from qingchun.organizations import policies

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = ANY(%s) AND pid <> pg_backend_pid()
"""


def is_done() -> bool:
    return Installation.objects.get().index_probe == keys.index_probe()


def is_next() -> bool:
    """Whether the marks are those of the keys before, and today's key is the only new one."""
    return Installation.objects.get().index_probe == keys.index_probe_before()


def others_at_work() -> int:
    """Connections of the web and of the jobs, which mark by the key before."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [[settings.WEB_ROLE, settings.JOBS_ROLE]])
        return cursor.fetchone()[0]


@transaction.atomic
def reindex(tell: Callable[[str], Any]) -> int:
    """Turn every mark. Needs: the owner; nobody else at work; ``is_next``. Returns: of how many rows."""
    with connection.cursor() as cursor:
        policies.open_to_owner(cursor)
    done = sum(
        _turn(table, list(columns), tell)
        for table, columns in groupby(marked_columns(), lambda column: column.table)
    )
    policies.build()
    return done


def _turn(table: str, columns: list[Column], tell: Callable[[str], Any]) -> int:
    """All marks of a row at once: some tables hold that two of them are of one number."""
    key, names = columns[0].key.column, [column.name for column in columns]
    put = f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in names)} WHERE {key} = %s"
    done = 0
    # What a table does when a number becomes another is not meant: it is the same number.
    _triggers(table, "DISABLE")
    for rows in batches(table, key, names):
        turned = [
            [*(_turned(c, kept) for c, kept in zip(columns, row[1:], strict=True)), row[0]]
            for row in rows
        ]
        with asked(), connection.cursor() as cursor:
            execute_batch(cursor, put, turned)
        done += len(rows)
    _triggers(table, "ENABLE")
    if done:
        tell(f"{table}：{done}")
    return done


def _turned(column: Column, kept: Any) -> Any:
    return kept if kept in (None, b"", []) else column.form.turned(kept)


def _triggers(table: str, what: str) -> None:
    with connection.cursor() as cursor:
        # Checks that wait for the end would be in the way of it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} {what} TRIGGER USER")

"""Columns written anew by a migration, some thousand rows in one transaction."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

AT_ONCE = 2000


def rewrite(
    connection: Any,
    table: str,
    reads: str,
    writes: Mapping[str, str],
    value_of: Callable[..., tuple],
    where: str,
) -> int:
    """Give each row what ``value_of`` makes of the columns it reads, by the table's own text.

    ``writes``: column -> its type in PostgreSQL. ``where``: which rows still need it, so that one
    that was stopped goes on where it was. Needs: the owner; a migration that is not atomic, or all of it is one
    transaction. Returns: how many rows.
    """
    names = ", ".join(f"{column} = v.{column}" for column in writes)
    kinds = ", ".join(f"%s::{kind}[]" for kind in writes.values())
    find = f"SELECT id, {reads} FROM {table} WHERE id > %s AND ({where}) ORDER BY id LIMIT %s"
    put = (
        f"UPDATE {table} t SET {names}"
        f" FROM unnest(%s::bigint[], {kinds}) v(id, {', '.join(writes)}) WHERE t.id = v.id"
    )
    done, last = 0, 0
    while True:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(find, [last, AT_ONCE])
            if not (rows := cursor.fetchall()):
                return done
            columns = zip(*(value_of(*row[1:]) for row in rows), strict=True)
            cursor.execute(put, [[row[0] for row in rows], *map(list, columns)])
        done, last = done + len(rows), rows[-1][0]

"""What a database holds, so that another can be held against it: rows, structure, names of files."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

# However a session is set, a value is written out the same.
AS_TEXT = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL bytea_output = 'hex'"
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
# The same rows in any order: each row's digest is a number, and the numbers are added up.
ROWS = """
SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text
FROM public."{}" t
"""
STRUCTURE = {
    "policies": "SELECT relname || '.' || polname,"
    " concat(polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))"
    " FROM pg_policy JOIN pg_class c ON c.oid = polrelid"
    " WHERE relnamespace = 'public'::regnamespace",
    "walled": "SELECT relname, concat(relrowsecurity, relforcerowsecurity) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    "functions": "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid) FROM pg_proc p"
    " WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    "triggers": "SELECT relname || '.' || tgname, concat(tgenabled, pg_get_triggerdef(t.oid))"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    # 18 writes NOT NULL down as one, and 15 does not.
    "constraints": "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
}

DEFINED = """
SELECT name, md5(regexp_replace(said, %s, '', 'g')) FROM ({}) one (name, said) ORDER BY 1
"""
# A list of texts is cast as a whole where it was written, and each of it where it was restored.
CASTS = r"::(character varying|text)(\[\])?|[()\s]"

Rows = dict[str, tuple[int, str]]


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [name for (name,) in cursor.fetchall()]


def rows() -> Rows:
    """Table → (rows, digest of them all). Needs: a transaction; a role that sees every row."""
    with connection.cursor() as cursor:
        cursor.execute(AS_TEXT)
        found = {}
        for table in tables():
            cursor.execute(ROWS.format(table))
            count, digest = cursor.fetchone()
            found[table] = (count, digest)
        return found


def structure() -> dict[str, dict[str, str]]:
    """Kind → name → digest of how it is defined."""
    found = {}
    with connection.cursor() as cursor:
        for kind, question in STRUCTURE.items():
            cursor.execute(DEFINED.format(question), [CASTS])
            found[kind] = dict(cursor.fetchall())
    return found


def server() -> int:
    """The server's version, as 180004."""
    connection.ensure_connection()
    return connection.connection.server_version


def migrations() -> list[str]:
    """Those that the database has been through."""
    return sorted(".".join(one) for one in MigrationRecorder(connection).applied_migrations())


def names_of_files() -> set[str]:
    """Every file that a row has. Needs: a role that sees every row."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for field in _file_fields():
            table = field.model._meta.db_table
            cursor.execute(
                f"SELECT DISTINCT {field.column} FROM {table} WHERE {field.column} <> ''"
            )
            found.update(name for (name,) in cursor.fetchall())
    return found


def _file_fields() -> Iterator[Any]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                yield field

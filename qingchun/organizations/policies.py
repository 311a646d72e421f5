"""Row-level policies are made from the laws of the models, and compared with them."""

from django.apps import apps
from django.db import connection, transaction

from qingchun.organizations.law import Open, laws

HAS = """
SELECT relname, polname, CASE polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' ELSE polcmd::text END,
       polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = {}
"""
WALLED = """
SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def differences() -> dict[str, tuple]:
    """Table -> (what the database has, what its law says), of every table where they differ."""
    says = {table: law for table, law in laws().items() if law}
    with connection.cursor() as cursor:
        cursor.execute(WALLED)
        walled = dict(cursor.fetchall())
        has = _read(cursor, "'public'::regnamespace")
        wanted = _on_twins(cursor, {table: says[table] for table in says if table in walled})
    return {
        table: (was, right)
        for table, is_walled in walled.items()
        if (was := (is_walled, has.get(table, {})))
        != (right := (bool(wanted.get(table)), wanted.get(table, {})))
    }


def _read(cursor, schema):
    cursor.execute(HAS.format(schema))
    found = {}
    for table, name, *policy in cursor.fetchall():
        found.setdefault(table, {})[name] = tuple(policy)
    return found


def _on_twins(cursor, says):
    """What PostgreSQL makes of the laws: they stand on empty twins of the tables for a moment."""
    with transaction.atomic():
        before = transaction.savepoint()
        for table in says:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table})")
        for table, law in says.items():
            _create(cursor, f"pg_temp.{table}", law)
        found = _read(cursor, "pg_my_temp_schema()")
        transaction.savepoint_rollback(before)
    return found


def _create(cursor, table, law):
    for name, (command, condition) in law.policies().items():
        cursor.execute(f"CREATE POLICY {name} ON {table} FOR {command} USING ({condition})")


@transaction.atomic
def build() -> list[str]:
    """Bring the database to the laws. Needs: the owner of the tables. Returns: what was changed."""
    found = differences()
    with connection.cursor() as cursor:
        for table, ((_, policies), (is_walled, _)) in found.items():
            for name in policies:
                cursor.execute(f'DROP POLICY "{name}" ON {table}')
            for row_level_security in ("ENABLE", "FORCE") if is_walled else ("NO FORCE", "DISABLE"):
                cursor.execute(f"ALTER TABLE {table} {row_level_security} ROW LEVEL SECURITY")
            if is_walled:
                _create(cursor, table, laws()[table])
    return sorted(found)


HEAD = """# 谁看得见哪张表

由 `manage.py walls --doc` 按各模型上的 `law` 写成，不要手改。“看得见也写得了”之外，“只读”是还可以读的人。

| 表 | 记录 | 看得见也写得了 | 只读 |
|---|---|---|---|
"""


def table() -> str:
    """docs/walls.md: who sees what, table by table."""
    names = {m._meta.db_table: m._meta.verbose_name for m in apps.get_models()}
    return HEAD + "".join(
        f"| `{name}` | {names.get(name, '')} | {_who(law)} |\n"
        for name, law in sorted(laws().items())
    )


def _who(law):
    if isinstance(law, Open):
        return f"不设墙：{law.why} | "
    reads = law.reads.words if law.reads else ""
    return f"{'、'.join(dict.fromkeys(g.words for g in law.sees))} | {reads}"

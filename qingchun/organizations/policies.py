"""Row-level policies are made from the laws of the models, and compared with them.

A row may point at what its writer sees, and at nothing else: triggers ask it of new rows, a
statement at a time, and of an old one where it points elsewhere from now on. WITH CHECK could not: it
does not know what stood there before, and two tables that point at each other go round in it.
"""

from django.apps import apps
from django.db import connection, transaction

from qingchun.organizations.law import Law, Open, laws, opens
from qingchun.organizations.purposes import PURPOSES, used_by

HAS = r"""
SELECT relname, polname, polpermissive::text, polcmd::text, polroles::regrole[]::text,
       pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = {0}
UNION ALL
SELECT relname, tgname, NULL, NULL, tgenabled::text,
       regexp_replace(pg_get_triggerdef(pg_trigger.oid, true), 'wall\.\w+', 'wall'), NULL
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = {0} AND tgname IN ('points', 'points_anew')
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
    found: dict[str, dict[str, tuple]] = {}
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
            _create(cursor, table, law, asks="row_sees")
        found = _read(cursor, "pg_my_temp_schema()")
        transaction.savepoint_rollback(before)
    return found


def _create(cursor, table, law, *, asks):
    """``asks``: the function of ``wall`` that a new row's trigger calls."""
    for name, (command, condition) in law.policies().items():
        cursor.execute(f"CREATE POLICY {name} ON {table} FOR {command} USING ({condition})")
    if parents := pointed_at(table, law):
        changed = " OR ".join(f"old.{column} IS DISTINCT FROM new.{column}" for column in parents)
        both = ", ".join(f"'{column}', '{parent}'" for column, parent in parents.items())
        cursor.execute(
            f"CREATE TRIGGER points AFTER INSERT ON {table} REFERENCING NEW TABLE AS rows"
            f" FOR EACH STATEMENT EXECUTE FUNCTION wall.{asks}({both})"
        )
        cursor.execute(
            f"CREATE TRIGGER points_anew BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN ({changed}) EXECUTE FUNCTION wall.row_sees({both})"
        )


TRIGGERS = ("points", "points_anew")
# Of a table of its own, so that PostgreSQL keeps the plan: put together at each statement it took
# longer than all else of an INSERT. By the parent's key, however many rows the first one had.
NEW_ROWS = """
CREATE OR REPLACE FUNCTION wall.{name}() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF {unseen} THEN
        RAISE insufficient_privilege
            USING MESSAGE = TG_TABLE_NAME || ' points at what whoever writes it does not see';
    END IF;
    RETURN NULL;
END $$
"""
UNSEEN = """EXISTS (
        SELECT 1 FROM rows WHERE rows.{0} IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM public.{1} AS one WHERE one.id = rows.{0}))"""


def _asks(cursor, table, law):
    """The function that a new row's trigger calls, made as the law says. Returns: its name."""
    name = f"new_rows_of_{table}"
    if parents := pointed_at(table, law):
        unseen = " OR ".join(UNSEEN.format(*one) for one in parents.items())
        cursor.execute(NEW_ROWS.format(name=name, unseen=unseen))
    return name


def pointed_at(table: str, law: Law | Open) -> dict[str, str]:
    """Column -> table, of what a row points at and not everybody sees."""
    if isinstance(law, Open):
        return {}
    every = laws()
    model = next(m for m in apps.get_models(include_auto_created=True) if m._meta.db_table == table)
    found = {}
    for column in model._meta.concrete_fields:
        if column.related_model and column.name not in law.unseen:
            parent = column.related_model._meta.db_table
            above = every[parent]
            if isinstance(above, Law) and not above.is_read_by_all:
                found[column.column] = parent
    return found


def open_to_owner(cursor) -> None:
    """The owner sees every row until ``build``; the web role sees what it saw."""
    cursor.execute(WALLED)
    for table, is_walled in cursor.fetchall():
        if is_walled:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")


@transaction.atomic
def build() -> list[str]:
    """Bring the database to the laws. Needs: the owner of the tables. Returns: what was changed."""
    found = differences()
    with connection.cursor() as cursor:
        asks = {table: _asks(cursor, table, law) for table, law in laws().items() if law}
        for table, ((_, policies), (is_walled, _)) in found.items():
            for name in policies:
                cursor.execute(f'DROP POLICY IF EXISTS "{name}" ON {table}')
            for name in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            for row_level_security in ("ENABLE", "FORCE") if is_walled else ("NO FORCE", "DISABLE"):
                cursor.execute(f"ALTER TABLE {table} {row_level_security} ROW LEVEL SECURITY")
            if is_walled:
                _create(cursor, table, laws()[table], asks=asks[table])
    return sorted(found)


HEAD = """# 谁看得见哪张表

由 `manage.py walls --doc` 按各模型上的 `law` 写成，不要手改。“看得见也写得了”之外，“只读”是还可以读的人。

| 表 | 记录 | 看得见也写得了 | 只读 |
|---|---|---|---|
"""
CROSSINGS = """
## 门户跨单位做的事

“门户（……）”里的每一件事有一个名字（`qingchun/organizations/purposes.py`），只在做的时候打开下面这些表，只有写明的包能用。
登录不在其中：还不知道是谁的时候一张表也不打开，“找账号的函数”只回答编号（`qingchun/accounts/found.py`）。

| 做什么 | 为什么要跨单位 | 哪里用 | 打开的表 |
|---|---|---|---|
"""


def table() -> str:
    """docs/walls.md: who sees what, table by table."""
    names = {m._meta.db_table: m._meta.verbose_name for m in apps.get_models()}
    rows = "".join(
        f"| `{name}` | {names.get(name, '')} | {_who(law)} |\n"
        for name, law in sorted(laws().items())
    )
    return HEAD + rows + CROSSINGS + "".join(_crossing(*one, names) for one in PURPOSES.items())


def _crossing(name, purpose, names):
    tables = "、".join(sorted(str(names[table]) for table in opens(name)))
    places = "、".join(f"`{package}`" for package in used_by(name))
    return f"| {purpose.said}（`{name}`） | {purpose.why} | {places} | {tables} |\n"


def _who(law):
    if isinstance(law, Open):
        return f"不设墙：{law.why} | "
    reads = law.reads.words if law.reads else ""
    return f"{'、'.join(dict.fromkeys(g.words for g in law.sees))} | {reads}"

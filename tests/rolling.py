"""Migrations that the version before could not live with, beside whose web they run: make check.

In a release only what old code does not notice: new tables, columns that may be empty or that the
database fills, indexes made concurrently. What is renamed or dropped goes a release later, when no
running code asks for it any more. django-migration-linter reads the SQL; which of it, and the words,
are ours, as its own list of what to ignore goes by git or by a cache.
"""

import re
import sys
from pathlib import Path

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BASE_DIR = Path(__file__).resolve().parent.parent
# What came before this was looked at: the number of each app's last one then.
SEEN = {
    "accounts": 13, "campaigns": 9, "events": 11, "jobs": 1, "notifications": 4, "operations": 1,
    "organizations": 2, "proxy": 10, "reports": 19, "talent": 11,
}  # fmt: skip
# (app, name) → why it is worth stopping the portal for; docs/how/upgrade.md names them.
WITH_A_STOP: dict[tuple[str, str], str] = {}
# Longer words in a column: PostgreSQL writes that down in its catalogue and looks at no row, and old
# code reads and writes as it did.
WIDER = re.compile(r'ALTER TABLE "(\w+)" ALTER COLUMN "(\w+)" TYPE varchar\((\d+)\);?')
WHY = {
    "NOT_NULL": "有一列不能空而数据库不填默认值，旧代码写不进去：写 null=True 或者 db_default",
    "DROP_COLUMN": "删去了一列，旧代码还在读：先发布不用它的代码，下一个版本再删",
    "DROP_TABLE": "删去了一张表，旧代码还在读：先发布不用它的代码，下一个版本再删",
    "RENAME_TABLE": "改了表名，旧代码找不到：另建一张，下一个版本再删旧的；或者只改 db_table",
    "RENAME_COLUMN": "改了列名，旧代码找不到：加一列，下一个版本再删旧的；或者只改 db_column",
    "ALTER_COLUMN": "改了一列的类型，整张表会锁住，旧代码也可能读错：加一列，下一个版本再删旧的",
    "ADD_UNIQUE": "在有数据的表上加了唯一约束，旧代码可能写不进去：先发布守约束的代码，下一个版本再加",
    "ADD_CHECK": "在有数据的表上加了约束，旧代码可能写不进去：先发布守约束的代码，下一个版本再加",
    "CREATE_INDEX": "建索引时整张表不能写：用 AddIndexConcurrently，atomic = False",
    "DROP_INDEX": "删索引时整张表锁住：用 RemoveIndexConcurrently，atomic = False",
}


def ours(graph):
    for app, name in sorted(graph.nodes):
        module = sys.modules[type(graph.nodes[app, name]).__module__]
        if BASE_DIR in Path(module.__file__).parents and ".venv" not in module.__file__:
            yield app, name


def new(graph):
    """Those that came since."""
    for app, name in ours(graph):
        if int(name[:4]) > SEEN.get(app, 0) and (app, name) not in WITH_A_STOP:
            yield app, name


def _is_on(sql, tables):
    return any(f" ON {table} " in sql for table in tables)


def sentences(statements):
    """What old code could not live with, of the SQL of one migration."""
    from django_migration_linter.sql_analyser import PostgresqlAnalyser, analyse_sql_statements

    made = [sql.split()[2] for sql in statements if sql.startswith("CREATE TABLE")]
    # Its own look for a table that is new as well misses one before USING.
    others = [sql for sql in statements if not (" INDEX " in sql and _is_on(sql, made))]
    errors, _, warnings = analyse_sql_statements(PostgresqlAnalyser, others)
    codes = {issue.code for issue in (*errors, *warnings)}
    for sql in statements:
        words = sql.split()
        if words[:2] == ["ALTER", "TABLE"] and words[2] not in made and " CHECK (" in sql:
            codes.add("ADD_CHECK")
    return [WHY[code] for code in WHY if code in codes]


def is_wider(sql, before):
    """``before``: (table, column) → how many characters it took."""
    found = WIDER.fullmatch(sql)
    return bool(found) and 0 < (before.get(found.group(1, 2)) or 0) < int(found[3])


def lengths(models):
    return {
        (model._meta.db_table, field.column): field.max_length
        for model in models
        for field in model._meta.local_concrete_fields
        if field.get_internal_type() == "CharField"
    }


def sql_of(graph, loader, key):
    lines = loader.collect_sql([(graph.nodes[key], False)])
    if any(WIDER.fullmatch(line) for line in lines):
        before = lengths(loader.project_state(key, at_end=False).apps.get_models())
        lines = [line for line in lines if not is_wider(line, before)]
    return [line for line in lines if not line.startswith("--")]


def main():
    django.setup()
    loader = MigrationExecutor(connection).loader
    found = [
        f"{app} {name}：{why}。"
        for app, name in new(loader.graph)
        for why in sentences(sql_of(loader.graph, loader, (app, name)))
    ]
    print("\n".join(found) or "新的迁移，旧代码都能用。")
    return bool(found)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
    sys.exit(main())

"""What the wall of the database costs: who is asking, and a county's rows behind it. Part of
``make bench``.

Beside the walled table stands one with the same rows, keys and indexes and no wall.
"""

import time

from django.db import connection, transaction

from qingchun.organizations.law import laws
from qingchun.organizations.walls import rls_context

COUNTY, OWN, ALL = "140105", 2_000, 200_000
LIKE = "talent_contact"  # of whom: one's county, one's own, and by a sub-select
FILL = f"""
INSERT INTO {{table}} (organization_id, youth_id, means, text, by_name, at)
SELECT CASE WHEN n <= {OWN} THEN '{COUNTY}' ELSE u.code END, n, 'call', '春节回来', '王', now()
FROM generate_series(1, {ALL}) n
JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS i FROM organizations_organization
      WHERE level = 'county' AND code <> '{COUNTY}') u ON u.i = n % 120
"""
LIST = f"""
SELECT id, organization_id, means, text, by_name, at FROM {{table}}
WHERE organization_id >= '{COUNTY}' AND organization_id < '{COUNTY}:' ORDER BY id
"""


def made(cursor, table):
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(f"CREATE TABLE {table} (LIKE {LIKE} INCLUDING ALL)")
    cursor.execute(FILL.format(table=table))
    cursor.execute(f"VACUUM ANALYZE {table}")
    return table


def seconds(cursor, statement):
    start = time.perf_counter()
    cursor.execute(statement)
    found = len(cursor.fetchall())
    return time.perf_counter() - start, found


def in_pairs(first, second, times):
    """Medians of two pieces of work that take turns, so that a busy moment meets both."""
    pairs = [(first(), second()) for _ in range(times)]
    return [sorted(one)[times // 2] for one in zip(*pairs, strict=True)]


def rows(line):
    with connection.cursor() as cursor:
        bare, walled = made(cursor, "bench_bare"), made(cursor, "bench_walled")
        for name, (command, condition) in laws()[LIKE].policies().items():
            cursor.execute(f"CREATE POLICY {name} ON {walled} FOR {command} USING ({condition})")
        cursor.execute(f"ALTER TABLE {walled} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {walled} FORCE ROW LEVEL SECURITY")
        cursor.execute(f"SELECT count(*) FROM {walled}")
        assert cursor.fetchone() == (0,), "nobody is asking, and sees rows"
        with rls_context(scope=COUNTY):

            def read(table):
                taken, found = seconds(cursor, LIST.format(table=table))
                assert found == OWN, found
                return taken

            with_wall, without = in_pairs(lambda: read(walled), lambda: read(bare), 41)
        for table in (bare, walled):
            cursor.execute(f"DROP TABLE {table}")
    name = f"一县 {OWN:,} 行（全表 {ALL:,}）：有墙 / 无墙"
    line(name, 1000 * with_wall, "ms", 1000 * without, with_wall / without)
    line(
        "其中墙占的 / 目标 1 毫秒",
        1000 * (with_wall - without),
        "ms",
        1,
        1000 * (with_wall - without),
    )


def identity(line):
    """A request's own telling, and that of a transaction that tells nothing."""

    def asked(tell):
        start = time.perf_counter()
        with rls_context(scope=COUNTY, person="1") if tell else transaction.atomic():
            pass
        return time.perf_counter() - start

    told, untold = in_pairs(lambda: asked(True), lambda: asked(False), 401)
    cost = 1000 * (told - untold)
    line("一次请求说明“谁在问” / 目标 0.3 毫秒", cost, "ms", 0.3, cost / 0.3)


def run(line):
    identity(line)
    rows(line)

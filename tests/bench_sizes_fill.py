# ruff: noqa: E402
"""Fills a database of the bench with many: ``python -m tests.bench_sizes_fill ACTIVITIES PEOPLE
RECORDS MESSAGES``. As the server's superuser, indexes last; each row is one of the demo's made again.

Nothing that a list is ordered or narrowed by goes with anything else: days, kinds and units are drawn
apart, from the number of a row, so that every build has the same ones.
"""

import io
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench_settings"

import django

django.setup()

from campaigns.actions.tallies import COUNTS
from campaigns.models import Campaign
from qingchun.ground.pairs import pairs_in
from qingchun.ground.sealed_fields import seal_number
from qingchun.organizations.walls import PROVINCE, rls_context
from tests import bench_search
from tests.bench_tools import alone
from tests.looking import as_owner, looked_into

# Ten thousand are those of a city, so that a page of its townships is full as well.
COUNTIES = 121 if __name__ == "__main__" and int(sys.argv[1]) > 50_000 else 11
TITLES = ("上门登记", "返乡青年座谈会", "直播带货培训", "车站志愿服务", "人才政策宣讲")
RARE, OF_A_COUNTY = "春雷启动会", 3  # a text that a few entries hold, at every size
TEXT = "现场介绍了家乡新变化和人才政策。"
NUMBERED = 1000  # titles end with one of so many numbers
# A fourth are a township's; one kind has ten of a county, at every size.
ACTIVITIES = f"""
INSERT INTO campaigns_activity (id, campaign_id, organization_id, kind_id, stage, held_on, place,
    title, participants, text, figures, version, logged_by_name, logged_at, checked_by_name)
SELECT ('10000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(campaign)s,
    CASE WHEN drawn(n, 1) %% 4 = 0 THEN u.township ELSE u.code END, k.id, 1 + drawn(n, 2) %% 3,
    %(day)s::date + drawn(n, 3) %% 40, '政务大厅',
    CASE WHEN n <= {COUNTIES * OF_A_COUNTY} THEN %(rare)s
         ELSE (%(titles)s::text[])[1 + drawn(n, 4) %% {len(TITLES)}] || ' '
              || lpad((n / {COUNTIES} %% {NUMBERED})::text, 3, '0') END,
    n %% 200, %(text)s, '{{"leaders": 3}}', 1, '张小店', now() - n * interval '0.4 second', ''
FROM generate_series(1, %(many)s) n
JOIN counties u ON u.i = n %% {COUNTIES}
JOIN (SELECT id, row_number() OVER (ORDER BY number) - 1 AS i FROM campaigns_activitykind
      WHERE campaign_id = %(campaign)s AND city_id IS NULL) k
  ON k.i = CASE WHEN n <= {COUNTIES * 10} THEN 9 ELSE drawn(n, 5) %% 9 END
"""
WORDS = """
INSERT INTO campaigns_activitywords SELECT a.id, t.pairs, true
FROM campaigns_activity a JOIN titles t ON t.county = left(a.organization_id, 6) AND t.title = a.title
WHERE a.id >= '10000000-0000-4000-8000-000000000000' AND a.id < '10000000-0000-4000-9000-000000000000'
"""
PREPARED = f"""
SET session_replication_role = replica; SET synchronous_commit = off;
SET maintenance_work_mem = '1GB'; SET work_mem = '256MB';
CREATE FUNCTION pg_temp.drawn(n int, salt int) RETURNS int LANGUAGE sql IMMUTABLE
    RETURN hashint4(n # (salt << 24)) & 2147483647;
SET search_path = public, pg_temp;
CREATE TEMP TABLE counties AS
SELECT code, i, coalesce((SELECT min(t.code) FROM organizations_organization t
                          WHERE t.parent_id = c.code AND t.level = 'township'), code) AS township
FROM (SELECT code, row_number() OVER (ORDER BY code) - 1 AS i FROM organizations_organization
      WHERE level = 'county' ORDER BY code LIMIT {COUNTIES}) c;
CREATE TEMP TABLE numbers (n int PRIMARY KEY, sealed bytea);
CREATE TEMP TABLE titles (county text COLLATE "C", title text, pairs int[]);
"""
# Another like one of the demo's, but for what is said: generated columns come of themselves.
AGAIN = f"""
INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE SELECT {{made}}
FROM (SELECT t FROM {{table}} t WHERE {{like}} ORDER BY id LIMIT 1) one,
    generate_series(1, {{many}}) n (n) JOIN counties u ON u.i = n.n % {COUNTIES},
    LATERAL jsonb_populate_record(one.t, jsonb_build_object({{but}})) r
"""
FIRST = 10_000_000
PEOPLE = {
    "talent_youth": (
        "phone_sealed <> '' AND user_id IS NULL",
        {
            "phone_sealed": "(SELECT sealed FROM numbers WHERE numbers.n = n.n)",
            "name": "'陈返乡' || n.n % 1000", "active_at": "now() - n.n * interval '3 second'",
        },
    ),
    "talent_checkin": (
        "campaign_id = {campaign}",
        {"youth_id": f"n.n + {FIRST}", "at": "now() - n.n * interval '3 second'"},
    ),
    "talent_consent": ("purpose = 'basic'", {"youth_id": f"n.n + {FIRST}"}),
}  # fmt: skip
MESSAGES = {
    "notifications_message": (
        "channel = 'inapp' AND state = 'sent'",
        {
            "key": "'bench-' || n.n", "made_at": "now() - n.n * interval '5 second'",
            "recipient_id": "(SELECT min(id) FROM accounts_user) + n.n % 5",
        },
    )
}  # fmt: skip


def activities(cursor, campaign, many):
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'campaigns_log_%%'"
        " OR (tablename = 'campaigns_activity' AND indexdef LIKE 'CREATE INDEX%%')"
    )
    indexes = cursor.fetchall()
    cursor.execute(f"DROP INDEX {', '.join(name for name, _ in indexes)}")
    cursor.execute("SELECT code FROM counties")
    lines = io.StringIO()
    for (county,) in cursor.fetchall():
        numbers = range(min(NUMBERED, many // COUNTIES + 2))
        for title in (RARE, *(f"{said} {number:03}" for said in TITLES for number in numbers)):
            pairs = ",".join(map(str, pairs_in([title, TEXT], county, said=title)))
            lines.write(f"{county}\t{title}\t{{{pairs}}}\n")
    lines.seek(0)
    cursor.copy_expert("COPY titles FROM STDIN", lines)
    told = {
        "campaign": campaign.pk, "day": campaign.starts_on, "many": many, "titles": list(TITLES),
        "rare": RARE, "text": TEXT,
    }  # fmt: skip
    cursor.execute(ACTIVITIES.replace("drawn(", "pg_temp.drawn("), told)
    cursor.execute(WORDS)
    for _, index in indexes:
        cursor.execute(index)
    for counts in COUNTS:  # what the log adds up to, and of each day
        cursor.execute(f"DELETE FROM {counts.table} WHERE campaign_id = %s", [campaign.pk])
        columns = f"campaign_id, organization_id, {counts.columns}"
        truth = counts.truth.format(where="")
        cursor.execute(f"INSERT INTO {counts.table} ({columns}) {truth}", [campaign.pk])


def numbers(cursor, many):
    lines = io.StringIO()
    for n in range(1, many + 1):
        lines.write(f"{n}\t\\\\x{seal_number(f'139{n:08}', 'talent phone').hex()}\n")
    lines.seek(0)
    cursor.copy_expert("COPY numbers FROM STDIN", lines)


def again(cursor, tables, many, **told):
    for table, (like, but) in tables.items():
        cursor.execute(
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND attgenerated = '' AND NOT attisdropped",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        said = {"id": f"n.n + {FIRST}", "organization_id": "u.code"} | but
        cursor.execute(
            AGAIN.format(
                table=table, columns=", ".join(columns), many=many, like=like.format(**told),
                made=", ".join(f"r.{name}" for name in columns),
                but=", ".join(f"'{name}', {value}" for name, value in said.items()),
            )
        )  # fmt: skip
        assert cursor.rowcount == many, (table, cursor.rowcount)


def main(entries, people, records, messages):
    as_owner()
    with rls_context(scope=PROVINCE):
        campaign = Campaign.objects.current()
    with looked_into(os.environ["OWNER_URL"]) as cursor:
        cursor.execute(PREPARED)
        activities(cursor, campaign, entries)
        numbers(cursor, people)
        again(cursor, PEOPLE, people, campaign=campaign.pk)
        again(cursor, MESSAGES, messages)
        bench_search.fill(cursor, records)
    alone(os.environ["OWNER_URL"], "VACUUM ANALYZE")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

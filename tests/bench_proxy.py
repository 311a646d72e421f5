"""The green channel: a county's board as it grows, status look-ups, one hour that fifty want.

Booking is measured against a bare conditional UPDATE of a counter, each in a transaction of its
own, by the same fifty threads in the same two processes.
"""

import asyncio
import os
import sys
import time

import django

if __name__ == "__main__":  # one of the two processes
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench_settings"
    django.setup()

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from qingchun.accounts.phones import PHONE
from qingchun.ground.sealed_fields import seal_number
from qingchun.organizations.walls import rls_context
from services.proxy.actions import slots
from services.proxy.models import ServiceRequest, Slot
from tests.looking import as_owner, looking
from tests.rushing import PROCESSES, THREADS, at_once, fifty

COUNTY = "140105"
FEW, MANY = 500, 50_000
ATTEMPTS, NAME = 60, "tests.bench_proxy"
# A tenth of the requests are open, spread over the states; the rest have ended.
GROW = """
INSERT INTO proxy_servicerequest (organization_id, number, campaign_id, item_id, version_id,
    asker_name, relation, beneficiary, name, phone_sealed, landline, person_mark, way, place, wish, source,
    registered_by, consent_version, consent_paper, state, agent_name, begun_at, planned_on, latest_on,
    ended_at, stopped_on, in_time, days, word, reopened)
SELECT CASE WHEN n %% 3 = 0 THEN '140105' ELSE '140105001' END, lpad(n::text, 8, '0'),
    %(campaign)s, i.id, i.published_id, '', 'self', 'elder', '测速' || n,
    p.sealed, '', n, 'drop', '', '', 'door', '测速', 1, '',
    s.state, '', now() - n %% 60 * interval '1 day', current_date + (n %% 15)::int,
    current_date + 30, CASE WHEN s.state IN ('done', 'impossible') THEN now() END,
    CASE WHEN s.state = 'waiting' THEN current_date END,
    CASE WHEN s.state = 'done' THEN true END, CASE WHEN s.state = 'done' THEN n %% 12 END, '', 0
FROM generate_series(%(first)s::int, %(last)s::int) n
JOIN unnest(%(phones)s::bytea[]) WITH ORDINALITY p (sealed, at) ON p.at = 1 + n %% 10000
CROSS JOIN LATERAL (SELECT (ARRAY['registered', 'accepted', 'at_office', 'waiting', 'done', 'done',
    'done', 'done', 'done', 'impossible'])[CASE WHEN n %% 10 = 0 THEN 1 + n / 10 %% 4
    ELSE 5 + n %% 6 END] AS state) s
JOIN (SELECT id, published_id FROM proxy_serviceitem
      WHERE organization_id = '140105' AND published_id IS NOT NULL ORDER BY id LIMIT 1) i ON true
"""


def grow(campaign, first, last):
    with looking(), connection.cursor() as cursor:
        phones = [seal_number(f"1380000{n:04}", PHONE) for n in range(10_000)]
        facts = {"campaign": campaign.pk, "first": first, "last": last, "phones": phones}
        cursor.execute(GROW, facts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE proxy_servicerequest")


def board(line, campaign, median, signed_in):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in("county140105")
    taken = []
    for first, last in ((1, FEW), (FEW + 1, MANY)):
        grow(campaign, first, last)
        taken.append(median(lambda: client.get("/proxy/"), 100))
    connection.force_debug_cursor = True
    django.db.reset_queries()
    client.get("/proxy/")
    queries = sum(q["sql"] not in ("BEGIN", "COMMIT") for q in connection.queries)
    connection.force_debug_cursor = False
    few, many = taken
    line(
        f"县级代办看板，{queries} 条查询，{MANY:,} 件 / {FEW} 件",
        1000 * many, "ms", 1000 * few, many / few,
    )  # fmt: skip
    taken = median(lambda: client.get("/proxy/cases/"), 100)
    line(f"办件列表，{MANY:,} 件 / 看板", 1000 * taken, "ms", 1000 * many, taken / many)


async def _look_up(host, numbers, seconds):
    from tests.bench_checkin import Visitor, token_in

    end, done = time.monotonic() + seconds, 0

    async def person(n):
        nonlocal done
        visitor = Visitor(host, n)
        _, page = await visitor.ask("GET", "/status/")
        token = token_in(page)
        while time.monotonic() < end:
            number, last_four = numbers[(n * 7919 + done) % len(numbers)]
            form = {"csrfmiddlewaretoken": token, "number": number, "last_four": last_four}
            status, page = await visitor.ask("POST", "/status/", form)
            if status == 302:
                status, page = await visitor.ask("GET", "/status/")
            assert status == 200, status
            assert "没有查到".encode() not in page
            done += 1
        await visitor.close()

    await asyncio.gather(*(person(n) for n in range(8)))
    return done / seconds


def look_ups(line, host, requests_a_second):
    with looking():
        found = ServiceRequest.objects.filter(phone_mark__isnull=False)
        found = found.values_list("number", "phone")[:2000]
        from services.proxy import numbers

        known = [(n, phone[-4:]) for n, phone in found if numbers.plain(n)]
    hello = requests_a_second((host, "/hello/"))
    value = asyncio.run(_look_up(host, known, 6))
    line("凭编号查进展，每秒 / hello", value, "次/秒", hello, value / hello)
    share = 100 * 200 / value
    line("每秒查 200 次占用本机 / 同样多次 hello", share, "%", 100 * 200 / hello, hello / value)
    cache.clear()


def book(part):
    """What a person's booking does, once the request is there."""
    with looking():
        cases = ServiceRequest.objects.filter(name__startswith="测速", slot=None, way="drop")
        start = part * THREADS * ATTEMPTS
        mine = list(cases.order_by("pk")[start : start + THREADS * ATTEMPTS])
        slot = Slot.objects.get(place="测速")

    def attempt(number):
        with rls_context(scope="140105"):
            slots.book(mine[number], slot.pk)

    return fifty(attempt, ATTEMPTS)


def bare(_part):
    """The least that can be right: one conditional UPDATE of a counter."""

    def attempt(_number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_places SET taken = taken + 1 WHERE taken < capacity")
            assert cursor.rowcount == 1

    return fifty(attempt, ATTEMPTS)


def booking(line):
    with looking(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_places (taken int, capacity int)")
        cursor.execute("INSERT INTO bench_places VALUES (0, 1000000)")
        Slot.objects.create(
            organization_id=COUNTY, way="drop", place="测速", capacity=30_000,
            starts_at="2099-01-09T09:00+08:00", ends_at="2099-01-09T11:00+08:00",
        )  # fmt: skip
    reference, value = at_once(NAME, "bare"), at_once(NAME, "book")
    line("50 个同时约一个时段，每秒 / 只改计数", value, "次/秒", reference, value / reference)
    with looking():
        taken = Slot.objects.get(place="测速").taken
        assert taken == PROCESSES * THREADS * ATTEMPTS
        assert ServiceRequest.objects.filter(slot__place="测速").count() == taken
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_places")


def forget():
    """The counts were not told of these requests."""
    with looking(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM proxy_servicerequest WHERE name LIKE '测速%'")


def run(line, campaign, median, signed_in, serving, requests_a_second):
    board(line, campaign, median, signed_in)
    booking(line)
    with serving() as host:
        look_ups(line, host, requests_a_second)
    forget()


if __name__ == "__main__":
    as_owner()
    print({"book": book, "bare": bare}[sys.argv[1]](int(sys.argv[2])))

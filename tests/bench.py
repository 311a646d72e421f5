# ruff: noqa: E402
"""Speed, one line a measure: name, value, unit, the reference's value, ratio, and the goal of the ratio.

Every value stands beside a reference measured in the same run, so that machines compare.
``make bench`` builds 10,000, 100,000 and 1,000,000 activities on servers of its own, and once, kept in
var/bench, 5,000,000 (``SIZE=0.02``: a fiftieth). ``PARTS=pages,rest`` runs some of it; ``AGAINST=<commit>``
asks an older build as well.
"""

import datetime as dt
import json
import os
import resource
import uuid

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench_settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Sum
from django.test import Client

from campaigns import counting
from campaigns.actions import log as log_actions
from campaigns.actions import tallies
from campaigns.models import Activity, Campaign
from qingchun.accounts.models import User
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, rls_context
from reports.boards.board import Board
from tests import (
    bench_backup,
    bench_checkin,
    bench_doors,
    bench_events,
    bench_home,
    bench_outbox,
    bench_pages,
    bench_pool,
    bench_proxy,
    bench_rest,
    bench_search,
    bench_sizes,
    bench_summary,
    bench_walls,
)
from tests.bench_tools import cpu_of, line, median, missed, requests_a_second, serving, signed_in
from tests.looking import as_owner, looking

PARTS = os.environ.get(
    "PARTS",
    "rest,pages,home,log,checkin,doors,outbox,pool,search,proxy,events,summary,walls,backup,sizes",
).split(",")
SIZES = tuple(map(int, os.environ.get("SIZES", "10000 100000 1000000").split()))
GROW = """
INSERT INTO campaigns_activity (id, campaign_id, organization_id, kind_id, stage, held_on, place,
    title, participants, text, figures, version, logged_by_name, logged_at, checked_by_name)
SELECT gen_random_uuid(), %s, u.code, k.id, 1 + n %% 3, %s::date + (n %% 40)::int, '政务大厅',
    '上门登记 ' || n, n %% 200, '现场介绍了家乡新变化和人才政策。', '{"leaders": 3}', 1, '张小店',
    now() - n * interval '1 second', ''
FROM generate_series(%s::int, %s::int) n
JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS i FROM organizations_organization
      WHERE level = 'county') u ON u.i = n %% 121
JOIN (SELECT id, row_number() OVER (ORDER BY number) - 1 AS i FROM campaigns_activitykind
      WHERE campaign_id = %s AND city_id IS NULL) k ON k.i = n / 121 %% 10
"""


def grow(campaign, size):
    with rls_context(scope=PROVINCE), connection.cursor() as cursor:
        have = Activity.objects.count()
        cursor.execute(GROW, [campaign.pk, campaign.starts_on, have + 1, size, campaign.pk])
        tallies.rebuild(campaign)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def board_data(campaign, user):
    """All that the province's board shows, as its page asks for it."""
    with rls_context(scope=PROVINCE):
        edition = Campaign.objects.prefetch_related("stages", "deadlines").get(pk=campaign.pk)
        board = Board(edition, user.acting.organization, user)
        expected = board.expected()
        return board.children(expected), board.kind_rows(expected), list(board.newest())


def tally_data(campaign):
    """The counts on that board, by city, kind and stage, as ``Board`` asks for them."""
    with rls_context(scope=PROVINCE):
        return list(Board.counted(campaign, PROVINCE, 4))


def group_by(campaign):
    """The fastest single GROUP BY over the log: city and kind."""
    with rls_context(scope=PROVINCE), connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(organization_id, 4), kind_id, count(*), sum(participants), max(held_on)"
            " FROM campaigns_activity WHERE campaign_id = %s AND deleted_at IS NULL GROUP BY 1, 2",
            [campaign.pk],
        )
        return cursor.fetchall()


def per_city_loop(campaign):
    """What such boards usually do: for each city, for each kind, ask the log."""
    with rls_context(scope=PROVINCE):
        return [
            Activity.objects.within(city.code)
            .filter(campaign=campaign, kind=kind)
            .aggregate(Count("pk"), Sum("participants"))
            for city in Organization.objects.cities()
            for kind in campaign.kinds.all()
        ]


def logging(campaign, user, times=300):
    kind = (campaign.kinds.select_related("campaign").prefetch_related("campaign__stages")).get(
        key="homecoming"
    )
    day = dt.date.today() - dt.timedelta(1)

    def log():
        with rls_context(scope=user.scope, person=user.pk):
            log_actions.log_activity(
                actor=user, entry=uuid.uuid4(), kind=kind, held_on=day, place="政务大厅",
                participants=30, title="上门登记", figures={"leaders": 3},
            )  # fmt: skip

    insert = (
        "INSERT INTO campaigns_activity (id, campaign_id, organization_id, kind_id, stage, held_on,"
        " place, title, participants, text, figures, version, logged_by_name, logged_at,"
        " checked_by_name) VALUES (%s, %s, %s, %s, 2, %s, '政务大厅', '只插一行', 30, '', %s, 1,"
        " '张小店', now(), '')"
    )

    def bare():
        with rls_context(scope=user.scope), connection.cursor() as cursor:
            cursor.execute(
                insert,
                [uuid.uuid4(), campaign.pk, user.scope, kind.pk, day, json.dumps({"leaders": 3})],
            )

    reference = median(bare, times)
    value = median(log, times)
    with rls_context(scope=user.scope):
        Activity.objects.filter(title="只插一行").delete()  # the reference counts nothing
    line(
        "登记一次活动（含计数、审计）/ 只插一行",
        1000 * value,
        "ms",
        1000 * reference,
        value / reference,
    )


def pages():
    hello, _ = cpu_of(Client(), "/hello/", 1000)
    for username, path, name in (
        ("county140105", "/activities/", "县级活动列表"),
        ("province", "/board/", "全省进展页"),
        ("city1401", "/board/", "全市进展页"),
    ):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = signed_in(username)
        value, queries = cpu_of(client, path)
        line(
            f"{name}，{queries} 条查询，CPU / hello",
            1000 * value,
            "ms",
            1000 * hello,
            value / hello,
        )


def served(host):
    hello = requests_a_second((host, "/hello/"))
    for username, path, name in (
        ("county140105", "/activities/", "县级活动列表"),
        ("province", "/board/", "全省进展页"),
        ("", "/accounts/login/", "登录页（公开）"),
    ):
        cookie = f"{settings.SESSION_COOKIE_NAME}={signed_in(username)}" if username else ""
        value = requests_a_second((host, path), cookie)
        line(f"{name}，每秒 / hello", value, "次/秒", hello, value / hello)


def main():
    call_command("migrate", verbosity=0)
    call_command("load_tree", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with rls_context(scope=PROVINCE):
        campaign = Campaign.objects.current()
        people = {}
        for username in ("province", "county140105"):
            user = User.objects.get(username=username)
            user.acting = user.memberships.select_related("organization").get()
            people[username] = user
    print(f"{'名称':<42}{'数值':>10} {'单位':<6}{'参照':>10} {'倍数':>8} 目标")
    if "rest" in PARTS:
        bench_rest.run(line)
    if "pages" in PARTS:
        bench_pages.run(line, campaign, grow)
    if "home" in PARTS:
        bench_home.run(line)
    if "log" in PARTS:
        log_and_boards(campaign, people)
    with serving() as host:
        if "log" in PARTS:
            served(host)
        if "checkin" in PARTS:
            bench_checkin.run(line, host, requests_a_second)
    if "doors" in PARTS:
        bench_doors.run(line)
    if "outbox" in PARTS:
        bench_outbox.run(line)
    if "pool" in PARTS:
        bench_pool.run(line)
    if "search" in PARTS:
        bench_search.run(line)
    if "proxy" in PARTS:
        bench_proxy.run(line, campaign, median, signed_in, serving, requests_a_second)
    if "events" in PARTS:
        bench_events.run(line, people["county140105"])
    if "summary" in PARTS:
        bench_summary.run(line, campaign, median, grow)
    if "walls" in PARTS:
        bench_walls.run(line)
    if "backup" in PARTS:
        bench_backup.run(line, campaign, grow)
    if "sizes" in PARTS:
        bench_sizes.run(line)
    with rls_context(scope=PROVINCE):
        wrong = len(tallies.differences(campaign))
    with looking():
        wrong += len(counting.differences())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"计数与台账不一致：{wrong} 处；本进程内存峰值 {peak:.0f} MB；未达到目标：{len(missed)} 行"
    )


def log_and_boards(campaign, people):
    at_ten_thousand = None
    for size in SIZES:
        grow(campaign, size)
        value = median(lambda: board_data(campaign, people["province"]), 30)
        at_ten_thousand = at_ten_thousand or value
        line(
            f"全省进展数据，{size:,} 条 / 1 万条时",
            1000 * value,
            "ms",
            1000 * at_ten_thousand,
            value / at_ten_thousand,
        )
        counts = median(lambda: tally_data(campaign), 30)
        for name, work in (("GROUP BY", group_by), ("逐市循环", per_city_loop)):
            reference = median(lambda work=work: work(campaign), 3)
            line(
                f"计数，{size:,} 条：{name} / 计数表",
                1000 * reference,
                "ms",
                1000 * counts,
                reference / counts,
            )
            line(
                f"全省进展数据，{size:,} 条：{name} / 全部数据",
                1000 * reference,
                "ms",
                1000 * value,
                reference / value,
            )
    logging(campaign, people["county140105"])
    pages()


if __name__ == "__main__":
    as_owner()
    main()

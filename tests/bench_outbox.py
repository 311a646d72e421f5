"""Speed of the outbox: deciding and writing, claiming and sending. Part of ``make bench``.

The references run in the same minutes on the same servers: a bare COPY of the very rows that
were decided, and the same two workers given one Celery task for each message.
"""

import contextlib
import os
import subprocess
import sys
import time
from io import StringIO

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.accounts.models import Membership, User
from qingchun.notifications import channels, outbox
from qingchun.notifications.choices import ChannelName
from qingchun.notifications.models import Message
from qingchun.organizations.walls import acting
from reports.papers.actions import reminders
from reports.papers.models import Plan

MESSAGES = int(os.environ.get("MESSAGES", "100000"))
ONE_BY_ONE = MESSAGES // 20  # what the reference is given: at its pace the rest adds nothing


class Nowhere(channels.Channel):
    """A channel that takes everything and does nothing."""

    name = ChannelName.EMAIL
    batch = 1000

    def deliver(self, parcel):
        return ""


def copied_bare(columns):
    """Seconds to COPY the rows that are there into a table with the same columns and indexes."""
    rows = StringIO()
    with acting("tell"), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare (LIKE notifications_message INCLUDING ALL);"
            "ALTER TABLE bare ALTER id DROP IDENTITY IF EXISTS"
        )
        cursor.copy_expert(
            f"COPY (SELECT id, {columns} FROM notifications_message) TO STDOUT", rows
        )
        rows.seek(0)
        start = time.perf_counter()
        cursor.copy_expert(f"COPY bare (id, {columns}) FROM STDIN", rows)
    taken = time.perf_counter() - start  # with its commit
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare")
    return taken


def people_who_owe():
    """A third as many people as messages, each to be told by inbox, e-mail and SMS."""
    count = MESSAGES // 3
    with acting("tell"):
        Plan.objects.all().delete()
        people = User.objects.bulk_create(
            User(
                username=f"bench{n}", name="试", phone=f"13801{n:06}", email=f"b{n}@example.org",
                home_id="1402",
            )
            for n in range(count)
        )  # fmt: skip
        cities = [f"14{n:02}" for n in range(2, 12)]
        Membership.objects.bulk_create(
            Membership(user=user, organization_id=cities[n % 10], role="editor", duty="lead")
            for n, user in enumerate(people)
        )


def decide(line):
    people_who_owe()
    with acting("tell"):
        campaign = Campaign.objects.current()
        day = campaign.deadlines.get(purpose="plan").enforced_on
        moment = reminders.slots(reminders.schedule_of(campaign), day)[0].at
        Message.objects.all().delete()
    start = time.perf_counter()
    with acting("tell"):
        drafts = reminders.reminders(moment)
        written = outbox.post(drafts, moment)
    taken = time.perf_counter() - start
    bare = copied_bare(", ".join(outbox.COLUMNS))
    line(f"决定并写下 {written:,} 条 / 只 COPY 同样的行", taken, "秒", bare, taken / bare)


def refill(count):
    with acting("tell"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE notifications_message")
        cursor.execute(
            "INSERT INTO notifications_message (key, purpose, channel, organization_id,"
            " recipient_id, subject, lines, link, is_urgent, state, due_at, try_at, attempts,"
            " resends, answer, made_at)"
            " SELECT 'b' || n, 'deadline', 'email', '1402', u.id, '试',"
            """ '[{"about": "x", "unit": "1402", "text": "试"}]', '', true, 'due',"""
            " now(), now(), 0, 0, '', now()"
            " FROM generate_series(1, %s) n,"
            " (SELECT id FROM accounts_user WHERE username = 'bench1') u",
            [count],
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_message")


@contextlib.contextmanager
def workers():
    """Two worker processes of one Celery worker, on this bench's own Redis."""
    broker = settings.REDIS_URL.replace("unix://", "redis+socket://")
    environment = os.environ | {
        "BROKER_URL": broker,
        "DJANGO_SETTINGS_MODULE": "tests.bench_settings",
    }
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "celery",
        "--app",
        "tests.bench_tasks",
        "--quiet",
    ]
    process = subprocess.Popen(
        [*command, "worker", "--concurrency", "2", "--without-mingle", "--without-gossip"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def until_sent(count, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with acting("tell"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notifications_message WHERE state = 'sent'")
            if cursor.fetchone()[0] >= count:
                return
        time.sleep(0.02)
    raise RuntimeError("not all were sent")


def send(line):
    from tests import bench_tasks

    with workers():
        refill(2)
        for _ in range(2):
            bench_tasks.send_all.delay()
        until_sent(2)
        refill(MESSAGES)
        start = time.perf_counter()
        for _ in range(2):
            bench_tasks.send_all.delay()
        until_sent(MESSAGES)
        ours = MESSAGES / (time.perf_counter() - start)
        refill(ONE_BY_ONE)
        with acting("tell"):
            ids = list(Message.objects.values_list("pk", flat=True))
        start = time.perf_counter()
        for pk in ids:
            bench_tasks.send_one.delay(pk)
        until_sent(ONE_BY_ONE)
        one_task_each = ONE_BY_ONE / (time.perf_counter() - start)
        start = time.perf_counter()
        for _ in range(ONE_BY_ONE):
            bench_tasks.nothing.delay()
        bench_tasks.last.delay(int(now().timestamp()))
        bench_tasks.wait_for_last()
        empty_tasks = ONE_BY_ONE / (time.perf_counter() - start)
    name = f"领取并发出 {MESSAGES:,} 条到空渠道，两个进程"
    line(f"{name} / 一条一个任务", ours, "条/秒", one_task_each, ours / one_task_each)
    line(f"{name} / 空任务", ours, "条/秒", empty_tasks, ours / empty_tasks)


def run(line):
    decide(line)
    channels.found()[Nowhere.name] = Nowhere()
    send(line)

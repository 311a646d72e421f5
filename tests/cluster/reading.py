# ruff: noqa: E402
"""Look at boards and county pages beside a standby; prints what was read from where, as JSON.

python -m tests.cluster.reading PROCESS     PROCESS: of the standby's postmaster, ended at the end
"""

import json
import os
import re
import signal
import sys
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import uuid4

import django

django.setup()

import psycopg2
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.test import Client
from django.utils.timezone import localdate

from campaigns.models import Activity, Campaign
from qingchun import standby
from qingchun.accounts.models import User
from qingchun.ground import standby as reading
from qingchun.notifications import turns
from qingchun.organizations.walls import acting, rls_context
from tests.conftest import as_themselves

Client._login = as_themselves(Client._login)
settings.ALLOWED_HOSTS = ["testserver"]
asked = Counter()


def count(alias):
    def wrapper(execute, sql, params, many, context):
        asked[alias] += "set_config" not in sql  # who is asking is told to one that is behind, too
        return execute(sql, params, many, context)

    connections[alias].execute_wrappers.append(wrapper)


def superuser():
    link = psycopg2.connect(os.environ["STANDBY_AS_SUPERUSER"])
    link.autocommit = True
    return link.cursor()


def as_(username):
    client = Client()
    with rls_context(scope="14"):
        user = User.objects.get(username=username)
    client.force_login(user)
    return client


def get(client, path):
    """(status, the page without what is new each time, whether the standby was read)."""
    turns.take("beat", "test")
    before = asked["standby"]
    answer = client.get(path)
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, body, asked["standby"] > before


@contextmanager
def from_primary():
    standby._away_until = time.monotonic() + 1000
    yield
    standby._away_until = 0


def log(client, place):
    with rls_context(scope="140105"):
        campaign = Campaign.objects.current()
        kind = campaign.kinds.filter(city=None).first()
    values = {
        "id": str(uuid4()), "campaign": campaign.pk, "kind": kind.key, "held_on": str(localdate() - timedelta(1)),
        "place": place, "participants": 7, "title": place,
    }  # fmt: skip
    answer = client.post("/api/v1/activities/", json.dumps(values), content_type="application/json")
    return answer.status_code, answer.content.decode()[:300]


def total(body):
    """What the county's board says, digits alone."""
    return body


def caught_up():
    cursor, lsn = superuser(), reading.written()
    for _ in range(200):
        cursor.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [lsn])
        if cursor.fetchone()[0]:
            return
        time.sleep(0.05)


def main(process):
    for alias in ("default", "standby"):
        count(alias)
    said, county, colleague, province = (
        {},
        as_("county140105"),
        as_("county140105"),
        as_("province"),
    )
    caught_up()
    time.sleep(0.2)
    here = {path: get(province, path) for path in ("/board/", "/board/1401/", "/140105/", "/")}
    with from_primary():
        there = {path: get(province, path) for path in here}
    said["read"] = {path: [one[0], one[2]] for path, one in here.items()}
    said["same"] = {path: here[path][1] == there[path][1] for path in here}
    said["primary"] = {path: one[2] for path, one in there.items()}
    first = get(colleague, "/board/")
    cursor = superuser()
    cursor.execute("SELECT pg_wal_replay_pause()")
    said["posted"] = log(county, "甲村")
    own, other = get(county, "/board/"), get(colleague, "/board/")
    said["writer"] = [own[0], own[2], own[1] != first[1]]
    said["colleague"] = [other[0], other[2], other[1] == first[1]]
    # A county page that the standby cannot show yet is not kept for others.
    from django.db import transaction

    from talent.youth import pages

    with transaction.atomic():
        pages.forget("140105")
        turns.take("beat", "test")  # something is written, so the place moves on
    visitor = Client()
    read = get(visitor, "/140105/")
    said["kept behind"] = [read[2], pages.kept("140105")[1] is None]
    cursor.execute("SELECT pg_wal_replay_resume()")
    caught_up()
    again = get(visitor, "/140105/")
    said["kept after"] = [again[2], pages.kept("140105")[1] is not None]
    said["seen"] = [get(colleague, "/board/")[1] == get(county, "/board/")[1]]
    with standby.from_standby(("140105", "", "")), asking():
        rows = (
            Activity.objects.count(),
            Activity.objects.exclude(organization__code__startswith="140105").count(),
        )
    with standby.from_standby(("", "", "")), asking():
        rows += (Activity.objects.count(),)
    said["walls"] = rows
    # What was opened for a purpose that fails is shut there too, while the page is made on.
    with rls_context(scope="140105"), standby.from_standby(("140105", "", "")):
        with suppress(DatabaseError), acting("count", "14"):
            connections["default"].cursor().execute("SELECT 1 / 0")
        said["after an error"] = Activity.objects.count()
    colleague.cookies[standby.COOKIE] = "FFFFFFFF/0"
    said["forged"] = get(colleague, "/board/")[2]
    del colleague.cookies[standby.COOKIE]
    fresh, standby.FRESH = standby.FRESH, f"{standby.FRESH}, pg_sleep(5)"
    slow = get(colleague, "/board/")
    said["slow"] = [slow[0], slow[2], standby._away_until > time.monotonic()]
    connections["standby"].close()
    standby._away_until, standby.FRESH = 0, fresh
    with rls_context(scope="14"):
        connections["default"].cursor().execute(
            "UPDATE notifications_pulse SET at = now() - interval '1 minute' WHERE name = 'beat'"
        )
    caught_up()
    before = asked["standby"]
    said["silent"] = [colleague.get("/board/").status_code, asked["standby"] > before]
    os.kill(process, signal.SIGINT)
    began = time.monotonic()
    gone = [get(colleague, "/board/")[0] for _ in range(3)]
    said["gone"] = [gone, time.monotonic() - began < 20]
    print(json.dumps(said, ensure_ascii=False))


@contextmanager
def asking():
    yield


if __name__ == "__main__":
    cache.clear()
    main(int(sys.argv[1]))

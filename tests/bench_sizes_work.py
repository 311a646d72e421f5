# ruff: noqa: E402
"""One measure of a database of the bench, as the web role asks behind the wall, in a process of its
own: ``python -m tests.bench_sizes_work WHAT …`` prints it as JSON.
"""

import json
import os
import re
import statistics
import sys
import tempfile
import time
from functools import partial

os.environ["DJANGO_SETTINGS_MODULE"] = "qingchun.settings"

import django

django.setup()

from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from campaigns.listing import listed
from campaigns.models import Campaign
from qingchun.accounts.models import User
from qingchun.ground.lists import listings
from qingchun.jobs.actions import fetch, work
from qingchun.jobs.lists import ask
from qingchun.jobs.models import Job
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, rls_context
from reports.papers import figures
from tests.bench_sizes_fill import RARE, TITLES
from tests.bench_tools import forget_peak, memory

ROUNDS = 3
OF_A_LIST = re.compile(
    r'\b(?:FROM|JOIN) "?(?:campaigns_activity(?:words)?|campaigns_daytally|talent_youth|talent_checkin'
    r'|talent_talentrecord|talent_poolwords|notifications_message)"?\b'
)
LEVELS = {"省": "province", "市": "city1401", "县": "county140105", "乡": "township140105001"}
# Held by few, by a part, by nobody, called so; a name, somebody's number, a page.
LOOKED_FOR = (
    RARE, TITLES[1], f"{TITLES[0]} 007", "月球车", "clqd", "smdj", "chunleiqidong", "王晓东", "wxd",
    "13900000077", "小店区", "xdq", "登记活动", "太原",
)  # fmt: skip
SEARCHES = 8
BOTH = {"首页": {}, "末页": {"end": "1"}}


def asked_of_lists(campaign):
    """(what, whose, which page) → an address and what it says."""
    days = campaign.starts_on.isoformat(), campaign.starts_on.replace(day=28).isoformat()
    kinds = list(campaign.kinds.filter(city=None).order_by("number").values_list("key", flat=True))
    narrowed = {
        "活动列表": {}, "活动列表倒着排": {"sort": "-held"}, "按项目": {"kind": kinds[0]}, "按少见的项目": {"kind": kinds[9]},
        "按日期": {"since": days[0], "until": days[1]},
        "按项目和日期": {"kind": kinds[1], "since": days[0]},
        "找少见的字": {"q": RARE}, "找常见的字": {"q": TITLES[1]}, "找带编号的字": {"q": f"{TITLES[0]} 007"},
    }  # fmt: skip
    api = {
        "接口": {}, "接口按项目": {"kind__key": kinds[0]},
        "接口按少见的项目": {"kind__key": kinds[9]}, "接口按日期": {"held_on__lte": days[1]},
    }  # fmt: skip
    for level in LEVELS:
        for page, end in BOTH.items():
            for what, told in narrowed.items():
                yield (what, level, page), "/activities/", told | end
            for what, told in api.items():
                yield (what, level, page), "/api/v1/activities/", told | end
        yield ("看板", level, ""), "/board/", {}
        yield ("日历", level, ""), "/board/days/", {}
        yield ("走势", level, ""), "/board/trend/", {}
    for what, path in {"青年": "/youth/", "人才库": "/pool/", "消息": "/messages/"}.items():
        yield (what, "县", "首页"), path, {}


def taken_by(taken, execute, sql, params, many, context):
    """Asks PostgreSQL, of each question of a list, how long that takes; the claim is the page's."""
    answer = execute(sql, params, many, context)
    if not many and sql.lstrip().startswith("SELECT") and OF_A_LIST.search(sql):
        with context["connection"].connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
            taken.append(cursor.fetchone()[0][0]["Execution Time"])
    return answer


def lists():
    """Milliseconds of PostgreSQL for what each list shows; of some times the least disturbed."""
    with rls_context(scope=PROVINCE):
        campaign = Campaign.objects.current()
        people = {level: User.objects.get(username=name) for level, name in LEVELS.items()}
        asked = list(asked_of_lists(campaign))
    clients = {level: signed_in(user) for level, user in people.items()}
    found = {}
    for name, path, told in asked:
        rounds = []
        for _ in range(ROUNDS + 1):
            taken = []
            with connection.execute_wrapper(partial(taken_by, taken)):
                answer = clients[name[1]].get(path, told)
            assert answer.status_code == 200, (path, told, answer.status_code)
            rounds.append(sum(taken))
        found["|".join(name)] = min(rounds[1:])
    return found


def over_all():
    """Level → [the 95th of a hundred searches over everything, seconds; the same of the log's list
    and of the page with nothing looked for]: whole pages, as the portal answers them."""
    with rls_context(scope=PROVINCE):
        people = {level: User.objects.get(username=name) for level, name in LEVELS.items()}
    found = {}
    for level, user in people.items():
        client = signed_in(user)
        found_at = [client.post("/search/", {"q": words}).url for words in LOOKED_FOR]
        taken = [timed(client, url) for _ in range(SEARCHES + 1) for url in found_at]
        pages = ["/activities/", "/search/"]
        found[level] = [
            statistics.quantiles(some, n=20)[-1]
            for some in (
                taken[len(found_at) :],
                *([timed(client, path) for _ in range(SEARCHES * 10)][10:] for path in pages),
            )
        ]
    return found


def timed(client, url):
    start = time.perf_counter()
    assert client.get(url).status_code == 200, url
    return time.perf_counter() - start


def signed_in(user):
    client = Client(SERVER_NAME="127.0.0.1")
    with rls_context(person=user.pk):
        client.force_login(user)
    return client


def export(username, narrowed):
    """What a list holds, in a file: its rows, the list's, and the peak of the process."""
    with rls_context(scope=PROVINCE):
        user = User.objects.get(username=username)
        user.acting = user.memberships.select_related("organization").get()
        campaign, asked = Campaign.objects.current(), {}
        if narrowed == "kind":
            asked = {"kind": campaign.kinds.order_by("number").first().key}
    with rls_context(scope=user.scope, person=user.pk):
        in_list = listed(user, campaign, asked)[1].count()
        job = ask(listings()["activities"], actor=user, asked=asked)
    forget_peak()
    work()
    peak = memory("VmHWM")
    with rls_context(scope=user.scope, person=user.pk), tempfile.NamedTemporaryFile() as kept:
        with fetch(Job.objects.get(pk=job.pk)) as file:
            kept.write(file.read())
            kept.flush()
        book = CalamineWorkbook.from_path(kept.name)
        rows = sum(book.get_sheet_by_name(sheet).height - 1 for sheet in book.sheet_names)
    return {"rows": rows, "in_list": in_list, "peak": peak}


def province():
    """The figures of the province, and the peak of the process that asked for them."""
    with rls_context(scope=PROVINCE):
        campaign, unit = Campaign.objects.current(), Organization.objects.get(pk=PROVINCE)
        forget_peak()
        found = {figure.name: figure.value for figure in figures.count(campaign, unit)}
        peak = memory("VmHWM")
    return {"people": found["checkin.people"], "peak": peak}


if __name__ == "__main__":
    print(
        json.dumps(
            {"lists": lists, "export": export, "province": province, "over_all": over_all}[
                sys.argv[1]
            ](*sys.argv[2:])
        )
    )

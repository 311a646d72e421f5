"""What a page costs the process that serves it, beside "hello" behind the same middleware and beside
the leanest list. Part of ``make bench``.

The pages take turns, through the handler that gunicorn calls, so that a busy moment meets all of them;
what is counted is CPU of this process alone. ``AGAINST=<commit>`` asks an older build as well.
"""

import gzip
import io
import os
import random
import runpy
import shutil
import statistics
import sys
import time
import uuid
from collections import defaultdict
from functools import cache

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils.timezone import localdate
from PIL import Image

from campaigns.models import Activity
from qingchun.organizations.walls import PROVINCE, rls_context
from talent.pool.models import TalentRecord
from tests import bench_against
from tests.bench_tools import requests_a_second, serving, signed_in
from tests.bench_urls import LEAN_MIDDLEWARE

ROUNDS, EACH = 7, 20
COUNTY = "county140105"
LISTS = {
    "县级活动列表": (COUNTY, "/activities/"), "全省活动列表": ("province", "/activities/"),
    "返乡青年": (COUNTY, "/youth/"), "人才库": (COUNTY, "/pool/"), "代办件": (COUNTY, "/proxy/cases/"),
    "消息": (COUNTY, "/messages/"),
}  # fmt: skip
BOARDS = {
    "全省进展": ("province", "/board/"), "全市进展": ("city1401", "/board/"),
    "县级进展": (COUNTY, "/board/"),
}  # fmt: skip

OVER_TIME = {"全省走势": ("province", "/board/trend/"), "全省日历": ("province", "/board/days/")}
# What waits for each: one question an app.
TODAY = {
    "县级今天": (COUNTY, "/today/"), "全省今天": ("province", "/today/"),
    "乡镇今天": ("township140105001", "/today/"),
}  # fmt: skip


class Handler(WSGIHandler):
    """As gunicorn calls it, for forms that no page was asked for first."""

    def get_response(self, request):
        request._dont_enforce_csrf_checks = True
        return super().get_response(request)

    def ask(self, path, cookie="", **told):
        """Returns: (status, headers, body)."""
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_COOKIE": cookie,
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        } | told  # fmt: skip
        said = []
        answer = self(environ, lambda status, headers, *_: said.extend((status, headers)))
        body = b"".join(answer)
        answer.close()
        return int(said[0][:3]), dict(said[1]), body


@cache
def cookie_of(username):
    """One session each: whoever opens many ends the first ones."""
    return f"{settings.SESSION_COOKIE_NAME}={signed_in(username)}" if username else ""


def forms_and_records():
    with rls_context(scope="140105"):
        entry = Activity.objects.live().filter(organization_id="140105").first()
        record = TalentRecord.objects.standing().filter(organization_id="140105").first()
    return {
        "登记活动的表单": (COUNTY, "/activities/new/"), "一次活动": (COUNTY, f"/activities/{entry.pk}/"),
        "一条人才记录": (COUNTY, f"/pool/{record.pk}/"), "报到的表单": ("", "/140105/check-in/"),
    }  # fmt: skip


def in_turn(asked, rounds=ROUNDS, each=EACH):
    """{name: () -> what is done} → {name: median CPU seconds of this process}."""
    taken = defaultdict(list)
    for number in range(rounds + 1):
        for name, do in asked.items():
            for _ in range(each):
                start = time.process_time()
                do()
                taken[name].append(time.process_time() - start)
            if not number:  # the first round warms up
                taken[name].clear()
    return {name: statistics.median(found) for name, found in taken.items()}


def pages(line, handler):
    kinds = [(LISTS, 6), (forms_and_records(), 9), (BOARDS, 5), (TODAY, 9), (OVER_TIME, 15)]
    with override_settings(MIDDLEWARE=LEAN_MIDDLEWARE):
        lean = Handler()
    mine = cookie_of(COUNTY)
    asked = {
        "hello": (handler, "/hello/", ""), "signed in": (handler, "/hello/", mine),
        "lean": (lean, "/lean/", mine),
    }  # fmt: skip
    for found, _ in kinds:
        asked |= {name: (handler, path, cookie_of(who)) for name, (who, path) in found.items()}
    for served_by, path, cookie in asked.values():
        status, _, body = served_by.ask(path, cookie)
        assert status == 200, (path, status, body[:200])
    rows = lean.ask("/lean/", mine)[2].count(b"<li>")
    assert rows == 25, rows
    runpy.run_path("gunicorn.conf.py")["settle"]()  # as a worker does, once it is ready
    found = in_turn({
        name: lambda one=one: one[0].ask(*one[1:]) for name, one in asked.items()
    })  # fmt: skip
    hello = found["hello"]

    def say(name, value, reference, goal):
        line(name, 1000 * value, "ms", 1000 * reference, value / reference, goal)

    say("登录后的 hello / hello，CPU", found["signed in"], hello, 2.2)
    listed = next(iter(LISTS))
    say(f"{listed}（25 行）/ 最省的列表，CPU", found[listed], found["lean"], 1.0)
    for names, goal in kinds:
        for name in names:
            say(f"{name} / hello，CPU", found[name], hello, goal)
    return asked


def bytes_sent(line, asked):
    """The worst of the pages: what goes out for a page, beside the page compressed."""
    worst = (0, 0, 1, "")
    for name, (handler, path, cookie) in asked.items():
        if name in ("hello", "signed in", "lean"):
            continue
        whole = handler.ask(path, cookie)[2]
        sent = len(handler.ask(path, cookie, HTTP_ACCEPT_ENCODING="gzip")[2])
        least = len(gzip.compress(whole, 6))
        worst = max(worst, (sent / least, sent, least, name))
    ratio, sent, least, name = worst
    line(f"网页发出的字节 / gzip（最差：{name}）", sent / 1000, "kB", least / 1000, ratio, 1.05)


def picture():
    """As a telephone takes it: 1600×1200, about a megabyte."""
    noise = Image.frombytes("RGB", (800, 600), random.Random(1).randbytes(800 * 600 * 3))
    body = io.BytesIO()
    noise.resize((1600, 1200), Image.Resampling.BICUBIC).save(body, "JPEG", quality=60)
    return body.getvalue()


def photos(line, handler):
    mine, day, photo = cookie_of(COUNTY), localdate(), picture()

    def log(*files):
        typed = {
            "entry": str(uuid.uuid4()), "kind": "proxy", "held_on_year": day.year,
            "held_on_month": day.month, "held_on_day": day.day, "place": f"政务大厅{uuid.uuid4().hex[:6]}", "participants": 5,
            "photos": [_File(body) for body in files],
        }  # fmt: skip
        body = encode_multipart(BOUNDARY, typed)
        start = time.process_time()
        status, _, page = handler.ask(
            "/activities/new/", mine, REQUEST_METHOD="POST", CONTENT_TYPE=MULTIPART_CONTENT,
            CONTENT_LENGTH=str(len(body)), **{"wsgi.input": io.BytesIO(body)},
        )  # fmt: skip
        assert status == 302, (status, page.decode()[:2000])
        return time.process_time() - start

    pairs = [(log(photo), log()) for _ in range(23)][3:]
    with_one, without = (statistics.median(one) for one in zip(*pairs, strict=True))
    size = f"{len(photo) / 1e6:.1f} MB"
    line(f"登记活动，带一张照片（{size}）/ 不带，CPU", 1000 * with_one, "ms", 1000 * without, with_one / without, 3)  # fmt: skip


class _File(io.BytesIO):
    name, content_type = "IMG_0001.jpg", "image/jpeg"


def css(line, host):
    """All rules that were sent beside those that a page uses, at two widths; the worst page."""
    chromium = shutil.which("chromium")
    if not chromium:
        print("样式：没有 Chromium，没有测")
        return
    from playwright.sync_api import sync_playwright

    asked = LISTS | BOARDS | TODAY | OVER_TIME | forms_and_records()
    cookies = {who: cookie_of(who) for who, _ in asked.values()}
    worst = (0, 0, 1, "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (who, path) in asked.items():
            context = browser.new_context(viewport={"width": 412, "height": 900})
            if who:
                name_of_it, _, value = cookies[who].partition("=")
                kept = {"name": name_of_it, "value": value, "url": f"http://{host}"}
                context.add_cookies([kept])
            sent, used = _css_of(context.new_page(), f"http://{host}{path}")
            worst = max(worst, (sent / used, sent, used, name))
            context.close()
        browser.close()
    ratio, sent, used, name = worst
    line(f"样式发出 / 页面用到（最差：{name}）", sent / 1000, "kB", used / 1000, ratio, 1.5)


def _css_of(page, address):
    link = page.context.new_cdp_session(page)
    sheets = {}
    link.on("CSS.styleSheetAdded", lambda said: sheets.update({said["header"]["styleSheetId"]: said["header"]["length"]}))  # fmt: skip
    link.send("DOM.enable")
    link.send("CSS.enable")
    link.send("CSS.startRuleUsageTracking")
    answer = page.goto(address, wait_until="load")
    assert answer.status == 200, (address, answer.status)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(200)
    rules = link.send("CSS.stopRuleUsageTracking")["ruleUsage"]
    used = {(r["styleSheetId"], r["startOffset"], r["endOffset"]) for r in rules if r["used"]}
    return sum(sheets.values()), max(1, sum(end - start for _, start, end in used))


def a_second(line, host):
    client = "wrk" if shutil.which("wrk") else "没有 wrk，用自带的客户端"
    hello = requests_a_second((host, "/hello/"))
    for name, (who, path) in {"县级活动列表": LISTS["县级活动列表"], **BOARDS}.items():
        value = requests_a_second((host, path), cookie_of(who))
        line(f"{name}，每秒 / hello（{client}）", value, "次/秒", hello, value / hello)


def run(line, campaign, grow):
    with rls_context(scope=PROVINCE):
        many = Activity.objects.count()
    grow(campaign, max(many, 10_000))
    handler = Handler()
    asked = pages(line, handler)
    bytes_sent(line, asked)
    photos(line, handler)
    with serving() as host:
        css(line, host)
        a_second(line, host)
    if commit := os.environ.get("AGAINST"):
        bench_against.run(line, commit)

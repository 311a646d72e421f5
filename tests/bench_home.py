"""What it takes to find home among all names and villages, beside "hello" behind the same middleware.
Part of ``make bench``.

As people ask: a few names often, most of them seldom. And as nobody does: each name once.
"""

import random
import time
from itertools import chain, repeat
from urllib.parse import quote

from django.core.cache import cache

from qingchun.organizations import gazetteer
from qingchun.organizations.models import OrganizationName
from tests.bench_pages import Handler

NAMES, ASKED, ONCE, GOAL = 60, 2000, 300, 1.5


def p95(taken):
    return sorted(taken)[int(len(taken) * 0.95)]


def _taken(handler, paths):
    """Seconds of each, and of a hello each time before it, so that a busy moment meets both."""
    found, hello = [], []
    for path in paths:
        for asked, into in (("/hello/", hello), (path, found)):
            start = time.perf_counter()
            status, _, body = handler.ask(asked)
            into.append(time.perf_counter() - start)
            assert status == 200, (asked, status, body[:200])
    return p95(found), p95(hello)


def run(line):
    gazetteer.kept()  # each process reads the names once
    handler, rng = Handler(), random.Random(1)
    every = OrganizationName.objects.exclude(kind="committee").order_by("pk")
    texts = list(every.values_list("text", flat=True))
    once = [f"/find/?q={quote(text)}" for text in rng.sample(texts, ONCE)]
    often = rng.choices(once[:NAMES], [1 / rank for rank in range(1, NAMES + 1)], k=ASKED)
    for path in chain(repeat("/find/", 5), once[-5:]):
        handler.ask(path)  # the first ones warm up
    for name, paths, goal in (("常找的，留着的", often, GOAL), ("都没有找过", once, GOAL)):
        cache.clear()
        value, hello = _taken(handler, paths)
        line(
            f"找家乡 {len(texts):,} 种写法，{name}，p95 / hello", 1000 * value, "ms", 1000 * hello, value / hello, goal
        )  # fmt: skip

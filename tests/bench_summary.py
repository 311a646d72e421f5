"""Summaries of an edition with a million entries and 200,000 pictures.

A city's figures are measured against one pass over the log, the comparison of texts against
difflib on the same pairs (some of them, counted up to all), and the archive of pictures by what
memory it takes for ten times as many.
"""

import difflib
import io
import os
import random
import resource
import tempfile
import time
from itertools import combinations
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image

from campaigns.models import Campaign, Photo
from qingchun.accounts.models import User
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, rls_context
from reports.boards import formalism, text_similarity
from reports.demo import summaries
from reports.papers import compiling, figures, seals
from reports.papers.exports import bundle
from reports.papers.models import Summary

ENTRIES, PICTURES = 1_000_000, 200_000
TEXTS, LETTERS, TRIED = 132, 10_000, 24
ROOT = Path(__file__).resolve().parent.parent
ILLUSTRATE = """
INSERT INTO campaigns_photo (id, organization_id, entry, activity_id, image, thumbnail, width,
    height, look, added_at)
SELECT gen_random_uuid(), a.organization_id, a.id, a.id, %s, %s, 64, 48,
    hashtextextended(a.id::text, 1), now()
FROM campaigns_activity a WHERE a.campaign_id = %s AND a.deleted_at IS NULL LIMIT %s
"""
# What a city's figures would cost without counts kept beside the log.
ONE_PASS = """
SELECT a.kind_id, f.key, count(*), sum(a.participants), sum(f.value::bigint)
FROM campaigns_activity a CROSS JOIN LATERAL jsonb_each_text(a.figures) f
WHERE a.campaign_id = %s AND a.deleted_at IS NULL{} GROUP BY 1, 2
"""
OF_THE_CITY = " AND a.organization_id >= '1401' AND a.organization_id < '1401:'"


def one_pass(campaign, where=""):
    with rls_context(scope=PROVINCE), connection.cursor() as cursor:
        cursor.execute(ONE_PASS.format(where), [campaign.pk])
        return cursor.fetchall()


def illustrate(campaign):
    body = io.BytesIO()
    Image.new("RGB", (64, 48), "#c8102e").save(body, "JPEG")
    photo = Photo()
    photo.image.save("bench.jpg", ContentFile(body.getvalue()), save=False)
    with rls_context(scope=PROVINCE), connection.cursor() as cursor:
        cursor.execute(ILLUSTRATE, [photo.image.name] * 2 + [campaign.pk, PICTURES])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE campaigns_photo")


def counting(line, campaign, median):
    city = Organization.objects.get(pk="1401")

    def counts():
        with rls_context(scope=PROVINCE):
            return figures.count(campaign, city)

    value = median(counts, 30)
    for name, where in (("全部台账", ""), ("本市台账", OF_THE_CITY)):
        reference = median(lambda where=where: one_pass(campaign, where), 3)
        share = 100 * value / reference
        line(f"一市数据 / 扫一遍{name}，%", 1000 * value, "ms", 1000 * reference, share)
    with rls_context(scope=PROVINCE):
        start = time.perf_counter()
        rows = seals.rows_of(campaign, "1401")
        packed, _ = seals.pack(*rows)
        taken = time.perf_counter() - start
    line(f"封存一市 {len(rows[0]):,} 条登记，秒 / MB", taken, "s", len(packed) / 1e6, 0)


def compiling_all(line, campaign):
    with rls_context(scope=PROVINCE):
        Summary.objects.filter(campaign=campaign).exists() or summaries.load(campaign)
        li = User.objects.get(username="province")
        li.acting = li.memberships.select_related("organization").get()
        edition = Campaign.objects.prefetch_related("deadlines", "stages").get(pk=campaign.pk)
        start = time.perf_counter()
        found = compiling.compiled(edition, li)
        value = time.perf_counter() - start
        assert len(found.sent) == 11
        line("全省汇编，11 市 / 目标 5 秒", value, "s", 5, value / 5)
        start = time.perf_counter()
        formalism.overview(edition)
        value = time.perf_counter() - start
        line("防形式主义一页的对照 / 目标 2 秒", value, "s", 2, value / 2)


def texts():
    """Texts of real Chinese words, a third of each from what several share."""
    rng = random.Random(1)
    words = [
        letter
        for name in (
            "reports/papers/drafting.py",
            "talent/youth/texts.py",
            "reports/demo/kept.py",
        )
        for letter in (ROOT / name).read_text(encoding="utf-8")
        if "一" <= letter <= "鿿"
    ]

    def some(count):
        return "".join(rng.choice(words) for _ in range(count))

    shared = some(LETTERS)
    found = []
    for _ in range(TEXTS):
        start = rng.randrange(LETTERS * 2 // 3)
        own = some(LETTERS * 2 // 3)
        found.append((own[:3000] + shared[start : start + LETTERS // 3] + own[3000:])[:LETTERS])
    return found


def likening(line, median):
    found = texts()
    value = median(lambda: text_similarity.pairwise(found), 5)
    pairs = list(combinations(range(TEXTS), 2))
    start = time.perf_counter()
    for one, other in random.Random(2).sample(pairs, TRIED):
        difflib.SequenceMatcher(None, found[one], found[other]).ratio()
    reference = (time.perf_counter() - start) / TRIED * len(pairs)
    line(f"{TEXTS} 篇万字文两两对照 / difflib", value, "s", reference, reference / value)


def _packed_in(campaign, count):
    """(seconds, peak of memory in MB over the start) of packing so many, in a process of its own."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        with os.fdopen(reading) as pipe:
            seconds, peak = pipe.read().split()
        os.wait()
        return float(seconds), float(peak)
    os.close(reading)
    connection.connection = None  # the parent's
    with rls_context(scope=PROVINCE), tempfile.TemporaryFile() as target:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        bundle.pack(bundle.listed(bundle.photos_of(campaign, PROVINCE)[:count]), target)
        seconds = time.perf_counter() - start
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    os.write(writing, f"{seconds} {peak}".encode())
    os._exit(0)


def packing(line, campaign):
    few, many = PICTURES // 10, PICTURES
    _, at_few = _packed_in(campaign, few)
    seconds, at_many = _packed_in(campaign, many)
    line(f"图片包 {many:,} 张，每秒 / 内存增 MB", many / seconds, "张/秒", at_many, 0)
    line(
        f"图片包内存增长，{many:,} 张 / {few:,} 张", at_many, "MB", at_few, at_many / max(at_few, 1)
    )


def run(line, campaign, median, grow):
    grow(campaign, ENTRIES)
    illustrate(campaign)
    counting(line, campaign, median)
    likening(line, median)
    packing(line, campaign)
    compiling_all(line, campaign)
    with rls_context(scope=PROVINCE):
        Photo.objects.filter(image__contains="bench").delete()

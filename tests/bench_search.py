"""Speed of looking for a text in a pool of a million records. Part of ``make bench``.

In a county the reference is the same page of the list with no text asked for. Over the province
it is one look through every record, which is what a text costs without an index.
"""

import io
import os
import random
import statistics
import time
from itertools import islice

from django.db import connection, transaction

from qingchun.accounts.models import User
from qingchun.ground.pairs import pairs_in
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, rls_context
from talent.pool import figures
from talent.pool.models import TalentRecord
from talent.pool.words import FIELDS
from tests.bench_pool import GIVEN, PLACES, SKILLS, SURNAMES
from tests.bench_pool_work import COUNTY
from tests.looking import looked_into, looking

POOL = int(os.environ.get("POOL", "1000000"))
# Said by nearly everybody, by some, by a few, by one, by nobody.
WORDS = (
    "太原", "苹果种植", "雁塔区", "合作社77", "王晓东", "李丽", "12345", "编号7001", "月球车", "wxd",
    "wangxiaodong", "ll",
)  # fmt: skip
INCOMING = "CREATE TEMPORARY TABLE incoming (id bigint, unit text, name text, skills text[], experience text, lives_at text, project text, pairs int[])"
RECORDS = """
INSERT INTO talent_talentrecord (id, organization_id, name, phone_shown, village, education, trade,
    skills, experience, doing, lives_at, lives_in, intention, project, project_field, supports,
    support_text, qualities, found_by, stage, agreed, agreed_on, agreed_version, paper, sources,
    version, made_at)
SELECT id, unit, name, '', '', '', '', skills, experience, '', lives_at, '', '', project, '', '{}',
    '', '', '', 'pool', 'paper', current_date, 1, '', '{}', 1, now() FROM incoming
"""


def records(first, count):
    """A tenth live in one county, the others all over the province."""
    chance = random.Random(2)
    with rls_context(scope=PROVINCE):
        counties = list(Organization.objects.counties_of(PROVINCE).values_list("code", flat=True))
    for n in range(count):
        county = COUNTY if n % 10 == 0 else counties[n % len(counties)]
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
        skills = chance.sample(SKILLS, 2)
        experience = f"在{chance.choice(PLACES)}打工三年，编号{n}"
        lives_at, project = chance.choice(PLACES), f"丰收合作社{n % 1000}"
        texts = [name, experience, lives_at, project, *skills]
        pairs = pairs_in(texts, county, said=name)
        yield (
            f"{first + n}\t{county}\t{name}\t{{{','.join(skills)}}}\t{experience}\t{lives_at}\t"
            f"{project}\t{{{','.join(map(str, pairs))}}}\n"
        )


def fill(cursor, many):
    """As an import writes them, ten thousand at a time; the index of words is made at the end.

    Needs: a cursor of somebody whom no wall stops.
    """
    cursor.execute("SELECT max(id) + 1 FROM talent_talentrecord")
    lines = records(cursor.fetchone()[0] or 1, many)
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'talent_pool_words'")
    index = cursor.fetchone()[0]
    cursor.execute("DROP INDEX talent_pool_words")
    cursor.execute(INCOMING)
    while piece := "".join(islice(lines, 10_000)):
        cursor.copy_expert("COPY incoming FROM STDIN", io.BytesIO(piece.encode()))
        cursor.execute(RECORDS)
        cursor.execute("INSERT INTO talent_poolwords SELECT id, pairs, true FROM incoming")
        cursor.execute("TRUNCATE incoming")
    cursor.execute(index)
    cursor.execute("DROP TABLE incoming")


def p95(work, times=5):
    """Of the seconds that each word takes, each asked for several times."""
    taken = []
    for words in WORDS * (times + 1):
        start = time.perf_counter()
        work(words)
        taken.append(time.perf_counter() - start)
    return statistics.quantiles(taken[len(WORDS) :], n=20)[-1]  # the first round warms up


def looked_through(words):
    """Every record of the province, read."""
    anywhere = " OR ".join(
        f"{'array_to_string(skills, chr(10))' if name == 'skills' else name} ILIKE %(words)s"
        for name in FIELDS
    )
    with looking(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM talent_talentrecord WHERE merged_into_id IS NULL AND ({anywhere})",
            {"words": f"%{words}%"},
        )
        return cursor.fetchone()[0]


def run(line):
    with looked_into(os.environ["OWNER_URL"]) as cursor:
        fill(cursor, POOL)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE talent_talentrecord, talent_poolwords")
    with rls_context(scope=PROVINCE):
        cadre = User.objects.get(username="county140105")
        cadre.acting = cadre.memberships.select_related("organization").get()
        province = Organization.objects.get(pk=PROVINCE)

    def page(words):
        with rls_context(scope=COUNTY, person=cadre.pk), transaction.atomic():
            found = TalentRecord.objects.visible_to(cadre).standing()
            if words:
                found = found.holding(words, COUNTY)
            return list(found.select_related("organization").order_by("-pk")[:26])

    def over_all(words):
        with rls_context(scope=PROVINCE):
            return figures.holding(province, words)

    assert page("王晓东")
    assert over_all("编号7001")
    assert not page("月球车")
    value, reference = p95(page), p95(lambda words: page(""))
    size = f"{POOL:,} 条"
    line(
        f"县内搜索 {size} p95 / 不带文字",
        1000 * value,
        "ms",
        1000 * reference,
        value / reference,
        3,
    )
    value, reference = p95(over_all), p95(looked_through, 1)
    line(f"全省搜索 {size} p95 / 顺序扫描", 1000 * value, "ms", 1000 * reference, value / reference)

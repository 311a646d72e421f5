"""Speed of the talent pool: spreadsheets in and out, and search. Part of ``make bench``.

Each measure of a spreadsheet runs in a process of its own (``bench_pool_work``), so that its
memory is its own too. The floor of an import is the least anybody could do: calamine reads the
file, COPY brings finished rows into tables with the same indexes, constraints and keys.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.db import connection
from django.db.models import Max
from rustpy_xlsxwriter import FastExcel

from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, rls_context
from talent.pool.identity import check_of
from talent.pool.imports.columns import BY_KEY
from talent.pool.models import PoolWords, StagedRow, TalentRecord
from tests.bench_pool_work import COLUMNS, COUNTY
from tests.looking import looking

ROWS = int(os.environ.get("ROWS", "100000"))
LABELS = [BY_KEY[key].label for key in COLUMNS]
SURNAMES = "王李张刘陈杨赵郭武任高马梁贾闫"
GIVEN = "晓东丽志强文静浩雅琴鹏飞敏建国红军秀英海燕永刚俊杰婷伟"
SKILLS = [
    "苹果种植",
    "电商运营",
    "直播带货",
    "养羊",
    "汽车维修",
    "焊接",
    "财务会计",
    "剪纸",
    "民宿经营",
    "中药材种植",
]
PLACES = ["太原市小店区", "北京市朝阳区", "西安市雁塔区", "深圳市龙岗区", "大同市平城区"]
# Of ten, these keep a row out: no name, twice; another county's. The others come in, and are said.
KEEP_OUT = 3
WRONG = (
    ("name", ""), ("name", 12345), ("phone", "1380000810"), ("phone", "1.38E+10"),
    ("identity", "140105188501011236"), ("identity", "14010518850101"),
    ("township", "杨家峪街道"), ("village", "村" * 41), ("education", "甲等"), ("agreed", "也许"),
)  # fmt: skip


def identity_of(n):
    """A number with a right check and a birth in the 1880s."""
    body = f"1401051{880 + n % 10}{1 + n // 10 % 12:02}{1 + n // 120 % 28:02}{n // 3360:03}"
    return body + check_of(body)


def people(count, townships):
    """Rows as a county writes them: 2 in 100 with something wrong, of ten kinds; 1 in 100 there before."""
    chance = random.Random(1)
    for n in range(count):
        row = {
            "name": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
            "phone": f"13800{100_000 + n}",
            "identity": identity_of(n),
            "township": townships[n % len(townships)],
            "village": f"第{n % 300}村",
            "education": "本科",
            "trade": "种植",
            "skills": "、".join(chance.sample(SKILLS, 2)),
            "experience": f"在太原打工三年，做过{chance.choice(SKILLS)}，带过{n % 50}个人，编号{n}",
            "doing": "个体经营",
            "lives_at": chance.choice(PLACES),
            "intention": "在考虑",
            "project": f"丰收合作社{n % 1000}",
            "supports": "贷款",
            "agreed": "是",
        }
        if n % 50 == 7:
            key, value = WRONG[n // 50 % len(WRONG)]
            row[key] = value
        elif n % 100 == 9:
            row["phone"] = f"13800{100_000 + n - 1}"
        yield {label: row[key] for label, key in zip(LABELS, COLUMNS, strict=True)}


def work(what, folder, times=1):
    """What a process of its own found, of the run that took the middle time."""
    found = []
    for _ in range(times):
        command = [sys.executable, "-m", "tests.bench_pool_work", what, str(folder)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found.append(json.loads(printed.splitlines()[-1]))
        if what == "floor":
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE bare_record, bare_words")
    return sorted(found, key=lambda one: one["seconds"])[times // 2]


def newest():
    with looking():
        return TalentRecord.objects.aggregate(newest=Max("pk"))["newest"] or 0


def forget(after):
    """Take out what came after a record, so that the next measure finds the same pool."""
    with looking():
        new = TalentRecord.objects.filter(pk__gt=after)
        PoolWords.objects.filter(record__in=new)._raw_delete("default")
        new._raw_delete("default")
        StagedRow.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE talent_talentrecord, talent_poolwords, talent_stagedrow")


def prepare_floor(folder, sheet):
    """Tables as ours are, and the rows that a sheet brought, as COPY takes them."""
    with looking(), connection.cursor() as cursor:
        for bare, table, where in (
            ("record", "talent_talentrecord", "sheet_id = %s"),
            ("words", "talent_poolwords", "record_id IN (SELECT id FROM talent_talentrecord WHERE sheet_id = %s)"),
        ):  # fmt: skip
            cursor.execute(f"CREATE TABLE bare_{bare} (LIKE {table} INCLUDING ALL)")
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE contype = 'f' AND conrelid = %s::regclass",
                [table],
            )
            for (key,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE bare_{bare} ADD {key}")
            cursor.execute(
                "SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
                " AND NOT attisdropped",
                [table],
            )
            columns = cursor.fetchone()[0]
            with (folder / bare).open("wb") as file:
                file.write(columns.encode() + b"\n")
                query = cursor.mogrify(f"SELECT {columns} FROM {table} WHERE {where}", [sheet])
                cursor.copy_expert(f"COPY ({query.decode()}) TO STDOUT", file)


def spreadsheets(line, folder):
    with rls_context(scope=PROVINCE):
        townships = list(
            Organization.objects.filter(parent_id=COUNTY, level="township").values_list(
                "name", flat=True
            )
        )
    FastExcel(str(folder / "in.xlsx")).sheet("人才库", people(ROWS, townships)).save()
    runs, before = [], newest()
    for left in (2, 1, 0):
        runs.append(work("in", folder))
        if left:
            forget(before)
    ours = sorted(runs, key=lambda run: run["seconds"])[1]
    counts = ours["counts"]
    # The number of the row before it, and another name: somebody is to say who that is.
    doubled = counts.get("asked", 0) + counts.get("duplicate", 0)
    assert (counts["wrong"], doubled) == (ROWS // 50 * KEEP_OUT // 10, ROWS // 100), counts
    prepare_floor(folder, runs[-1]["sheet"])
    least = work("floor", folder, 3)
    out, bare, slow = (
        work(what, folder, n) for what, n in (("out", 3), ("rust", 3), ("openpyxl", 1))
    )
    forget(before)
    reference = work("import_export", folder)
    forget(before)

    size = f"{ROWS:,}×{len(COLUMNS)}"
    line(
        f"导入 {size}：django-import-export / 本系统",
        reference["seconds"],
        "秒",
        ours["seconds"],
        reference["seconds"] / ours["seconds"],
    )
    line(
        f"导入 {size}：本系统 / 只读加 COPY",
        ours["seconds"],
        "秒",
        least["seconds"],
        ours["seconds"] / least["seconds"],
        1.4,
    )
    line(
        "导入时工作进程内存峰值 / 空闲时",
        ours["peak"],
        "MB",
        ours["idle"],
        ours["peak"] / ours["idle"],
    )
    line(
        f"导出 {size}：openpyxl 逐行写 / 本系统",
        slow["seconds"],
        "秒",
        out["seconds"],
        slow["seconds"] / out["seconds"],
        12,
        least=True,
    )
    line(
        f"导出 {size}：本系统 / 只用 rustpy-xlsxwriter",
        out["seconds"],
        "秒",
        bare["seconds"],
        out["seconds"] / bare["seconds"],
    )
    line(
        "导出时工作进程内存峰值 / 空闲时", out["peak"], "MB", out["idle"], out["peak"] / out["idle"]
    )


def run(line):
    folder = Path(tempfile.mkdtemp())
    try:
        spreadsheets(line, folder)
    finally:
        shutil.rmtree(folder)

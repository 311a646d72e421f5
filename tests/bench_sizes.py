"""What a list costs PostgreSQL at 5,000,000 activities, beside 10,000. Part of ``make bench``.

The two databases are made once and kept in var/bench; made anew when the tables, what fills them or
the keys change. ``SIZE=0.02`` makes a smaller one beside it.
"""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from qingchun import embedded, env
from tests.bench_tools import KEPT, ROOT, alone, worked

SIZE = float(os.environ.get("SIZE", "1"))
MANY = {"activities": 5_000_000, "people": 500_000, "records": 300_000, "messages": 200_000}
FEW = {"activities": 10_000, "people": 5_000, "records": 3_000, "messages": 2_000}
FILLED_BY = ("bench_sizes_fill.py", "bench_search.py")


def made_of():
    """What the databases depend on."""
    apps = ("campaigns", "talent", "services", "reports", "qingchun")
    files = [path for app in apps for path in (ROOT / app).glob("**/migrations/*.py")]
    files += [ROOT / "tests" / name for name in FILLED_BY]
    told = b"".join(path.read_bytes() for path in sorted(files))
    return sha256(told + embedded.secret("secret_key").encode()).hexdigest()


@contextmanager
def databases():
    """Both, on a server of their own. Yields: the environments in which each is asked."""
    folder = KEPT / f"size-{SIZE:g}"
    mark, now = folder / "made-of", made_of()
    if not (mark.exists() and mark.read_text() == now):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with embedded.Servers(folder):
        many = env.told(
            **embedded.urls(folder), BROKER_URL=None, DOTENV="", DJANGO_SETTINGS_MODULE=None,
            MEDIA_ROOT=str(folder / "media"),
        )  # fmt: skip
        few = {name: value.replace("/qingchun?", "/few?") for name, value in many.items()}
        if not mark.exists():
            make(many, few)
            mark.write_text(now)
        for environment in (many, few):  # the walls are those of today's laws
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "-v0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
        yield many, few


def make(many, few):
    python = Path(sys.executable)
    command = [python, "manage.py", "prepare", "--demo"]
    subprocess.run(command, cwd=ROOT, env=many, check=True, stdout=subprocess.DEVNULL)
    at = many["OWNER_URL"].replace("/qingchun?", "/postgres?")
    alone(at, "CREATE DATABASE few TEMPLATE qingchun")
    for environment, counts in (
        (few, FEW.values()),
        (many, [int(n * SIZE) for n in MANY.values()]),
    ):
        command = [python, "-m", "tests.bench_sizes_fill", *map(str, counts)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


def run(line):
    with databases() as (many, few):
        lists(line, *in_turn(many, few))
        searches(line, many)
        exports(line, many)
        at_many, at_few = (worked("bench_sizes_work", "province", **one) for one in (many, few))
        line(
            f"全省数据，{at_many['people']:,} 人 / {at_few['people']:,} 人，内存峰值",
            at_many["peak"], "MB", at_few["peak"], at_many["peak"] / at_few["peak"], 1.1,
        )  # fmt: skip


def in_turn(*databases):
    """What lists cost in each: the least of three times, one database after the other."""
    rounds = [[worked("bench_sizes_work", "lists", **one) for one in databases] for _ in range(3)]
    for found in zip(*rounds, strict=True):
        yield {key: min(one[key] for one in found) for key in found[0]}


def lists(line, many, few):
    """Of each list the worst of its levels and pages; with ``DETAIL`` all of them."""
    size = f"{int(MANY['activities'] * SIZE) // 10_000:,} 万条 / 1 万条"
    keys = [tuple(key.split("|")) for key in many]
    for what, group in groupby(sorted(keys, key=lambda key: key[0]), key=lambda key: key[0]):
        found = [(many["|".join(key)], few["|".join(key)], key[1:]) for key in group]
        found.sort(key=lambda one: one[0] / one[1], reverse=True)
        for value, reference, where in found if os.environ.get("DETAIL") else found[:1]:
            name = f"{what}（{''.join(where)}），{size}，数据库"
            line(name, value, "ms", reference, value / reference, 1.5)


def searches(line, many):
    size = f"{int(MANY['activities'] * SIZE) // 10_000:,} 万条"
    for level, (value, log, bare) in worked("bench_sizes_work", "over_all", **many).items():
        said = f"查找（{level}），{size}，整页 p95"
        line(f"{said} / 活动列表", 1000 * value, "ms", 1000 * log, value / log, 3)
        line(f"{said} / 没有字时", 1000 * value, "ms", 1000 * bare, value / bare, 3)


def exports(line, many):
    whole = worked("bench_sizes_work", "export", "city1401", "", **many)
    part = worked("bench_sizes_work", "export", "county140105", "kind", **many)
    line(
        f"导出 {whole['in_list']:,} 条：文件里 / 列表里", whole["rows"], "条", whole["in_list"],
        whole["rows"] / whole["in_list"], 1, least=True,
    )  # fmt: skip
    line(
        f"导出 {whole['rows']:,} 条 / {part['rows']:,} 条，内存峰值", whole["peak"], "MB", part["peak"],
        whole["peak"] / part["peak"], 1.1,
    )  # fmt: skip

import csv
from collections import defaultdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from qingchun.ground.province import table
from qingchun.ground.refusals import Refused
from qingchun.organizations.actions import catch_up, load_tree, read_divisions
from qingchun.organizations.models import Organization

WORDS = {"added": "新增", "renamed": "更名", "closed": "撤并", "reopened": "恢复"}


class Command(BaseCommand):
    help = "把团组织树装成行政区划名单的样子；可反复执行，报告变动。"

    def add_arguments(self, parser):
        parser.add_argument("--first", action="store_true", help="只在还没有团组织时装")
        parser.add_argument("--file", help="区划名单")
        parser.add_argument(
            "--successors",
            help="两列 old,new 的撤并去向表；一个单位分设成几个的，写几行，第一行接人员和事项",
        )
        parser.add_argument(
            "--without-successor", nargs="*", default=[], metavar="代码",
            help="确实撤销、没有单位接替的单位，连同它的下级",
        )  # fmt: skip

    def handle(self, *, file, successors, without_successor, first, **options):
        if first and Organization.objects.exists():
            # A list that was loaded since is newer than the one that comes with the portal.
            return catch_up()
        named = self._read(successors)
        try:
            report = load_tree(
                read_divisions(file and Path(file).resolve()),
                departments=table("departments.csv"),
                successors=named,
                dissolved=without_successor,
                today=localdate(),
            )
        except (Refused, ValueError) as problem:
            raise CommandError(str(problem)) from None
        said = "，".join(f"{WORDS[key]} {count} 个" for key, count in report.items())
        self.stdout.write(f"团组织：{said or '没有变动'}。")
        for old, news in named.items():
            if len(news) > 1:
                self.stdout.write(
                    f"{old} 分设为 {'、'.join(news)}：人员和事项都归 {news[0]}，"
                    "应当归别的单位的，请由它逐件转交。"
                )

    def _read(self, path):
        found = defaultdict(list)
        if path:
            with open(path, encoding="utf-8-sig") as file:
                for row in csv.DictReader(file):
                    found[row["old"].strip()].append(row["new"].strip())
        return found

import csv

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from qingchun.organizations.actions import DATA, load_tree, read_divisions

WORDS = {"added": "新增", "renamed": "更名", "closed": "撤并", "reopened": "恢复"}


class Command(BaseCommand):
    help = "把团组织树装成行政区划名单的样子；可反复执行，报告变动。"

    def add_arguments(self, parser):
        parser.add_argument("--file", default=DATA / "shanxi_divisions.csv", help="区划名单")
        parser.add_argument("--successors", help="两列 old,new 的撤并去向表")

    def handle(self, *, file, successors, **options):
        with (DATA / "departments.csv").open(encoding="utf-8") as departments:
            report = load_tree(
                read_divisions(file),
                departments=list(csv.DictReader(departments)),
                successors=self._read(successors),
                today=localdate(),
            )
        said = "，".join(f"{WORDS[key]} {count} 个" for key, count in report.items())
        self.stdout.write(f"团组织：{said or '没有变动'}。")

    def _read(self, path):
        if not path:
            return {}
        with open(path, encoding="utf-8") as file:
            return {row["old"]: row["new"] for row in csv.DictReader(file)}

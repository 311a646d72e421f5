import csv

from django.core.management.base import BaseCommand

from qingchun.ground.province import FOLDER, table
from qingchun.organizations.spelling import said_by_rule

FILE = "readings.csv"


def rows():
    """[code, name, how it is said, why otherwise than the dictionary has it] of every unit there is,
    and of every name that it had."""
    named = [*table("divisions.csv"), *table("departments.csv"), *table("names.csv")]
    for row in named:
        said, why = said_by_rule(row["name"])
        yield [row["code"], row["name"], " ".join(map("/".join, said)), why]


class Command(BaseCommand):
    help = "把每个单位的名称怎么读列成一张表（readings.csv），给人核对；读得不对的，改 said.csv 再列一遍。"

    def handle(self, **options):
        with (FOLDER / FILE).open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["code", "name", "said", "why"])
            out.writerows(rows())

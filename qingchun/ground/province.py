"""Which province the portal is for: a folder of words and tables, named by the setting PROVINCE."""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

FOLDER = Path(settings.PROVINCE_FOLDER)


@dataclass(frozen=True)
class Province:
    """``code``: two digits (GB/T 2260); ``action``: what the editions are called, after which
    ``holiday``; ``committee``: the League committee's full name."""

    code: str
    name: str
    short: str
    action: str
    holiday: str
    committee: str


def table(name: str) -> list[dict[str, str]]:
    """Rows of one of its tables; none where the province has no such table."""
    path = FOLDER / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def villages() -> dict[str, list[str]]:
    """Code of a township → what its villages are called."""
    return {row["township"]: row["villages"].split() for row in table("villages.csv")}


HOME = Province(**tomllib.loads((FOLDER / "province.toml").read_text(encoding="utf-8")))


def in_templates(request: HttpRequest) -> dict[str, Province]:
    """Every template may name it: ``{{ province.short }}``."""
    return {"province": HOME}

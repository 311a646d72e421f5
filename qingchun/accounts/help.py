"""帮助: a page for each who reads it, a part for each subject. An app's parts lie beside its
``portal.py``, in ``help.toml``; the part on a page's subject is the one with the longest beginning
of the page's name."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.urls import reverse

from qingchun.accounts.navigation import opens
from qingchun.organizations.choices import Level

YOUNG = "young"
LARGE = "large"  # letters, as a device keeps it
# Reader → whose page it is.
READERS = {
    Level.PROVINCE: "团省委",
    Level.CITY: "团市委",
    Level.COUNTY: "团县委",
    Level.TOWNSHIP: "乡镇（街道）",
    YOUNG: "返乡青年",
}


@dataclass(frozen=True)
class Part:
    """``opens``: name of the page that it is about first."""

    key: str
    name: str
    says: str
    opens: str
    pages: tuple[str, ...]
    place: int


def reader_of(user: Any) -> str:
    """Whose page somebody reads: their level's; of whoever has no post, the young people's."""
    acting = getattr(user, "acting", None)
    if not acting:
        return YOUNG
    level = acting.organization.level
    return level if level in READERS else Level.PROVINCE  # a department is the province's


@cache
def parts(reader: str) -> tuple[Part, ...]:
    """In the order in which they are read."""
    return tuple(sorted(_read(reader), key=lambda part: part.place))


def _read(reader: str) -> Iterator[Part]:
    for app in apps.get_app_configs():
        file = Path(app.path) / "help.toml"
        if not file.exists():
            continue
        for told in tomllib.loads(file.read_text(encoding="utf-8"))["part"]:
            if reader in told:
                yield Part(
                    told["key"],
                    told.get(f"{reader}_name", told["name"]),
                    told[reader],
                    told.get(f"{reader}_opens", told["opens"]),
                    tuple(told["pages"]),
                    told["place"],
                )


@cache
def part_on(reader: str, page: str) -> str:
    """The key of the part on this page's subject; empty where none is."""
    found = [
        (len(beginning), part.key)
        for part in parts(reader)
        for beginning in part.pages
        if page.startswith(beginning)
    ]
    return max(found, default=(0, ""))[1]


def help_on(user: Any, page: str) -> str:
    """The address of what 帮助 says of a page, for whoever looks at it."""
    reader = reader_of(user)
    part = part_on(reader, page)
    return f"{_page()}#{part}" if part else _page()


@cache
def _page() -> str:
    return reverse("accounts:help")


def shown(reader: str, user: Any) -> list[dict[str, Any]]:
    """The parts of a page, each with the address that somebody may open, or none."""
    return [
        {"part": part, "url": reverse(part.opens) if opens(user, part.opens) else ""}
        for part in parts(reader)
    ]

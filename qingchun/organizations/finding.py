"""A unit by what people call it: its name, short or full, with its city's before it, or pinyin.

Its code will do as well, which stands in spreadsheets that a program wrote.
"""

import re
import unicodedata
from functools import cached_property

from qingchun.organizations.choices import Level
from qingchun.organizations.codes import above
from qingchun.organizations.models import Organization
from qingchun.organizations.naming import pinyin_of

# 太原 for 太原市; a name of two characters keeps its ending: 绛县.
ENDING = re.compile(r"(?<=..)(市|县|区|乡|镇|街道)$")
MOST_SHOWN = 5
MOST_OFFERED = 300


class UnitUnclear(Exception):
    """The message says what is wrong with the name, and what it could mean."""


def _plain(text):
    return re.sub(r"[\s·>/／—-]+", "", unicodedata.normalize("NFKC", text)).lower()


class UnitFinder:
    """Finds active units at and below ``scope``; the tree is read once, whatever is asked."""

    def __init__(self, scope, levels=()):
        self.scope, self.levels = scope, levels

    @cached_property
    def _paths(self):
        """[(unit, its path)], nearest first: ``太原市小店区坞城街道``, from the city down."""
        units = {u.code: u for u in Organization.objects.within(self.scope).active()}
        known_above = above(self.scope)
        known = units | Organization.objects.in_bulk(known_above)
        wanted = (u for u in units.values() if not self.levels or u.level in self.levels)
        nearest = sorted(wanted, key=lambda unit: (len(unit.code), unit.code))
        return [(unit, _path(unit, known)) for unit in nearest]

    def offered(self):
        """What a field may offer to choose from."""
        return [path for _, path in self._paths[:MOST_OFFERED]]

    def find(self, words):
        """The unit that is called so: a whole name goes before the end of a path or a beginning,
        and that before pinyin, initials or the whole; of several nothing is guessed.

        Raises: UnitUnclear, saying which it could be.
        """
        wanted = _plain(words)
        ways = (
            lambda unit, path: unit.code == wanted,
            lambda unit, path: wanted in (_plain(unit.full_name), _plain(path)),
            lambda unit, path: wanted in (_plain(unit.name), _plain(unit.short_name)),
            lambda unit, path: ENDING.sub("", unit.name) == wanted,
            lambda unit, path: _plain(path).endswith(wanted) or unit.name.startswith(wanted),
            lambda unit, path: unit.initials == wanted,
            lambda unit, path: _is_said(unit.name, wanted),
        )
        for fits in ways:
            found = [(unit, path) for unit, path in self._paths if wanted and fits(unit, path)]
            if len(found) == 1:
                return found[0][0]
            if found:
                raise UnitUnclear(_could_be([path for _, path in found]))
        raise UnitUnclear(
            "没有这个单位。请写本单位或下级单位的名称，如“小店区”，也可以写拼音或首字母。"
        )


def _is_said(name, wanted):
    """Whether letters are the pinyin of a name, with or without what kind of place it is."""
    if not wanted.isascii() or wanted.isdecimal():
        return False
    return wanted in (pinyin_of(name), pinyin_of(ENDING.sub("", name)))


def _path(unit, known):
    names, here = [], unit
    while here is not None and here.level != Level.PROVINCE:
        names.append(here.name)
        here = known.get(here.parent_id)
    return "".join(reversed(names)) or unit.name


def _could_be(paths):
    more = " 等" if len(paths) > MOST_SHOWN else ""
    listed = "、".join(paths[:MOST_SHOWN])
    return f"有 {len(paths)} 个单位都这样叫，请写全：{listed}{more}。"

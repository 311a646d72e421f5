"""How names are written to be found, and how what somebody types is read: in characters, in pinyin by
each reading of each character, by first letters.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from qingchun.ground.lazily import Later
from qingchun.ground.pairs import plain
from qingchun.ground.pinyin import readings
from qingchun.ground.province import table

pypinyin = Later("pypinyin")

# 太原 for 太原市; a name of two characters keeps its ending: 绛县.
ENDINGS = "市 地区 县 区 乡 镇 街道 村 社区 综合服务中心 社会事务服务中心 乡社会事务服务中心"
ENDING = re.compile(f"(?<=..)(?:{'|'.join(ENDINGS.split())})$")
SIGNS = re.compile(r"[\s·•>/\\,，、.。'’‘\"“”()\[\]_—–-]+")
MOST_WAYS = 24  # of reading one name
Said = list[tuple[str, ...]]  # of each character how it is said, the most usual first


def fold(text: str) -> str:
    """Full-width and half-width, traditional and simplified, capital and small letters, with a tone
    and without are the same; blanks and signs do not count; ü is v."""
    apart = unicodedata.normalize("NFD", plain(text)).replace("u\u0308", "v")
    known = _simplified()
    letters = (known.get(one, one) for one in apart if unicodedata.category(one) != "Mn")
    return SIGNS.sub("", "".join(letters))


@cache
def _simplified() -> dict[str, str]:
    return {row["traditional"]: row["simplified"] for row in table("traditional.csv")}


def stem(name: str) -> str:
    """The name without what kind of place it is."""
    return ENDING.sub("", name)


def parts(said: str) -> Said:
    """As the tables write it: "hai/xie zhou"."""
    return [tuple(part.split("/")) for part in said.split()]


@cache
def _by_hand() -> list[tuple[str, Said, str]]:
    """(what stands in names, how it is said there, why), the longest first."""
    rows = sorted(table("said.csv"), key=lambda row: -len(row["characters"]))
    return [(row["characters"], parts(row["said"]), row["why"]) for row in rows]


def said_by_rule(name: str) -> tuple[Said, str]:
    """(how a name is said, why otherwise than the dictionary of phrases has it)."""
    found = pypinyin.pinyin(name, style=pypinyin.Style.NORMAL, errors=list)
    return _by_whom_it_is_known(name, [tuple(ways) for ways in found])


def said_at_once(name: str) -> Said:
    """The same by the table of single characters: for names of which there are many."""
    known = readings()
    return _by_whom_it_is_known(name, [known.get(one, (one,))[:1] for one in name])[0]


def _by_whom_it_is_known(name: str, said: Said) -> tuple[Said, str]:
    """With what was looked up by hand: of several characters how they are said, of one how else."""
    why = []
    for characters, ways, reason in _by_hand():
        at = name.find(characters)
        if at >= 0 and len(ways) > 1:
            said[at : at + len(ways)] = ways
            why.append(reason)
        elif at >= 0:
            said = [
                tuple(dict.fromkeys(one + ways[0])) if name[place] == characters else one
                for place, one in enumerate(said)
            ]
    return said, "；".join(why)


def letters_of(said: Said) -> Iterator[str]:
    """The whole pinyin, by each reading: changzhi, zhangzhi. For ü people type v or u."""
    ways = (
        dict.fromkeys(
            (*one, *(way.replace("v", "u") for way in one if way.startswith(("lv", "nv"))))
        )
        for one in said
    )
    for way in islice(product(*ways), MOST_WAYS):
        if (text := "".join(way)).isascii():
            yield text.lower()


def initials_of(said: Said) -> Iterator[str]:
    firsts = (dict.fromkeys(way[0] for way in one) for one in said)
    for way in islice(product(*firsts), MOST_WAYS):
        if (text := "".join(way)).isascii():
            yield text.lower()

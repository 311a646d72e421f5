"""An announcement of days off as the State Council prints it, read into a year's days.

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。

A line is of one holiday: what it is called, a colon, sentences of days and what becomes of them. What
names no day (to whom it is addressed, the care to be taken of duty rosters) says nothing of days and is
passed over; a line that names one and is not understood is a problem, said by its number.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from campaigns.workdays import DAY, WEEKDAYS, Announced, fixed, law_of
from qingchun.ground.letters import alike
from qingchun.ground.pasted import clean

# How it reads once full-width and half-width are one: ``alike``.
TOKEN = re.compile(
    r"(?P<day>(?:(?:(?P<year>\d{4})[年])?(?P<month>\d{1,2})[月])?(?P<number>\d{1,2})[日](?:\((?P<note>[^()]*)\))?)"
    r"|(?P<to>至|到|[-~—–]+)"
    r"|(?P<off>(?:放假|调休|补休|休息|连休)+)"
    r"|(?P<work>(?:照常|正常|均|都)*(?:上班|工作))"
    r"|(?P<count>共?(?P<many>\d{1,2})[天])"
    r"|(?P<also>与周末连休|不调休|其中|全天|[、,和及与均都])"
)
DAY_NAMED = re.compile(r"\d{1,2}日")
HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[.、])?"
    r"(?P<name>[^\d:。]{2,20}):(?P<rest>.*)$"
)
# The same, without a break before it: copied from a page that had none.
NEXT = re.compile(r"(?<=[。;])(?=[一二三四五六七八九十]{1,3}、[^\d:。]{2,20}:)")
URGED = re.compile(r"^(?:鼓励|建议|倡导|提倡)")
SIGNED = re.compile(
    r"^(?:国务院办公厅)?(?:(?P<year>\d{4})[年])?(?P<month>\d{1,2})[月](?P<day>\d{1,2})[日](?:印发)?$"
)
NUMBER = re.compile(r"国办[发](?:明电)?[〔\[(【]\d{4}[〕\])】]\d{1,3}号")
OF_YEAR = re.compile(r"(\d{4})[年](?:部分)?(?:元旦|节假日|春节)")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
# The seven that the law knows, as a line may call them.
SEVEN = {
    "元旦": "元旦", "春节": "春节", "清明节": "清明", "劳动节": "劳动|五一", "端午节": "端午", "中秋节": "中秋",
    "国庆节": "国庆",
}  # fmt: skip
LONGEST = 16  # days in a row
LIKE = "请写成“1月1日至3日放假，共3天。1月4日上班。”这样。"


class Unclear(ValueError):
    """Of a line; its text is what is not understood of it."""


@dataclass
class Read:
    """What was read. ``problems``: in words, one a line; ``passed_over``: sentences that name a day and
    make nothing of it, as 鼓励…在除夕休息; ``number`` and ``issued_on``: where the text says them."""

    off: dict[dt.date, str] = field(default_factory=dict)
    work: dict[dt.date, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    number: str = ""
    issued_on: dt.date | None = None

    @property
    def announced(self) -> Announced:
        return Announced(dict(sorted(self.off.items())), frozenset(self.work))


def lines_of(text: str) -> Iterator[tuple[int, str, str]]:
    """(number of the line as it was typed, the line as it was typed, the same to be read)."""
    for number, typed in enumerate(clean(text).split("\n"), 1):
        for line in NEXT.split(re.sub(r"\s", "", alike(typed))):
            if line:
                yield number, typed.strip(), line


def read(text: str, year: int) -> Read:
    """An announcement of a year. Nothing is raised: what is wrong stands in ``problems``."""
    found, name = Read(), ""
    whole = re.sub(r"\s", "", alike(text))
    if said := NUMBER.search(whole):
        found.number = re.sub(r"[\[(【](\d{4})[\])】]", r"〔\1〕", said[0])
    if (of := OF_YEAR.search(whole)) and int(of[1]) != year:
        found.problems.append(
            f"这是 {of[1]} 年的通知，选的是 {year} 年。请改年份，或者换一份通知。"
        )
    for number, typed, line in lines_of(text):
        if head := HEAD.match(line):
            name, line = head["name"], head["rest"]
        elif signed := SIGNED.match(line):
            # Announced in the year before, where it does not say when.
            found.issued_on = _date(signed["year"] or year - 1, signed["month"], signed["day"])
            continue
        if not DAY_NAMED.search(line):
            if head and _called(name):
                found.problems.append(f"第 {number} 行“{_short(typed)}”没有写放哪几天假。{LIKE}")
            continue
        try:
            _read_line(found, name, line, year)
        except Unclear as why:
            found.problems.append(f"第 {number} 行没有看懂：“{_short(typed)}”。{why}{LIKE}")
    if not found.problems:
        found.problems += _missing(found, year)
    return found


def _called(name: str) -> list[str]:
    return [holiday for holiday, said in SEVEN.items() if re.search(said, name)]


def _short(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:60]}……"


def _date(year: int | str, month: int | str, day: int | str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _read_line(found: Read, name: str, line: str, year: int) -> None:
    """Raises: Unclear."""
    if not name:
        raise Unclear("前面没有写是哪个节。")
    for sentence in filter(None, re.split(r"[。;!]", line)):
        if not DAY_NAMED.search(sentence):
            continue
        if URGED.match(sentence):
            found.passed_over.append(sentence)
        else:
            _read_sentence(found, name, sentence, year)


def _read_sentence(found: Read, name: str, sentence: str, year: int) -> None:
    """Days, and what becomes of them, one after another. Raises: Unclear."""
    days: list[dt.date] = []
    off, said, at, to, count = 0, None, 0, False, None
    while at < len(sentence):
        token = TOKEN.match(sentence, at)
        if token is None:
            raise Unclear(f"“{sentence[at : at + 12]}”不认得。")
        kind, at = _kind(token), token.end()
        if kind == "day":
            said = _said_day(token, said, name, year, is_end=to)
            if to:
                days += _between(days, said)
            else:
                days.append(said)
            to = False
        elif kind == "to":
            to = bool(days)
        elif kind == "off":
            off += _put(found, days, name, is_off=True)
        elif kind == "work":
            if not days:
                raise Unclear("没有写哪天上班。")
            _put(found, days, name, is_off=False)
        elif kind == "count":
            count = int(token["many"])
    if days:
        named = "、".join(f"{day.month}月{day.day}日" for day in days[:3])
        raise Unclear(f"{named}是放假还是上班，没有写。")
    if count is not None and off and count != off:
        raise Unclear(f"写的是共 {count} 天，数出来是 {off} 天。")


def _kind(token: re.Match[str]) -> str:
    return next(kind for kind in ("day", "to", "off", "work", "count", "also") if token[kind])


def _said_day(
    token: re.Match[str], before: dt.date | None, name: str, year: int, *, is_end: bool
) -> dt.date:
    """A day whose year, or month, may be that of the one before it."""
    month = int(token["month"] or (before.month if before else 0))
    if not month:
        raise Unclear(f"“{token['day']}”没有写月份。")
    if token["year"]:
        if abs(int(token["year"]) - year) > 1:
            raise Unclear(f"“{token['day']}”不是 {year} 年前后的日子。")
        year = int(token["year"])
    elif is_end and before:
        year = before.year + (month < before.month)
    elif "元旦" in name and month == 12:
        year -= 1  # 12月31日 beside 1月1日
    day = _date(year, month, token["number"])
    if day is None:
        raise Unclear(f"没有 {year}年{month}月{token['number']}日这一天。")
    if weekday := WEEKDAY.search(token["note"] or ""):
        right = WEEKDAYS[day.weekday()]
        if weekday[1].replace("天", "日") != right:
            raise Unclear(f"{year}年{month}月{day.day}日是星期{right}，写的是“{weekday[0]}”。")
    return day


def _between(days: list[dt.date], last: dt.date) -> list[dt.date]:
    """The rest of a span that begins with the last of ``days``."""
    length = (last - days[-1]).days
    if not 0 < length < LONGEST:
        raise Unclear("起止日期不对。")
    return [days[-1] + n * DAY for n in range(1, length + 1)]


def _put(found: Read, days: list[dt.date], name: str, *, is_off: bool) -> int:
    """Put down what becomes of these days, and forget them. Returns: how many."""
    for day in days:
        printed = f"{day.month}月{day.day}日"
        if day in (found.work if is_off else found.off):
            raise Unclear(f"{printed}写成放假，又写成上班。")
        if is_off:
            found.off[day] = _holiday(name, day)
        elif day.weekday() < 5:
            raise Unclear(f"{printed}是星期{WEEKDAYS[day.weekday()]}，本来就上班。")
        else:
            found.work[day] = name
    many = len(days)
    days.clear()
    return many


def _holiday(name: str, day: dt.date) -> str:
    """As the law calls it; of 国庆节、中秋节 in one line the one whose own day it is, else the first."""
    called = _called(name)
    own = fixed(day.year).get(day)
    return own if own in called else called[0] if called else name


def _missing(found: Read, year: int) -> Iterator[str]:
    """What an announcement of a whole year cannot lack."""
    law = law_of(year).get("number", "")
    for day, name in sorted(fixed(year).items()):
        if day not in found.off:
            printed = f"{day.month}月{day.day}日"
            yield f"没有写{name}{printed}放假：《全国年节及纪念日放假办法》（{law}）规定这天放假。请贴全文。"

"""What stands in a plan: the shape of each part, what is missing, how it reads on paper.

Pure: takes the parts as plain values, asks the database nothing.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypedDict

from django.core.exceptions import ValidationError

from campaigns import catalogue
from qingchun.accounts.phones import clean_phone
from reports.papers.choices import Section

# Part -> what stands in it, as below for a plan and in summary_content.py for a summary; of what was
# sent also ``names``, and what its road has ``sealed``.
Contents = dict[str, Any]
Lines = Iterator[tuple[str, str]]


class Text(TypedDict):
    text: str


class Kinds(TypedDict):
    chosen: list[str]


class Innovation(TypedDict):
    key: str
    name: str
    text: str


class Innovations(TypedDict):
    items: list[Innovation]


class Featured(TypedDict):
    key: str
    why: str


class Grid(TypedDict):
    """Unit code → keys of what it runs."""

    rows: dict[str, list[str]]


class ActionDay(TypedDict):
    """``on``: an ISO date, or empty."""

    on: str
    text: str


class Person(TypedDict, total=False):
    """Whoever is responsible, as far as it was written."""

    name: str
    post: str
    phone: str


class People(TypedDict):
    """``kinds``: by the key of what they are responsible for."""

    first: Person
    kinds: dict[str, Person]


class PartyReport(TypedDict):
    on: str
    outcome: str


EMPTY: Contents = {
    Section.KINDS: {"chosen": []},
    Section.INNOVATIONS: {"items": []},
    Section.FEATURED: {"key": "", "why": ""},
    Section.GRID: {"rows": {}},
    Section.ACTION_DAY: {"on": "", "text": ""},
    Section.PEOPLE: {"first": {}, "kinds": {}},
    Section.PARTNERS: {"text": ""},
    Section.PARTY_REPORT: {"on": "", "outcome": ""},
    Section.MEDIA: {"text": ""},
    Section.TEXT: {"text": ""},
}
OFFICE = re.compile(r"(?:0\d{2,3}[-—－]?)?[2-8]\d{6,7}(?:(?:[-—－转]|转分机)\d{1,5})?")
TEN = [key for key, *_ in catalogue.TEN]
CARRY_OUT = 2  # number of the stage in which the unified action day lies


def innovations(contents: Contents) -> dict[str, str]:
    """Key → name of the city's own kinds, those with a name."""
    own: Innovations = contents[Section.INNOVATIONS]
    return {item["key"]: item["name"] for item in own["items"] if item["name"]}


def run_keys(contents: Contents) -> list[str]:
    """Keys of all kinds the plan runs: chosen ones of the ten, then the city's own."""
    return [*contents[Section.KINDS]["chosen"], *innovations(contents)]


def rows(contents: Contents) -> dict[str, list[str]]:
    """Unit code → keys, without kinds that are no longer chosen."""
    running = run_keys(contents)
    grid: Grid = contents[Section.GRID]
    found = {code: [key for key in running if key in keys] for code, keys in grid["rows"].items()}
    return {code: keys for code, keys in found.items() if keys}


def day_of(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def problems(
    contents: Contents, *, least_kinds: int, stages: Iterable[Any], names: Mapping[str, str]
) -> Lines:
    """What stands between the plan and its sending: (section, what to do) for each thing."""
    running = run_keys(contents)
    if len(running) < least_kinds:
        yield Section.KINDS, f"至少选 {least_kinds} 项（含本市创新），现在是 {len(running)} 项。"
    if contents[Section.FEATURED]["key"] not in running:
        yield Section.FEATURED, "请从已选活动中定一个特色项目。"
    covered = {key for keys in rows(contents).values() for key in keys}
    if uncovered := [names.get(key, key) for key in running if key not in covered]:
        yield Section.GRID, f"还没有定由哪些单位开展：{'、'.join(uncovered)}。"
    yield from _day_problems(contents[Section.ACTION_DAY]["on"], stages)
    people: People = contents[Section.PEOPLE]
    if not people["first"].get("name"):
        yield Section.PEOPLE, "请填写第一责任人。"
    if unnamed := [names.get(k, k) for k in running if not people["kinds"].get(k, {}).get("name")]:
        yield Section.PEOPLE, f"还没有责任人：{'、'.join(unnamed)}。"
    for key, person in (("", people["first"]), *people["kinds"].items()):
        if key in ("", *running) and (phone := person.get("phone")) and not _may_be_called(phone):
            yield Section.PEOPLE, f"{person.get('name', '')}的电话“{phone}”不对，请核对。"
    report: PartyReport = contents[Section.PARTY_REPORT]
    if not (report["on"] and report["outcome"]):
        yield Section.PARTY_REPORT, "请填写何时向党委汇报、结果如何。"
    for section, what in (
        (Section.PARTNERS, "争取哪些部门支持配合"),
        (Section.MEDIA, "媒体宣传策划"),
        (Section.TEXT, "工作安排"),
    ):
        if not contents[section]["text"].strip():
            yield section, f"请填写{what}。"


def _may_be_called(phone: str) -> bool:
    """A mobile number, or one of an office, with its area code and extension or without."""
    try:
        return bool(clean_phone(phone))
    except ValidationError:
        return bool(OFFICE.fullmatch(re.sub(r"[\s()（）]", "", phone)))


def _day_problems(on: str, stages: Iterable[Any]) -> Lines:
    if not on:
        yield Section.ACTION_DAY, "请确定全市统一行动日。"
        return
    stage = next((stage for stage in stages if stage.number == CARRY_OUT), None)
    day = day_of(on)
    if stage and not (stage.starts_on <= day and (stage.ends_on is None or day <= stage.ends_on)):
        end = f"至{stage.ends_on:%-m月%-d日}" if stage.ends_on else "以后"
        yield (
            Section.ACTION_DAY,
            f"统一行动日要在活动实施阶段内（{stage.starts_on:%-m月%-d日}{end}）。",
        )


def lines(section: str, content: Any, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """How one part reads: (label, text) pairs, an empty part reads as 未填写."""
    read = _READERS.get(section, _text)
    return [(label, text) for label, text in read(content, names) if text] or [("", "未填写")]


def _text(content: Text, names: Mapping[str, str]) -> Lines:
    yield "", content["text"]


def _names(keys: Iterable[str], names: Mapping[str, str]) -> str:
    return "、".join(names.get(key, key) for key in keys)


def _kinds(content: Kinds, names: Mapping[str, str]) -> Lines:
    yield "", _names(content["chosen"], names)


def _innovations(content: Innovations, names: Mapping[str, str]) -> Lines:
    for item in content["items"]:
        yield item["name"], item["text"] or "（没有说明）"


def _featured(content: Featured, names: Mapping[str, str]) -> Lines:
    yield names.get(content["key"], ""), content["why"] or " "


def _grid(content: Grid, names: Mapping[str, str]) -> Lines:
    """A line for each group of kinds that the same units carry out, not one for each unit."""
    carried = {code: keys for code, keys in content["rows"].items() if keys}
    units: dict[str, tuple[str, ...]] = {
        key: tuple(code for code in sorted(carried) if key in carried[code])
        for key in sorted({key for keys in carried.values() for key in keys}, key=_of_ten)
    }
    for codes in dict.fromkeys(units.values()):
        kinds = [key for key, found in units.items() if found == codes]
        others = [code for code in sorted(carried) if code not in codes]
        if not others and len(codes) > 1:
            said = f"各单位（{len(codes)}个）都开展：{_names(codes, names)}"
        elif others and 2 * len(others) < len(codes):
            said = f"除{_names(others, names)}外的{len(codes)}个单位：{_names(codes, names)}"
        else:
            said = _names(codes, names)
        yield _names(kinds, names), said


def _dated(field: str) -> Callable[..., Lines]:
    def read(content: Any, names: Mapping[str, str]) -> Lines:
        if day := day_of(content["on"]):
            yield f"{day:%Y年%-m月%-d日}", content[field] or " "
        else:
            yield "", content[field]

    return read


def _of_ten(key: str) -> tuple[int, str]:
    """The place of a kind in the notice: JSON keeps its keys in an order of its own."""
    return (TEN.index(key) if key in TEN else len(TEN), key)


def _person(person: Person) -> str:
    return " ".join(filter(None, (person.get("name"), person.get("post"), person.get("phone"))))


def _people(content: People, names: Mapping[str, str]) -> Lines:
    yield "第一责任人", _person(content["first"])
    for key in sorted(content["kinds"], key=_of_ten):
        yield names.get(key, key), _person(content["kinds"][key])


_READERS: dict[str, Callable[..., Lines]] = {
    Section.KINDS: _kinds,
    Section.INNOVATIONS: _innovations,
    Section.FEATURED: _featured,
    Section.GRID: _grid,
    Section.ACTION_DAY: _dated("text"),
    Section.PEOPLE: _people,
    Section.PARTY_REPORT: _dated("outcome"),
}

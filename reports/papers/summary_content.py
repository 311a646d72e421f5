"""What stands in a summary: the shape of each part, what is missing, how it reads on paper.

Pure: takes the parts as plain values, asks the database nothing.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from campaigns.checks import MANY_PEOPLE, Question, is_it
from reports.papers.choices import Part
from reports.papers.content import Contents, Lines


class Typed(TypedDict):
    """A figure that nobody logged, as somebody typed it, and why."""

    label: str
    value: str
    unit: str
    why: str
    kind: str
    sure: NotRequired[bool]  # it was asked about, and is so


class Figures(TypedDict):
    items: list[Typed]


class ChosenPicture(TypedDict):
    id: str
    words: str


class Pictures(TypedDict):
    chosen: list[ChosenPicture]


class Letter(TypedDict):
    """What an office has typed of the paper as a letter, each of it or nothing. ``printed_on``: an ISO
    date, or empty."""

    number: str
    signer: str
    copies: str
    office: str
    printed_on: str


MOST_WORDS = 60  # beside a picture
EMPTY: Contents = {part: {"text": ""} for part in Part} | {
    Part.FIGURES: {"items": []},
    Part.PICTURES: {"chosen": []},
}
# Parts whose text a city writes itself; the others may be empty when nothing took place.
NEEDED = (Part.OVERVIEW, Part.PRACTICE, Part.PROBLEMS, Part.NEXT)


def whole_number(text: str) -> int | None:
    """A figure as typed, or None when it is none: "约300", "3.5" and "-2" are not."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def unlikely(content: Figures, counted: Mapping[str, int]) -> list[tuple[Typed, Question]]:
    """Typed figures above what a hall holds and above all that was counted, and what is asked about
    each that nobody has answered for. ``counted``: unit → its largest counted figure."""
    found = []
    for item in content["items"]:
        number, most = whole_number(item["value"]) or 0, counted.get(item["unit"], 0)
        if number > max(MANY_PEOPLE, most) and not item.get("sure"):
            than = f"比登记里数出来的（{most}）还多" if most else "这么多很少见"
            found.append((item, is_it("hand", number, than, f"“{item['label']}”的 ")))
    return found


def problems(contents: Contents) -> Lines:
    """What stands between the summary and its sending: (section, what to do) for each thing."""
    typed: Figures = contents[Part.FIGURES]
    for item in typed["items"]:
        name = item["label"] or "没有写名称的数据"
        if not item["label"]:
            yield Part.FIGURES, "有一行补充数据没有写名称，请写上或整行清空。"
        if whole_number(item["value"]) is None:
            yield (
                Part.FIGURES,
                f"“{name}”填的是“{item['value']}”，请填整数；拿不准的不填，写在正文里。",
            )
        if not item["why"]:
            yield Part.FIGURES, f"“{name}”没有写明来源和没有登记的原因。"
    for part in NEEDED:
        if not contents[part]["text"].strip():
            yield part, f"请填写{part.label}。"


def lines(part: str, content: Any, names: Any = None) -> list[tuple[str, str]]:
    """How one part reads: (label, text) pairs, an empty part reads as 未填写."""
    return [(label, text) for label, text in _read(part, content) if text] or [("", "未填写")]


def _read(part: str, content: Any) -> Lines:
    if part == Part.FIGURES:
        for item in content["items"]:
            yield item["label"], f"{item['value']} {item['unit']}（手工填写：{item['why']}）"
    elif part == Part.PICTURES:
        for picture in content["chosen"]:
            yield "", picture["words"]
    else:
        yield "", content["text"]

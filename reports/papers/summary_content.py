"""What stands in a summary: the shape of each part, what is missing, how it reads on paper.

Pure: takes the parts as plain values, asks the database nothing.
"""

from typing import Any, TypedDict

from reports.papers.choices import Part
from reports.papers.content import Contents, Lines


class Typed(TypedDict):
    """A figure that nobody logged, as somebody typed it, and why."""

    label: str
    value: str
    unit: str
    why: str
    kind: str


class Figures(TypedDict):
    items: list[Typed]


class ChosenPicture(TypedDict):
    id: str
    words: str


class Pictures(TypedDict):
    chosen: list[ChosenPicture]


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

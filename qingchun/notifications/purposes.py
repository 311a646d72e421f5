"""What messages are about: the ``notices`` of each app's portal.py; the province may reword them.

TOLD = Purpose("plan_returned", "方案退回", fields={"unit": "太原市"}, …)
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from string import Formatter
from typing import Any

from qingchun.ground.clauses import joined
from qingchun.ground.portal import answers


class Audience(StrEnum):
    """Whom it is for: whose words it uses, and who may mute it."""

    CADRES = "cadres"
    YOUNG = "young"


@dataclass(frozen=True, eq=False)
class MessageType:
    """``fields`` are the names a text may use in braces, each with an example for the preview."""

    key: str
    label: str
    fields: Mapping[str, str]
    subject: str
    text: str
    # To people by these alone; by every way that reaches them where none is named.
    ways: tuple[str, ...] = ()
    can_mute: bool = True
    audience: Audience = Audience.CADRES
    # Says where one stands: what was not sent before the next is not sent after it.
    latest_only: bool = False
    # Says how things stand today: decided anew until it is sent, and not sent once it is not owed.
    of_the_day: bool = False
    # Keys of what no longer holds once this is told of the same thing, and is not sent any more.
    replaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for text in (self.subject, self.text):
            if problem := problem_with(text, self.fields):
                raise ValueError(f"{self.key}: {problem}")


@cache
def _known() -> dict[str, MessageType]:
    values = chain.from_iterable(vars(module).values() for module in answers("notices"))
    return {one.key: one for one in values if isinstance(one, MessageType)}


def all_purposes() -> list[MessageType]:
    return list(_known().values())


def find(key: str) -> MessageType | None:
    return _known().get(key)


def of_message(key: str) -> MessageType:
    """The same of a key that was written: it has one."""
    return _known()[key]


def mutable_by(audience: Audience) -> list[MessageType]:
    """What whoever is told may have in the inbox alone."""
    return [one for one in all_purposes() if one.can_mute and one.audience == audience]


def label_of(key: str) -> str:
    return _known()[key].label if key in _known() else key


def problem_with(text: str, fields: Collection[str]) -> str:
    """Why a text cannot be filled in; empty when it can.

    Only whole names: an attribute or an index would let a template read what it should not.
    """
    try:
        names = [name for _, name, spec, turn in Formatter().parse(text) if name is not None]
        plain = not any(spec or turn for _, _, spec, turn in Formatter().parse(text))
    except ValueError:
        return "花括号没有成对，请核对。"
    known = "、".join(f"{{{name}}}" for name in fields) or "（没有）"
    if strangers := [name for name in names if name not in fields]:
        return f"没有“{{{strangers[0]}}}”这一项。可以用的是：{known}。"
    return "" if plain else f"花括号里只写名称。可以用的是：{known}。"


def fill(text: str, values: Mapping[str, Any]) -> str:
    return joined(text.format_map(values))

"""What may come over a row, and what becomes of it then: asked of every model by its fields.

The answers stand on the models (``law``). ``happening.happen`` carries a change out over all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Change(Enum):
    """What may come over a row, and what it is asked by."""

    UNIT_CLOSED = "its unit was merged into another"
    POST_ENDED = "the post that works on it ended, by suspension or hand-over"
    WITHDRAWN = "the consent it rests on was withdrawn"
    LEFT = "the person left"
    MERGED = "two records of the person became one"
    MOVED = "the person moved to another unit"


UNIT_CLOSED, POST_ENDED, WITHDRAWN, LEFT, MERGED, MOVED = Change


@dataclass(frozen=True)
class Stay:
    """Nothing becomes of it; ``why`` is for people to read."""

    why: str


@dataclass(frozen=True)
class Follow:
    """It goes along: its unit, post or person becomes the other one.

    Where there may be one alone and the other has it already, it stays behind; but with a name of
    its own (``told_apart``: the field) it goes along under the name with its old unit's after it.
    """

    told_apart: str = ""


@dataclass(frozen=True)
class Erase:
    """It goes, with its files."""


@dataclass(frozen=True)
class Cascade:
    """It goes with what it hangs on, by the database: its key says so, and it holds no file."""


@dataclass(frozen=True)
class Empty:
    """It stays as a count of nobody: these fields take these values, and emptied files go."""

    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class By:
    """A function of its app does it, ``function(rows, **facts)``: "app.module.name".

    Returns: how many rows.
    """

    function: str


Answer = Stay | Follow | Erase | Cascade | Empty | By

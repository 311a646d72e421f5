"""A chart over time as SVG, put together by the server: prints, needs no script. Knows no figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

LEFT, RIGHT, TOP, BOTTOM = 46, 8, 16, 40
LETTER = 13  # the width of a character
BAR = 0.72  # of the room that a point has
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Mark:
    """Something on the axis: at which point it begins, and what is written there."""

    at: int
    label: str


def drawn(
    mine: Sequence[int | None],
    last: Sequence[int | None],
    labels: Sequence[str],
    *,
    width: int,
    height: int,
    stages: Sequence[Mark] = (),
    today: int | None = None,
    most_labels: int = 10,
) -> dict[str, Any]:
    """Bars of this edition, a line of the last. What is None leaves its place empty.

    Returns: what ``reports/_chart.html`` writes; numbers as texts, since a template would write some
    of them with commas.
    """
    wide, high = width - LEFT - RIGHT, height - TOP - BOTTOM
    most = max((value for value in [*mine, *last] if value), default=0)
    step = _step(most)
    top = max(step, -(-most // step) * step)
    room = wide / max(1, len(labels))
    middle = [LEFT + room * (at + 0.5) for at in range(len(labels))]

    def y(value: float) -> float:
        return TOP + high * (1 - value / top)

    every = -(-len(labels) // most_labels)
    return {
        "box": f"0 0 {width} {height}",
        "bars": [
            _bar(middle[at], room * BAR, y(value), y(0), labels[at], value)
            for at, value in enumerate(mine)
            if value is not None
        ],
        **_line(last, middle, y),
        "grid": [{"y": _n(y(at)), "label": f"{at:,}"} for at in range(0, top + 1, step)],
        "left": str(LEFT),
        "right": str(width - RIGHT),
        "labels_x": str(LEFT - 6),
        "base": _n(TOP + high),
        "below": _n(TOP + high + 17),
        "lowest": _n(TOP + high + 33),
        "ticks": [
            {"x": _n(middle[at]), "label": labels[at]} for at in range(0, len(labels), every)
        ],
        "stages": [
            {"x": _n(LEFT + room * mark.at), "label": _fitting(mark, after, room), "top": str(TOP)}
            for mark, after in pairwise([*stages, None])
            if mark
        ],
        "today": None if today is None else _n(middle[today]),
        "top": str(TOP),
    }


def _bar(
    middle: float, wide: float, top: float, base: float, label: str, value: int
) -> dict[str, Any]:
    box = {"x": middle - wide / 2, "y": top, "w": wide, "h": base - top}
    return {name: _n(one) for name, one in box.items()} | {"label": label, "value": value}


def _line(
    values: Sequence[int | None], middle: Sequence[float], y: Callable[[float], float]
) -> dict[str, Any]:
    """Its pieces, and dots where a piece is one value alone."""
    parts = [[(_n(middle[at]), _n(y(value))) for at, value in part] for part in _parts(values)]
    return {
        "lines": [" ".join(map(",".join, part)) for part in parts],
        "dots": [{"x": part[0][0], "y": part[0][1]} for part in parts if len(part) == 1],
    }


def _fitting(mark: Mark, after: Mark | None, room: float) -> str:
    """Its label, where there is room for it before the next one begins."""
    has_room = after is None or (after.at - mark.at) * room >= LETTER * len(mark.label)
    return mark.label if has_room else ""


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _step(most: int) -> int:
    """Between two lines of the grid: 1, 2 or 5 times a power of ten, four lines or so."""
    size = 1
    while True:
        for times in STEPS:
            if most <= times * size * 4:
                return times * size
        size *= 10


def _parts(values: Sequence[int | None]) -> list[list[tuple[int, int]]]:
    """Runs of values without a gap: [(place, value), …]."""
    parts: list[list[tuple[int, int]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            parts.append([])
        else:
            parts[-1].append((at, value))
    return [part for part in parts if part]

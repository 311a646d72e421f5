"""What is unlikely in what was typed: asked where it is typed, kept with the answer, and pointed out
before a summary is sent where nobody has answered. Evidence, never a judgement.

One table of rules for both. An answer is kept with the record, by what was asked: the same number is
not asked about twice, another one is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import now

MANY_PEOPLE = 3000  # more than one hall of a county holds
TIMES_THE_MOST, FEWEST = 3, 200  # of the most so far; of fewer nobody asks
PEOPLE = ("人", "人次", "名")  # what measures are counted in whose number is one of people
MANY_A_DAY, TIMES_THE_USUAL = 10, 5

# rule -> what it is called where figures are looked through; those with a question are asked at entry.
NAMES = {
    "day": "某天场次太多",
    "crowd": "一场人数太多",
    "figure": "指标太大",
    "served": "一天服务人次太多",
    "twice": "登记了两次",
    "photo": "照片用了两次",
    "last": "最后一天才登记",
    "young": "人数超过青年总数",
}
# The same limit for PostgreSQL: %(past)s is put in its place.
LIMIT_SQL = (
    f"CASE WHEN {{past}} > 0 THEN LEAST({MANY_PEOPLE}, GREATEST({FEWEST},"
    f" {TIMES_THE_MOST} * {{past}} + 1)) ELSE {MANY_PEOPLE} END"
)


def limit(most: int | None) -> int:
    """From how many on it is asked, where the most so far was ``most``."""
    if not most:
        return MANY_PEOPLE
    return min(MANY_PEOPLE, max(FEWEST, TIMES_THE_MOST * most + 1))


@dataclass(frozen=True)
class Question:
    """What is asked about one field. ``token``: by what the answer is kept."""

    token: str
    text: str
    yes: str


def too_many(rule: str, number: int, most: int | None, whose: str) -> Iterator[Question]:
    """``whose``: what the most so far was of, as ``本县以往最多的一场``."""
    if number >= limit(most):
        than = f"比{whose}（{most}）多很多" if most else "比一个会场坐得下的还多"
        yield Question(
            f"{rule}:{number}", f"{number} {than}，是 {number} 吗？", f"是 {number}，没有写错"
        )


def answers(given: Iterable[str], by: str) -> dict[str, Any]:
    """As a record keeps them."""
    said = {"by": by, "at": now().isoformat(timespec="seconds")}
    return dict.fromkeys(given, said)


class Asks:
    """A form that asks about what is unlikely, and takes it once the box beside the question is ticked.

    ``questions``: (what is clean) → (field or None, question); ``kept``: answers given before.
    """

    kept: Mapping[str, Any] = {}
    unsure: list[Question]
    sure: list[Question]

    def questions(self, clean: Mapping[str, Any]) -> Iterator[tuple[str | None, Question]]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        given = self.data.getlist("sure") if hasattr(self.data, "getlist") else []  # type: ignore[attr-defined]
        self.unsure, self.sure = [], []
        for _, question in self.questions(clean):
            if question.token in self.kept:
                continue
            (self.sure if question.token in given else self.unsure).append(question)
        if self.unsure:
            self.add_error(None, "请核对下面问的。没有写错的，勾上再提交。")  # type: ignore[attr-defined]
        return clean

    @property
    def confirmed(self) -> list[str]:
        return [question.token for question in self.sure]

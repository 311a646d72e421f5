"""What is unlikely in what was typed: asked where it is typed, kept with the answer, and pointed out
before a summary is sent where nobody has answered. Evidence, never a judgement.

One table of rules for both. An answer is kept with the record, by what was asked: the same number is
not asked about twice, another one is.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import now

MANY_PEOPLE = 3000  # more than one hall of a county holds
TIMES_THE_MOST, FEWEST = 3, 200  # of the most so far; of fewer nobody asks
PEOPLE = ("人", "人次", "名")  # what measures are counted in whose number is one of people
MANY_A_DAY, TIMES_THE_USUAL = 10, 5
MANY_YOUNG, TIMES_BEFORE = 500_000, 3  # young people of a county; of what was noted before
MANY_PLACES = 100  # of one post at one employer

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
    "hand": "手工填写的数太大",
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


def is_it(rule: str, number: int, than: str, of: str = "") -> Question:
    """Whether ``number`` is meant. ``than``: why it is asked; ``of``: of whom it is."""
    text = f"{of}{number} {than}，是 {number} 吗？"
    return Question(f"{rule}:{number}", text, f"是 {number}，没有写错")


def too_many(rule: str, number: int, most: int | None, whose: str) -> Iterator[Question]:
    """``whose``: what the most so far was of, as ``本县以往最多的一场``."""
    if number >= limit(most):
        than = f"比{whose}（{most}）多很多" if most else "比一个会场坐得下的还多"
        yield is_it(rule, number, than)


def too_far(rule: str, number: int, before: int | None, of: str) -> Iterator[Question]:
    """Of how many young people there are: ``before`` is what was noted last."""
    if before and not before / TIMES_BEFORE < number < before * TIMES_BEFORE:
        yield is_it(rule, number, f"和以前填的（{before}）差很多", of)
    elif not before and number >= MANY_YOUNG:
        yield is_it(rule, number, "比一个县的青年还多", of)


def answers(given: Iterable[str], by: str) -> dict[str, Any]:
    """As a record keeps them."""
    said = {"by": by, "at": now().isoformat(timespec="seconds")}
    return dict.fromkeys(given, said)


class Asks:
    """A form that asks about what is unlikely, and takes it once the box beside the question is ticked.

    ``questions``: (what is clean) → (field or None, question); ``kept``: answers given before.
    """

    kept: Mapping[str, Any] = {}
    unsure: Sequence[Question] = ()
    sure: Sequence[Question] = ()

    def questions(self, clean: Mapping[str, Any]) -> Iterator[tuple[str | None, Question]]:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        given = self.data.getlist("sure") if hasattr(self.data, "getlist") else []  # type: ignore[attr-defined]
        asked = [one for _, one in self.questions(clean) if one.token not in self.kept]
        self.sure = [question for question in asked if question.token in given]
        self.unsure = [question for question in asked if question.token not in given]
        if self.unsure:
            self.add_error(None, "请核对下面问的。没有写错的，勾上再提交。")  # type: ignore[attr-defined]
        return clean

    @property
    def confirmed(self) -> list[str]:
        return [question.token for question in self.sure]


class AsksWhichEdition:
    """A form that asks where a day is one of another edition than it was opened for: either may have
    been meant. What it is answered by are the buttons of parts/which_edition.html.

    ``campaign``: the one it was opened for; ``offered``: the other, where it asks.
    """

    campaign: Any
    offered: Any = None

    def ask_which(self, other: Any, day: dt.date, does: str, *, is_answered: bool) -> None:
        """``does``: what is done with what is typed, as 登记到. Raises: ValidationError, the question."""
        if other in (None, self.campaign) or day < other.starts_on or is_answered:
            return
        self.offered = other
        raise ValidationError(f"{day:%Y年%-m月%-d日}是{other}的日子，请选{does}哪一次。")

    @property
    def may_stay(self) -> bool:
        """Whether the day that is asked about could be one of this edition all the same."""
        return bool(self.offered) and self.offered.starts_on > self.campaign.starts_on

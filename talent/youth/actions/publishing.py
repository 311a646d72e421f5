"""What was asked and answered is shown to others, without who asked."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import stays, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting
from talent.youth import pages
from talent.youth.actions.questions import BACK, CLOSED, OPEN, QUESTIONS, REPLIED
from talent.youth.choices import Asked, Side
from talent.youth.models import PublishedAnswer, Question
from talent.youth.permissions import can_answer

NUMBERS = re.compile(r"\d{7,}|\d{3,4}-\d{7,8}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}")


ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def without_details(text: str, names: Iterable[str] = ()) -> str:
    """A proposal of what may be shown: numbers, addresses and the names we know are taken out."""
    for name in filter(None, names):
        text = text.replace(name, "×××")
    return ADDRESS.sub("×××", NUMBERS.sub("×××", text))


NOT_TO_BE_SHOWN = "只有已经答复的咨询和困难可以公开。"


def _is_not_to_be_shown(question: Question) -> str:
    is_shown = question.kind != Asked.OPINION and question.answered_at is not None
    return "" if is_shown else NOT_TO_BE_SHOWN


@step(QUESTIONS, stays(REPLIED, CLOSED), "公开答复", may=can_answer, needs=_is_not_to_be_shown,
      says=dict.fromkeys((OPEN, BACK), NOT_TO_BE_SHOWN), label="公开", said="已在家乡页公开。")  # fmt: skip
def publish(question: Question, *, actor: User, asked: str, answered: str) -> PublishedAnswer:
    """Put a good answer on the county's page. Opinions are never published.

    Raises: also Refused when a name or a number is still in it.
    """
    with walking(publish, question, actor) as walk:
        names = [question.youth.name] if question.youth else []
        for text in (asked, answered):
            if without_details(text, names) != text:
                raise Refused("里面还有姓名、电话或证件号，请去掉后再公开。")
        published, _ = PublishedAnswer.objects.update_or_create(
            question=question,
            defaults={
                "organization_id": question.organization_id, "asked": asked, "answered": answered,
                "by_name": actor.name, "at": now(),
            },
        )  # fmt: skip
        walk.noted["published"] = published.pk
    pages.forget(question.organization_id)
    return published


def to_be_shown(question: Question) -> tuple[str, str]:
    """(question, answer) as they may stand on a page: a proposal, without names and numbers."""
    names = [question.youth.name] if question.youth else []
    last = question.replies.filter(side=Side.UNIT).last()
    return (
        without_details(question.text, names)[:300],
        without_details(last.text if last else "", names),
    )


@transaction.atomic
def unpublish(published: PublishedAnswer, *, actor: User) -> None:
    only_if(published.organization_id.startswith(actor.scope or "-"))
    record_event(actor, "撤下公开答复", published)
    pages.forget(published.organization_id)
    published.delete()


FEWEST_TOGETHER = 5


def opinions_of(scope: str) -> list[str]:
    """The words of opinions from a unit and below, without names and never fewer than five.

    Counted by askers, so that five words of one person are not five people. Newest first by
    the week, so that no order tells who wrote when. Empty when there are too few.
    """
    with acting("count"):
        found = list(
            Question.objects.filter(
                kind=Asked.OPINION,
                first_unit__gte=county_of(scope),
                first_unit__lt=f"{county_of(scope)}:",
            )
            .exclude(youth=None)
            .order_by("-pk")
            .values_list("youth_id", "text")[:500]
        )
    if len({youth for youth, _ in found}) < FEWEST_TOGETHER:
        return []
    return sorted(without_details(text) for _, text in found)

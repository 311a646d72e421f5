"""When other days off are put in force: questions that wait have another day, and both sides hear of it."""

from collections.abc import Iterator

from django.utils.timezone import localdate

from campaigns.actions.days_off import Moved
from campaigns.workdays import Days
from qingchun.notifications.actions import put_right, tell_one
from qingchun.organizations.walls import acting
from talent.youth.choices import QuestionState
from talent.youth.models import Question
from talent.youth.notices import DAY_MOVED


def follow_days(was: Days, days: Days) -> Iterator[Moved]:
    """Needs: the days off held still (``days_off.hold_days``)."""
    changed = days.changed(was)
    if not changed:
        return
    with acting("ask and pass on"):
        waiting = Question.objects.filter(state=QuestionState.OPEN, due_on__gte=changed[0])
        for question in waiting.order_by("pk").select_for_update():
            before = question.due_on
            due = days.laid_anew(localdate(question.asked_at), before, was)
            if due == before:
                continue
            question.due_on = due
            Question.objects.filter(pk=question.pk).update(due_on=due)
            old, new = (f"{day:%-m月%-d日}" for day in (before, due))
            put_right({question: {"day": new}})
            if question.asker_id:
                tell_one(
                    DAY_MOVED, question.asker_id, about=question, offset=f"{old} {new}",
                    organization_id=question.organization_id, link=f"/my/questions/{question.pk}/",
                    values={"old": old, "new": new},
                )  # fmt: skip
            said = f"青年{question.get_kind_display()}：{old}改为{new}"
            yield Moved(question.organization_id, None, said)

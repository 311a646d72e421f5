"""咨询、困难、意见建议: from asking to the asker's own word on the answer."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.counting import count
from campaigns.days_off import hold_days, in_force
from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership, User
from qingchun.accounts.steps import Road, Walk, by_the_portal, stays, step, walking
from qingchun.ground.refusals import Refused
from qingchun.ground.ringing import whom_to_ring
from qingchun.notifications.actions import no_longer, tell_one, tell_unit
from qingchun.notifications.purposes import MessageType
from qingchun.organizations.codes import city_of, county_of, is_near
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth import counts
from talent.youth.choices import QuestionState, Side
from talent.youth.models import LiaisonGroup, Question, Reply, Youth
from talent.youth.notices import ANSWERED, ASKED, ASKED_BACK, LATE, PASSED
from talent.youth.permissions import can_answer

# Each rings somebody's telephone.
MOST_A_DAY = 10
OPEN, BACK, REPLIED, CLOSED = QuestionState
NOT_YET = "还没有答复，等收到答复后再反馈。"


def due_day(day: dt.date | None = None) -> dt.date:
    """The last of the working days within which an answer is due."""
    return in_force().forward(day or localdate(), settings.ANSWER_WORKDAYS)


def _printed(day: dt.date) -> str:
    return f"{day:%-m月%-d日}"


@transaction.atomic
def ask(youth: Youth, *, kind: str, text: str) -> Question:
    """Put something to home. It goes to the person responsible for the asker's group, else to
    those responsible in the county. The same words again within the day are the same question.

    Returns: the question. Raises: Refused beyond ten a day.
    """
    before = Question.objects.filter(
        youth=youth, kind=kind, text=text, asked_at__date=localdate()
    ).first()
    if before:
        return before
    if Question.objects.filter(youth=youth, asked_at__date=localdate()).count() >= MOST_A_DAY:
        office = whom_to_ring(youth.organization_id)
        raise Refused(f"今天已经提了 {MOST_A_DAY} 条，请明天再提，急事打 {office.said}。")
    county, campaign = county_of(youth.organization_id), Campaign.objects.at_work()
    hold_days()
    with acting("ask and pass on", county):
        responsible = _responsible_for(youth)
        question = Question.objects.create(
            organization_id=responsible.organization_id if responsible else county,
            youth=youth,
            asker=youth.user,
            campaign=campaign,
            first_unit=county,
            kind=kind,
            text=text,
            due_on=due_day(),
        )
        if campaign:
            count(counts.ASKED, campaign.pk, county)
        youth.active_at = now()
        youth.save(update_fields=["active_at"])
        told = {
            "about": question,
            "organization_id": question.organization_id,
            "link": f"/inquiries/{question.pk}/",
            "values": {"kind": question.get_kind_display(), "day": _printed(question.due_on)},
        }
        if responsible:
            tell_one(ASKED, responsible.user_id, **told)
        else:
            tell_unit(ASKED, **told)
    record_event(None, "提出", question, by="本人", kind=kind)
    return question


def _responsible_for(youth: Youth) -> Membership | None:
    """The post that looks after the asker: of the nearest group that has somebody."""
    for group in LiaisonGroup.objects.for_person(youth):
        if group.has_responsible and is_near(group.organization_id):
            return group.responsible
    return None


def _say(question: Question, side: str, text: str, by: str = "") -> Reply:
    return Reply.objects.create(
        organization_id=question.organization_id,
        question=question,
        side=side,
        text=text,
        by_name=by,
    )


def _tell(
    question: Question,
    purpose: MessageType,
    *,
    reply: Reply | None = None,
    to: str = "",
    **words: Any,
) -> int:
    """The asker of an answer; whom it lies with of what waits; those above of what is late."""
    told = {"about": question, "organization_id": question.organization_id}
    if purpose in (ANSWERED, ASKED_BACK):
        if not question.asker_id:
            return 0
        told |= {"offset": str(reply.pk) if reply else "", "link": f"/my/questions/{question.pk}/"}
        values = {"unit": question.organization.short_name}
        return tell_one(purpose, question.asker_id, **told, values=values)
    told["link"] = f"/inquiries/{question.pk}/"
    values = {"kind": question.get_kind_display(), "day": _printed(question.due_on)} | words
    if purpose == LATE:
        return _tell_above(question, told, values)
    with acting("ask and pass on"):  # it may lie with a unit beyond the wall now
        told |= {"organization_id": to or question.organization_id, "values": values}
        return tell_unit(purpose, **told, offset=str(reply.pk) if reply else now().isoformat())


def _tell_above(question: Question, told: dict[str, Any], values: dict[str, str]) -> int:
    lies_with, values = (
        question.organization_id,
        values | {"unit": question.organization.short_name},
    )
    return sum(
        tell_unit(
            LATE, **told | {"organization_id": code, "offset": f"{question.due_on}|{code}"},
            values=values,
        )
        for code in {lies_with, county_of(lies_with), city_of(lies_with)}
    )  # fmt: skip


def _settled(question: Question, walk: Walk) -> None:
    """Whoever was to hear of where it stood, or that it lies with them, need not any more."""
    if walk.to != walk.came_from or "to" in walk.words:
        no_longer(question)


QUESTIONS = Road("questions", Question, tell=_tell, after=_settled)


def _signed(actor: User) -> str:
    return f"{actor.acting.organization.short_name} {actor.name}"


@step(QUESTIONS, ((OPEN, REPLIED),), "答复", may=can_answer, tells={REPLIED: ANSWERED},
      label="答复", said="已答复，本人会收到通知。")  # fmt: skip
def answer(question: Question, *, actor: User, text: str) -> None:
    """Answer; the first answer stops the clock and is counted in time or not."""
    with walking(answer, question, actor) as walk:
        is_first = question.answered_at is None
        if is_first:
            in_time = localdate() <= question.due_on
            walk.facts |= {"answered_at": now(), "in_time": in_time}
        walk.words["reply"] = _say(question, Side.UNIT, text, _signed(actor))
    if is_first and question.campaign_id:
        with acting("ask and pass on", question.first_unit):
            count(counts.ANSWERED, question.campaign_id, question.first_unit)
            if in_time:
                count(counts.IN_TIME, question.campaign_id, question.first_unit)


@step(QUESTIONS, ((OPEN, BACK),), "请本人补充", may=can_answer, tells={BACK: ASKED_BACK},
      label="请本人补充", said="已请本人补充，补充前不计时。")  # fmt: skip
def ask_back(question: Question, *, actor: User, text: str) -> None:
    """Ask the asker for more; meanwhile the clock stands still."""
    with walking(ask_back, question, actor) as walk:
        walk.words["reply"] = _say(question, Side.UNIT, text, _signed(actor))


@step(QUESTIONS, stays(OPEN), "转办", may=can_answer, tells={OPEN: PASSED},
      label="转办", ask="转办后由对方答复，本单位不能再答；转错了只能请对方转回。确定吗？",
      said="已转{record.organization.short_name}办理。")  # fmt: skip
def pass_on(question: Question, *, actor: User, unit: Organization, remark: str) -> None:
    """Give it to the unit whose business it is; the clock starts anew there.

    Raises: PermissionDenied; Refused when it lies there already, or is not waiting.
    """
    came_from = question.organization.short_name
    with walking(pass_on, question, actor) as walk:
        if unit.code == question.organization_id:
            raise Refused("这件事已经在这个单位，请另选一个。")
        walk.facts |= {"due_on": due_day(), "risen_at": None}
        walk.words |= {"to": unit.code, "unit": came_from}
        # The remark stands in the conversation: it may name somebody, and this is never removed.
        walk.noted["to"] = unit.code
    with acting("ask and pass on"):  # out of the wall that it was walked in
        Question.objects.filter(pk=question.pk).update(organization=unit)
        Reply.objects.filter(question=question).update(organization=unit)
        question.organization = unit
        _say(question, Side.UNIT, f"转{unit.short_name}办理。{remark}".strip(), came_from)


@step(QUESTIONS, ((REPLIED, CLOSED), (BACK, CLOSED)), "办结", may=can_answer,
      label="办结", ask="办结后本人不能再补充。确定办结吗？", said="已办结。")  # fmt: skip
def close(question: Question, *, actor: User) -> None:
    """Done, when the asker has not said so within reason."""
    with walking(close, question, actor) as walk:
        walk.facts["closed_at"] = now()


# By the asker


def is_asker(user: User, question: Question) -> bool:
    return question.asker_id == user.pk


@step(QUESTIONS, stays(OPEN), "补充", may=is_asker, own=True,
      label="补充", said="已补充，家乡团组织会继续办理。")  # fmt: skip
def say_more(question: Question, *, user: User, text: str) -> None:
    """The asker adds to what waits for an answer."""
    with walking(say_more, question, user):
        _say(question, Side.ASKER, text)


@step(QUESTIONS, ((BACK, OPEN), (REPLIED, OPEN)), "再提", may=is_asker, own=True,
      tells={OPEN: ASKED}, label="还有话要说", said="已补充，家乡团组织会继续办理。")  # fmt: skip
def say_again(question: Question, *, user: User, text: str) -> None:
    """The asker answers what was asked back, or is not content: the clock begins anew."""
    with walking(say_again, question, user) as walk:
        walk.facts |= {"due_on": due_day(), "risen_at": None}
        walk.words["reply"] = _say(question, Side.ASKER, text)


def _said_already(question: Question) -> str:
    return "您已经反馈过了，谢谢。" if question.outcome else ""


@step(QUESTIONS, ((REPLIED, CLOSED), (CLOSED, CLOSED)), "反馈", may=is_asker, own=True,
      label="告诉家乡", said="谢谢您的反馈。",
      needs=_said_already, says=dict.fromkeys((OPEN, BACK), NOT_YET))  # fmt: skip
def say_outcome(question: Question, *, user: User, outcome: str) -> None:
    """The asker's word: solved, partly, not. Whatever it is, it closes what was answered."""
    with walking(say_outcome, question, user) as walk:
        walk.facts["outcome"] = outcome
        walk.noted["outcome"] = outcome
        if walk.came_from != CLOSED:
            walk.facts["closed_at"] = now()


def _risen_already(question: Question) -> str:
    return "这件事已经上报过了。" if question.risen_at else ""


@step(QUESTIONS, stays(OPEN), "超时上报", may=by_the_portal, tells={OPEN: LATE},
      needs=_risen_already)  # fmt: skip
def rise(question: Question, *, actor: None = None) -> None:
    with walking(rise, question, actor) as walk:
        walk.facts["risen_at"] = now()


def raise_late(today: dt.date) -> int:
    """What has not been answered in time rises to the unit above. Returns: how many."""
    with acting("ask and pass on"):
        late = Question.objects.filter(state=OPEN, due_on__lt=today, risen_at=None)
        found = list(late.select_related("organization")[:500])
        risen = 0
        for question in found:
            with suppress(Refused):  # answered just now
                rise(question)
                risen += 1
    return risen


# Published answers


# Opinions, compiled

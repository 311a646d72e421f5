"""咨询、困难、意见建议: from asking to the asker's own word on the answer."""

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.calendar import forward_workdays
from campaigns.counting import count
from campaigns.models import Campaign
from qingchun.accounts.audit import write_down
from qingchun.notifications.actions import tell_one, tell_unit
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from talent import counts, pages
from talent.choices import MOVES, Asked, QuestionState, Side
from talent.models import LiaisonGroup, PublishedAnswer, Question, Reply
from talent.notices import ANSWERED, ASKED, ASKED_BACK, LATE, PASSED
from talent.permissions import can_answer

# Each rings somebody's telephone.
MOST_A_DAY = 10
MOVED_ON = "这件事的状态已经变了，请刷新页面后再操作。"


def due_day(day=None):
    """The last of the working days within which an answer is due."""
    return forward_workdays(day or localdate(), settings.ANSWER_WORKDAYS)


def _printed(day):
    return f"{day:%-m月%-d日}"


@transaction.atomic
def ask(youth, *, kind, text):
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
        raise Refused(f"今天已经提了 {MOST_A_DAY} 条，请明天再提，急事请打家乡页上的电话。")
    county, campaign = youth.organization_id[:6], Campaign.objects.at_work()
    with as_clerk():
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
    write_down(None, "提出", question, by="本人", kind=kind)
    return question


def _responsible_for(youth):
    """The post that looks after the asker: of the nearest group that has somebody."""
    for group in LiaisonGroup.objects.for_person(youth):
        if group.has_responsible and len(group.organization_id) >= 6:
            return group.responsible
    return None


def _move(question, state, **facts):
    """Compare and set. Raises: Refused when somebody was quicker."""
    came_from = question.state
    unmoved = Question.objects.filter(
        pk=question.pk, state=came_from, organization_id=question.organization_id
    )
    if (came_from, state) not in MOVES or not unmoved.update(state=state, **facts):
        raise Refused(MOVED_ON)
    question.state = state
    for name, value in facts.items():
        setattr(question, name, value)


def _say(question, side, text, by=""):
    return Reply.objects.create(
        organization_id=question.organization_id,
        question=question,
        side=side,
        text=text,
        by_name=by,
    )


def _tell_asker(purpose, question, reply):
    if question.asker_id:
        tell_one(
            purpose,
            question.asker_id,
            about=question,
            organization_id=question.organization_id,
            offset=str(reply.pk),
            link=f"/my/questions/{question.pk}/",
            values={"unit": question.organization.short_name},
        )


@transaction.atomic
def answer(question, *, actor, text):
    """Answer; the first answer stops the clock and is counted in time or not."""
    if not can_answer(actor, question):
        raise PermissionDenied
    facts = {}
    if question.answered_at is None:
        in_time = localdate() <= question.due_on
        facts = {"answered_at": now(), "in_time": in_time}
    _move(question, QuestionState.ANSWERED, **facts)
    if facts and question.campaign_id:
        with as_clerk():
            count(counts.ANSWERED, question.campaign_id, question.first_unit)
            if facts["in_time"]:
                count(counts.IN_TIME, question.campaign_id, question.first_unit)
    by = f"{actor.acting.organization.short_name} {actor.name}"
    reply = _say(question, Side.UNIT, text, by)
    write_down(actor, "答复", question)
    _tell_asker(ANSWERED, question, reply)


@transaction.atomic
def ask_back(question, *, actor, text):
    """Ask the asker for more; meanwhile the clock stands still."""
    if not can_answer(actor, question):
        raise PermissionDenied
    _move(question, QuestionState.ASKED_BACK)
    reply = _say(question, Side.UNIT, text, f"{actor.acting.organization.short_name} {actor.name}")
    write_down(actor, "请本人补充", question)
    _tell_asker(ASKED_BACK, question, reply)


@transaction.atomic
def add_word(question, *, user, text):
    """The asker says more: answers what was asked back, or is not content with the answer."""
    if question.asker_id != user.pk:
        raise PermissionDenied
    if question.state == QuestionState.CLOSED:
        raise Refused("这件事已经办结，有新的情况请另提一条。")
    reply = _say(question, Side.ASKER, text)
    if question.state != QuestionState.OPEN:
        _move(question, QuestionState.OPEN, due_on=due_day(), risen_at=None)
        tell_unit(
            ASKED,
            about=question,
            organization_id=question.organization_id,
            offset=str(reply.pk),
            link=f"/inquiries/{question.pk}/",
            values={"kind": question.get_kind_display(), "day": _printed(question.due_on)},
        )


@transaction.atomic
def pass_on(question, *, actor, unit, remark):
    """Give it to the unit whose business it is; the clock starts anew there.

    Raises: PermissionDenied; Refused when it lies there already, or is not waiting.
    """
    if not can_answer(actor, question):
        raise PermissionDenied
    if unit.code == question.organization_id:
        raise Refused("这件事已经在这个单位，请另选一个。")
    if question.state != QuestionState.OPEN:
        raise Refused("只有待答复的才能转办。")
    came_from, due_on = question.organization.short_name, due_day()
    # The remark stands in the conversation: it may name somebody, and this is never removed.
    write_down(actor, "转办", question, to=unit.code)
    with as_clerk():
        moved = Question.objects.filter(
            pk=question.pk, state=QuestionState.OPEN, organization_id=question.organization_id
        ).update(organization=unit, due_on=due_on, risen_at=None)
        if not moved:
            raise Refused(MOVED_ON)
        Reply.objects.filter(question=question).update(organization=unit)
        question.organization = unit
        _say(question, Side.UNIT, f"转{unit.short_name}办理。{remark}".strip(), came_from)
        tell_unit(
            PASSED,
            about=question,
            organization_id=unit.code,
            offset=now().isoformat(),
            link=f"/inquiries/{question.pk}/",
            values={"unit": came_from, "day": _printed(due_on)},
        )


@transaction.atomic
def close(question, *, actor):
    """Done, when the asker has not said so within reason."""
    if not can_answer(actor, question):
        raise PermissionDenied
    _move(question, QuestionState.CLOSED, closed_at=now())
    write_down(actor, "办结", question)


@transaction.atomic
def say_outcome(question, *, user, outcome):
    """The asker's word: solved, partly, not. Whatever it is, it closes what was answered."""
    if question.asker_id != user.pk:
        raise PermissionDenied
    if question.outcome:
        raise Refused("您已经反馈过了，谢谢。")
    if question.state == QuestionState.ANSWERED:
        _move(question, QuestionState.CLOSED, closed_at=now(), outcome=outcome)
    elif question.state == QuestionState.CLOSED:
        Question.objects.filter(pk=question.pk).update(outcome=outcome)
    else:
        raise Refused("还没有答复，等收到答复后再反馈。")
    question.outcome = outcome
    write_down(None, "反馈", question, by="本人", outcome=outcome)


@transaction.atomic
def raise_late(today):
    """What has not been answered in time rises to the unit above. Returns: how many."""
    with as_clerk():
        late = Question.objects.filter(
            state=QuestionState.OPEN, due_on__lt=today, risen_at=None
        ).select_related("organization")[:500]
        risen = 0
        for question in late:
            unrisen = Question.objects.filter(pk=question.pk, risen_at=None)
            if not unrisen.filter(state=QuestionState.OPEN).update(risen_at=now()):
                continue
            risen += 1
            lies_with = question.organization_id
            for code in {lies_with, lies_with[:6], lies_with[:4]}:
                tell_unit(
                    LATE,
                    about=question,
                    organization_id=code,
                    offset=f"{question.due_on}|{code}",
                    link=f"/inquiries/{question.pk}/",
                    values={
                        "unit": question.organization.short_name,
                        "kind": question.get_kind_display(),
                        "day": _printed(question.due_on),
                    },
                )
    return risen


# Published answers

NUMBERS = re.compile(r"\d{7,}|\d{3,4}-\d{7,8}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def without_details(text, names=()):
    """A proposal of what may be shown: numbers, addresses and the names we know are taken out."""
    for name in filter(None, names):
        text = text.replace(name, "×××")
    return ADDRESS.sub("×××", NUMBERS.sub("×××", text))


@transaction.atomic
def publish(question, *, actor, asked, answered):
    """Put a good answer on the county's page. Opinions are never published.

    Raises: PermissionDenied; Refused when a name or a number is still in it.
    """
    if not can_answer(actor, question):
        raise PermissionDenied
    if question.kind == Asked.OPINION or question.answered_at is None:
        raise Refused("只有已经答复的咨询和困难可以公开。")
    names = [question.youth.name] if question.youth else []
    for text in (asked, answered):
        if without_details(text, names) != text:
            raise Refused("里面还有姓名、电话或证件号，请去掉后再公开。")
    published, _ = PublishedAnswer.objects.update_or_create(
        question=question,
        defaults={
            "organization_id": question.organization_id,
            "asked": asked,
            "answered": answered,
            "by_name": actor.name,
            "at": now(),
        },
    )
    write_down(actor, "公开答复", question, published=published.pk)
    pages.forget(question.organization_id)
    return published


@transaction.atomic
def unpublish(published, *, actor):
    if not published.organization_id.startswith(actor.scope or "-"):
        raise PermissionDenied
    write_down(actor, "撤下公开答复", published)
    pages.forget(published.organization_id)
    published.delete()


# Opinions, compiled

FEWEST_TOGETHER = 5


def opinions_of(scope):
    """The words of opinions from a unit and below, without names and never fewer than five.

    Counted by askers, so that five words of one person are not five people. Newest first by
    the week, so that no order tells who wrote when. Empty when there are too few.
    """
    with as_clerk():
        found = list(
            Question.objects.filter(
                kind=Asked.OPINION, first_unit__gte=scope[:6], first_unit__lt=f"{scope[:6]}:"
            )
            .exclude(youth=None)
            .order_by("-pk")
            .values_list("youth_id", "text")[:500]
        )
    if len({youth for youth, _ in found}) < FEWEST_TOGETHER:
        return []
    return sorted(without_details(text) for _, text in found)

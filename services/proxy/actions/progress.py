"""Carrying a request: taken, moved, given to somebody else, handed to another county."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.days_off import in_force
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import Membership, User
from qingchun.accounts.steps import Walk, read_anew, stays, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import is_above_county
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from services.proxy import counts
from services.proxy.actions import cases, mandates, papers, slots
from services.proxy.actions.cases import CASES, at_desk, lacks_agent
from services.proxy.choices import ENDED, OPEN, CaseEventType, CaseState, Custodian, Wrong
from services.proxy.models import (
    CaseEvent,
    Handing,
    Mandate,
    Paper,
    PaperImage,
    ServiceRequest,
    Slip,
)
from services.proxy.notices import GIVEN, MOVED
from services.proxy.permissions import can_tend, carries

REGISTERED, ACCEPTED, AT_OFFICE, WAITING, DONE, IMPOSSIBLE, _ = CaseState
NEEDS_REASON = "请写明原因，本人会看到。"
UNDONE = "点错了，七天内可以撤销。"
IS_OVER = dict.fromkeys(ENDED, "这件已经结束。没有办好的，请用“重新办理”。")
FOR_CARRIERS: dict[str, Any] = {"may": carries, "needs": lacks_agent, "says": IS_OVER}


def _has_somebody(case: ServiceRequest) -> str:
    """As far as the page knows; the action asks the portal."""
    known = type(case).agent.is_cached(case) and case.agent
    return f"{case.agent_name}已经接了这件。" if known and cases.is_held(case) else ""


@step(CASES, ((REGISTERED, ACCEPTED), *stays(ACCEPTED, AT_OFFICE, WAITING)), "接手代办",
      may=can_tend, needs=_has_somebody, says=dict.fromkeys(ENDED, "这件已经结束，不用再接。"),
      tells=dict.fromkeys((ACCEPTED, AT_OFFICE, WAITING), MOVED), label="我来办",
      said="这件由您来办了，本人已收到通知。")  # fmt: skip
def take(case: ServiceRequest, *, actor: User) -> None:
    """ "我来办": nobody at work has the case; it is one's own, and accepted if it was not yet."""
    with walking(take, case, actor) as walk:
        if cases.is_held(case):
            raise Refused(f"{case.agent_name}已经接了这件。")
        walk.facts |= {"agent_id": actor.acting.pk, "agent_name": actor.name}
        walk.words["by"] = cases.by(actor)
        if walk.came_from == REGISTERED:
            walk.words["text"] = f"预计 {cases.printed(case.planned_on)} 办结"
        else:
            title = f"{actor.name}接手"
            walk.words |= {"kind": CaseEventType.AGENT, "title": title, "said": title}


@step(CASES, stays(*OPEN), "指派代办", may=carries, tells=dict.fromkeys(OPEN, GIVEN),
      says=IS_OVER, label="交给一位代办员", said="已交给{record.agent_name}。")  # fmt: skip
def assign(case: ServiceRequest, *, actor: User, agent: Membership) -> None:
    """Give a case to an agent of the county or its townships; an agent may give away their own.

    Raises: Refused for an agent of elsewhere.
    """
    with walking(assign, case, actor) as walk:
        here = case.organization_id.startswith(agent.organization_id)
        if not here or is_above_county(agent.organization_id):
            raise Refused("请选本县或这个乡镇的代办员。")
        if agent.pk == case.agent_id:
            raise Refused("这件已经在这位代办员手里。")
        walk.facts |= {"agent_id": agent.pk, "agent_name": agent.user.name}
        walk.noted["agent"] = agent.pk
        walk.words |= {
            "by": cases.by(actor), "kind": CaseEventType.AGENT, "title": f"交给{agent.user.name}",
            "agent": agent, "said": actor.acting.organization.short_name,
        }  # fmt: skip


@step(CASES, ((REGISTERED, ACCEPTED), (WAITING, ACCEPTED)), "受理代办", **FOR_CARRIERS,
      tells={ACCEPTED: MOVED}, label="受理", said="已受理，本人会收到通知。")  # fmt: skip
def accept(case: ServiceRequest, *, actor: User, text: str = "") -> None:
    with at_desk(accept, case, actor, text=text):
        pass


@step(CASES, ((ACCEPTED, AT_OFFICE), (WAITING, AT_OFFICE)), "送部门办理", **FOR_CARRIERS,
      tells={AT_OFFICE: MOVED}, label="送部门", said="已送部门，本人会收到通知。")  # fmt: skip
def to_office(case: ServiceRequest, *, actor: User, text: str = "") -> None:
    """With all papers in hand. Needs: each looked at, and a mandate that holds."""
    with at_desk(to_office, case, actor, text=text):
        if missing := _unsettled(case):
            raise Refused(f"还有材料没有核对：{missing}。核对或写明免交后再送部门。")
        mandates.must_hold(case)
    papers.carry(case, Custodian.AGENT, Custodian.OFFICE, actor=actor)


def _unsettled(case: ServiceRequest) -> str:
    """Which papers nobody has looked at, or done without."""
    return "、".join(str(paper) for paper in case.papers.all() if not paper.is_settled)


@step(CASES, ((REGISTERED, WAITING), (ACCEPTED, WAITING), (AT_OFFICE, WAITING)), "请补材料",
      **FOR_CARRIERS, tells={WAITING: MOVED}, label="请补材料",
      said="已请本人补材料，补齐前不计时。")  # fmt: skip
def wait(
    case: ServiceRequest, *, actor: User, text: str = "", wrong: Mapping[int, str] | None = None
) -> None:
    """The clock stands still. ``wrong``: paper id → what is wrong with it; else ``text``."""
    with at_desk(wait, case, actor) as walk:
        own = dict(case.papers.filter(pk__in=wrong or ()).values_list("pk", "name"))
        wrong = {pk: why for pk, why in (wrong or {}).items() if pk in own}
        if not (text or wrong):
            raise Refused(NEEDS_REASON)
        walk.facts["stopped_on"] = localdate()
        walk.words["text"] = _said_of(case, wrong, text)
    _fetched(case, walk, actor)


@step(CASES, ((ACCEPTED, DONE), (AT_OFFICE, DONE)), "办结代办", **FOR_CARRIERS,
      tells={DONE: MOVED}, label="办结", said="已办结，本人会收到通知，请他评价。",
      ask=f"办结以后这件不再办理，约好的时间让给别人，本人会收到通知，请他评价。{UNDONE}确定办结吗？")  # fmt: skip
def done(case: ServiceRequest, *, actor: User, text: str = "") -> None:
    """Needs: a mandate that holds; its papers looked at, as on the way to the office, or ``text``:
    why it is done without them."""
    with at_desk(done, case, actor, text=text) as walk:
        if not text and (missing := _unsettled(case)):
            raise Refused(
                f"还有材料没有核对：{missing}。核对或写明免交后再办结；用不着的，请在说明里写明怎么办成的。"
            )
        mandates.must_hold(case)
    _fetched(case, walk, actor)
    counts.count_done(case)


@step(CASES, tuple((state, IMPOSSIBLE) for state in OPEN), "记为不能办", **FOR_CARRIERS,
      tells={IMPOSSIBLE: MOVED}, label="不能办", said="已记为不能办，本人会收到通知。",
      ask=f"不能办的这件就结束了，约好的时间让给别人，本人会收到通知。{UNDONE}确定不能办吗？")  # fmt: skip
def impossible(case: ServiceRequest, *, actor: User, text: str = "") -> None:
    with at_desk(impossible, case, actor, text=text) as walk:
        if not text:
            raise Refused(NEEDS_REASON)
    _fetched(case, walk, actor)


def _fetched(case: ServiceRequest, walk: Walk, actor: User) -> None:
    """What the office had is in the agent's hand again."""
    if walk.came_from == AT_OFFICE:
        papers.carry(case, Custodian.OFFICE, Custodian.AGENT, actor=actor)


def _said_of(case: ServiceRequest, wrong: Mapping[int, str], text: str) -> str:
    """What has to be brought, in words for the person; marked on the papers and counted."""
    found, said = Paper.objects.filter(request=case, pk__in=wrong), []
    for paper in found:
        why = Wrong(wrong[paper.pk])
        Paper.objects.filter(pk=paper.pk).update(wrong=why, checked_at=None, checked_by="")
        said.append(f"{paper.name}：{why.label}")
    counts.count_sent_home(case, sorted({(paper.name, wrong[paper.pk]) for paper in found}))
    return "；".join([*said, *([text] if text else [])])


@step(CASES, stays(*OPEN), "代办延期", **FOR_CARRIERS, tells=dict.fromkeys(OPEN, MOVED),
      label="延期", said="已延期，原因本人会看到。")  # fmt: skip
def extend(case: ServiceRequest, *, actor: User, days: int, text: str) -> None:
    """Some working days more, with a reason that the person reads; never past the law's day."""
    with at_desk(extend, case, actor, kind=CaseEventType.TIME, text=text) as walk:
        if not text:
            raise Refused("请写明为什么要延期，本人会看到。")
        planned = in_force().forward(case.planned_on, days)
        if case.version.latest_days and planned > case.latest_on:
            raise Refused(f"不能超过法定最迟的 {cases.printed(case.latest_on)}。")
        walk.facts |= {"planned_on": planned, "latest_on": max(planned, case.latest_on)}
        walk.noted["days"] = days
        day, before = cases.printed(planned), cases.printed(case.planned_on)
        walk.words |= {
            "title": f"延期到{day}", "said": f"延期到 {day}：{text}",
            "old": (f"预计 {before}", f"延期到 {before}"),
        }  # fmt: skip


@transaction.atomic
def add_note(case: ServiceRequest, *, actor: User, text: str, is_shown: bool) -> None:
    """A word in the log; shown to the person, or for the desk alone."""
    cases.must_carry(case, actor)
    event = cases.note(
        case, CaseEventType.MOVE, cases.NOTE, by=cases.by(actor), text=text, is_shown=is_shown
    )
    record_event(actor, "代办说明", case)
    if is_shown:
        cases.tell_person(case, event, text)


@transaction.atomic
def hand_over(case: ServiceRequest, *, actor: User, unit: Organization, text: str) -> None:
    """Give a case to another county or township. Its mandate named us, so it ends here.

    Raises: PermissionDenied; Refused while papers are with us or at an office, or without reason.
    """
    read_anew(CASES, case)
    only_if(carries(actor, case))
    if unit.code == case.organization_id or unit.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise Refused("请选另一个县（市、区）或乡镇。")
    if case.state not in (CaseState.REGISTERED, CaseState.ACCEPTED):
        raise Refused("只有已登记、已受理的件能转出。")
    if not text:
        raise Refused("请写明为什么转出，本人会看到。")
    if Paper.objects.filter(request=case).exclude(holder=Custodian.PERSON).exists():
        raise Refused("材料还在我们手里，请先退还本人再转出。")
    came_from = case.organization.short_name
    record_event(actor, "转出代办", case, to=unit.code)
    slots.give_back(case)
    no_longer(case)
    with acting("carry a case"):
        counts.count_taken(case, -1)
        _give_to(case, unit)
        Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())
        counts.count_taken(case)
        said = f"转{unit.short_name}办理"
        event = cases.note(case, CaseEventType.AGENT, said, by=came_from, text=text)
        cases.tell_new(case, offset=now().isoformat())
        cases.tell_person(case, event, f"{said}：{text}")


def _give_to(case: ServiceRequest, unit: Organization) -> None:
    """The case with all that hangs on it."""
    ServiceRequest.objects.filter(pk=case.pk).update(organization=unit, agent=None, agent_name="")
    for model in (Paper, CaseEvent, Mandate, Slip):
        model.objects.filter(request=case).update(organization=unit)
    PaperImage.objects.filter(paper__request=case).update(organization=unit)
    Handing.objects.filter(paper__request=case).update(organization=unit)
    case.refresh_from_db(fields=["county", "organization", "agent", "agent_name"])

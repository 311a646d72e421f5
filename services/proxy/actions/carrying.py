"""Carrying a request: taken, moved, given to somebody else, handed to another county."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.calendar import forward_workdays, workdays
from qingchun.accounts.audit import write_down
from qingchun.notifications.actions import tell_one, tell_unit
from qingchun.organizations.choices import Level
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.proxy import counts
from services.proxy.actions import cases, mandates, papers, slots
from services.proxy.choices import ENDED, NEEDS_NOTE, OPEN, Happening, Holder, State, Wrong
from services.proxy.models import CaseEvent, Handing, Mandate, Paper, PaperImage, Slip
from services.proxy.notices import GIVEN, NEW
from services.proxy.permissions import can_tend, is_agent, leads


@transaction.atomic
def take(case, *, actor):
    """ "我来办": the case is one's own, and accepted if it was not yet.

    Raises: PermissionDenied; Refused when somebody was quicker.
    """
    if not can_tend(actor, case):
        raise PermissionDenied
    if cases.is_held(case):
        raise Refused(f"{case.agent_name}已经接了这件。")
    if case.state not in OPEN:
        raise Refused("这件已经结束，不用再接。")
    cases.put(case, agent_id=actor.acting.pk, agent_name=actor.name)
    if case.state == State.REGISTERED:
        cases.step(case, State.ACCEPTED, actor=actor, text=_until(case))
        return
    cases.note(case, Happening.AGENT, f"{actor.name}接手", by=cases.by(actor))
    write_down(actor, "接手代办", case)


def _until(case):
    return f"预计 {cases.printed(case.planned_on)} 办结"


@transaction.atomic
def assign(case, *, actor, agent):
    """Give a case to an agent of the county or its townships; an agent may give away their own.

    Raises: PermissionDenied; Refused for what has ended, or for an agent of elsewhere.
    """
    if not (leads(actor, case) or (can_tend(actor, case) and is_agent(actor, case))):
        raise PermissionDenied
    if case.state not in OPEN:
        raise Refused("这件已经结束，不用再交给别人。")
    if not case.organization_id.startswith(agent.organization_id) or len(agent.organization_id) < 6:
        raise Refused("请选本县或这个乡镇的代办员。")
    if agent.pk == case.agent_id:
        raise Refused("这件已经在这位代办员手里。")
    cases.put(case, agent_id=agent.pk, agent_name=agent.user.name)
    cases.note(case, Happening.AGENT, f"交给{agent.user.name}", by=cases.by(actor))
    write_down(actor, "指派代办", case, agent=agent.pk)
    tell_one(
        GIVEN,
        agent.user_id,
        about=case,
        organization_id=case.organization_id,
        offset=now().isoformat(),
        link=f"/proxy/cases/{case.pk}/",
        values={
            "item": case.version.title,
            "day": cases.printed(case.planned_on),
            "unit": actor.acting.organization.short_name,
        },
    )


def check_move(case, state, *, text, wrong):
    """Raises: Refused when the step needs something that is not there yet."""
    if state in NEEDS_NOTE and not (text or wrong):
        raise Refused("请写明原因，本人会看到。")
    if state == State.WITHDRAWN:
        raise Refused("撤回由本人在网上办，或者请本人写明后改为“不能办”。")
    if state == State.AT_OFFICE:
        unsettled = [str(p) for p in case.papers.all() if not p.is_settled]
        if unsettled:
            raise Refused(f"还有材料没有核对：{'、'.join(unsettled)}。核对或写明免交后再送部门。")
    if state in (State.AT_OFFICE, State.DONE):
        mandates.must_hold(case)


@transaction.atomic
def move(case, state, *, actor, text="", wrong=None):
    """One step of the table by the agent or the county's lead.

    ``wrong``: paper id → what is wrong with it, for a case that has to wait for papers.
    Changes: the state, the clock, who holds the papers, the counts; the person is told.
    Raises: PermissionDenied; Refused for a step that is not in the table, without a reason,
    without a mandate that holds, or with papers nobody has looked at.
    """
    cases.must_carry(case, actor)
    own = set(Paper.objects.filter(request=case).values_list("pk", flat=True)) if wrong else ()
    wrong = {pk: why for pk, why in (wrong or {}).items() if pk in own}
    check_move(case, state, text=text, wrong=wrong)
    came_from, facts = case.state, {}
    if came_from in ENDED:
        raise Refused("这件已经结束。没有办好的，请用“重新办理”。")
    if came_from == State.WAITING:
        facts |= _clock_again(case)
    if state == State.WAITING:
        facts["stopped_on"] = localdate()
        text = _said_of(case, wrong, text)
    elif state in ENDED:
        facts |= ended_facts(case, state, facts.get("planned_on", case.planned_on))
    if came_from == State.AT_OFFICE:
        papers.carry(case, Holder.OFFICE, Holder.AGENT, actor=actor)
    cases.step(case, state, actor=actor, text=text, **facts)
    if state == State.AT_OFFICE:
        papers.carry(case, Holder.AGENT, Holder.OFFICE, actor=actor)
    if state == State.DONE:
        counts.count_done(case)


def _clock_again(case):
    """The days of waiting are given back: the clock stood still."""
    stood = workdays(case.stopped_on, localdate()) - workdays(case.stopped_on, case.stopped_on)
    return {
        "stopped_on": None,
        "planned_on": forward_workdays(case.planned_on, stood),
        "latest_on": forward_workdays(case.latest_on, stood),
    }


def ended_facts(case, state, planned_on):
    facts = {"ended_at": now(), "stopped_on": None}
    if state == State.DONE:
        begun, today = localdate(case.begun_at), localdate()
        facts |= {
            "in_time": today <= planned_on,
            "days": workdays(begun, today) - workdays(begun, begun),
        }
    return facts


def _said_of(case, wrong, text):
    """What has to be brought, in words for the person; marked on the papers and counted."""
    found, said = Paper.objects.filter(request=case, pk__in=wrong), []
    for paper in found:
        why = Wrong(wrong[paper.pk])
        Paper.objects.filter(pk=paper.pk).update(wrong=why, checked_at=None, checked_by="")
        said.append(f"{paper.name}：{why.label}")
    counts.count_sent_home(case, sorted({(paper.name, wrong[paper.pk]) for paper in found}))
    return "；".join([*said, *([text] if text else [])])


@transaction.atomic
def extend(case, *, actor, days, text):
    """Some working days more, with a reason that the person reads; never past the law's day.

    Raises: PermissionDenied; Refused.
    """
    cases.must_carry(case, actor)
    if case.state not in OPEN:
        raise Refused("这件已经结束。")
    if not text:
        raise Refused("请写明为什么要延期，本人会看到。")
    planned = forward_workdays(case.planned_on, days)
    if case.version.latest_days and planned > case.latest_on:
        raise Refused(f"不能超过法定最迟的 {cases.printed(case.latest_on)}。")
    cases.put(case, planned_on=planned, latest_on=max(planned, case.latest_on))
    cases.note(
        case, Happening.TIME, f"延期到{cases.printed(planned)}", by=cases.by(actor), text=text
    )
    write_down(actor, "代办延期", case, days=days)
    cases.tell(case, f"延期到 {cases.printed(planned)}：{text}")


@transaction.atomic
def add_note(case, *, actor, text, is_shown):
    """A word in the log; shown to the person, or for the desk alone."""
    cases.must_carry(case, actor)
    cases.note(case, Happening.MOVE, "说明", by=cases.by(actor), text=text, is_shown=is_shown)
    write_down(actor, "代办说明", case)
    if is_shown:
        cases.tell(case, text)


@transaction.atomic
def hand_over(case, *, actor, unit, text):
    """Give a case to another county or township. Its mandate named us, so it ends here.

    Raises: PermissionDenied; Refused while papers are with us or at an office, or without reason.
    """
    if not (leads(actor, case) or (can_tend(actor, case) and is_agent(actor, case))):
        raise PermissionDenied
    if unit.code == case.organization_id or unit.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise Refused("请选另一个县（市、区）或乡镇。")
    if case.state not in (State.REGISTERED, State.ACCEPTED):
        raise Refused("只有已登记、已受理的件能转出。")
    if not text:
        raise Refused("请写明为什么转出，本人会看到。")
    if Paper.objects.filter(request=case).exclude(holder=Holder.PERSON).exists():
        raise Refused("材料还在我们手里，请先退还本人再转出。")
    came_from = case.organization.short_name
    write_down(actor, "转出代办", case, to=unit.code)
    slots.give_back(case)
    with as_clerk():
        counts.count_taken(case, -1)
        cases.put(case, organization_id=unit.code, agent_id=None, agent_name="")
        case.refresh_from_db(fields=["county", "organization"])
        for model in (Paper, CaseEvent, Mandate, Slip):
            model.objects.filter(request=case).update(organization=unit)
        PaperImage.objects.filter(paper__request=case).update(organization=unit)
        Handing.objects.filter(paper__request=case).update(organization=unit)
        Mandate.objects.filter(request=case, revoked_at=None).update(revoked_at=now())
        counts.count_taken(case)
        cases.note(case, Happening.AGENT, f"转{unit.short_name}办理", by=came_from, text=text)
        tell_unit(
            NEW,
            about=case,
            organization_id=unit.code,
            offset=now().isoformat(),
            link=f"/proxy/cases/{case.pk}/",
            values={"item": case.version.title, "day": cases.printed(case.planned_on)},
        )
        cases.tell(case, f"转{unit.short_name}办理：{text}")

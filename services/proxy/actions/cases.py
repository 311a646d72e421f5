"""What every action on a request shares: its move, its line in the log, its word to the person."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.http import urlencode

from qingchun.accounts.audit import write_down
from qingchun.accounts.models import Membership
from qingchun.links import link_to
from qingchun.notifications.actions import tell_number, tell_one, tell_unit
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.proxy.actions import slots
from services.proxy.choices import ENDED, MOVES, Happening, State
from services.proxy.models import CaseEvent, ServiceRequest
from services.proxy.notices import MOVED, MOVED_BY_NUMBER
from services.proxy.permissions import can_tend, is_agent, leads

MOVED_ON = "这件代办刚刚有了变化，请刷新页面，看最新的情况再办。"
DAYS_A_MESSAGE_HOLDS = 2


def printed(day):
    return f"{day:%-m月%-d日}"


def by(actor):
    return f"{actor.acting.organization.short_name} {actor.name}"


def is_held(case):
    """Whether somebody at work has the case: its agent may have left, or be suspended."""
    if case.agent_id is None:
        return False
    if ServiceRequest.agent.is_cached(case) and case.agent:
        return case.agent.is_at_work
    with as_clerk():  # a township does not see the county's posts
        return Membership.objects.active().filter(pk=case.agent_id).exists()


def must_carry(case, actor):
    """Raises: PermissionDenied outside one's unit; Refused while somebody else has the case."""
    if not can_tend(actor, case):
        raise PermissionDenied
    if case.agent_id is None:
        raise Refused("这件还没有代办员。请先点“我来办”，或者交给一位代办员。")
    if is_agent(actor, case) or leads(actor, case):
        return
    if not is_held(case):
        raise Refused(f"{case.agent_name}已经不在岗。请先点“我来办”，或者请县里交给一位代办员。")
    raise Refused("这件由别的代办员在办。需要您来办的，请县里先转给您。")


def put(case, **facts):
    """Write what changed, if nobody was quicker. Raises: Refused."""
    unmoved = ServiceRequest.objects.filter(
        pk=case.pk,
        state=case.state,
        agent_id=case.agent_id,
        organization_id=case.organization_id,
    )
    if not unmoved.update(**facts):
        raise Refused(MOVED_ON)
    for name, value in facts.items():
        setattr(case, name, value)


def move(case, state, **facts):
    """One step of the table. Raises: Refused when there is no such step, or somebody was quicker."""
    if (case.state, state) not in MOVES:
        raise Refused(
            f"“{case.get_state_display()}”的件不能改成“{State(state).label}”，请刷新页面。"
        )
    put(case, state=state, **facts)
    if state in ENDED:
        slots.give_back(case)


def note(case, kind, title, *, by, text="", is_shown=True):
    return CaseEvent.objects.create(
        organization_id=case.organization_id,
        request=case,
        kind=kind,
        state=case.state,
        title=title,
        note=text[:300],
        is_shown=is_shown,
        by_name=by,
    )


def record_move(case, actor, event):
    """The audit's line of a move; the person's own are "本人"."""
    facts = {"state": case.state, "event": event.pk}
    if actor is None:
        write_down(None, "代办进展", case, by="本人", **facts)
    else:
        write_down(actor, "代办进展", case, **facts)


def tell(case, text=""):
    """Whoever asked hears where the case stands: by account, else at the number that was left."""
    last = CaseEvent.objects.filter(request=case).order_by("-pk").values_list("pk", flat=True)[:1]
    values = {
        "item": case.version.title,
        "number": case.spoken,
        "state": case.get_state_display(),
        "note": f"。{text}".rstrip("。") if text else "",
    }
    with as_clerk():
        offset = str(next(iter(last)))
        if case.asker_id:
            told = {"about": case, "organization_id": case.organization_id, "values": values}
            page = f"/my/requests/{case.pk}/"
            tell_one(MOVED, case.asker_id, offset=offset, link=page, **told)
            if head := case.asker.represented_by_id:  # who has no phone hears it from the family
                page = f"{reverse('accounts:who')}?{urlencode({'next': page})}"
                tell_one(MOVED, head, offset=offset, link=page, **told)
        elif case.phone:
            tell_number(
                MOVED_BY_NUMBER,
                case.phone,
                organization_id=case.organization_id,
                values=values | {"link": link_to("/status/")},
                days=DAYS_A_MESSAGE_HOLDS,
            )


def tell_desk(purpose, case, *, offset, **values):
    """Whoever carries the case, else whoever answers for the unit."""
    told = {
        "about": case,
        "organization_id": case.organization_id,
        "offset": offset,
        "link": f"/proxy/cases/{case.pk}/",
        "values": {"item": case.version.title, "number": case.spoken, **values},
    }
    with as_clerk():
        if is_held(case):
            tell_one(purpose, case.agent.user_id, **told)
        else:
            tell_unit(purpose, **told)


def step(case, state, *, actor, title="", text="", kind=Happening.MOVE, **facts):
    """A move with its line in the log, its audit and its message."""
    move(case, state, **facts)
    event = note(
        case,
        kind,
        title or State(state).label,
        by=by(actor) if actor else "本人",
        text=text,
    )
    record_move(case, actor, event)
    tell(case, text)
    return event

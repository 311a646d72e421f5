"""What every action on a request shares: its road, its line in the log, its word to people."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, now

from campaigns.days_off import in_force
from campaigns.workdays import Days
from qingchun.accounts.models import Membership, User
from qingchun.accounts.steps import Road, Walk, walking
from qingchun.ground.links import link_to
from qingchun.ground.quiet import cannot_wait, is_quiet
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import (
    no_longer,
    put_right,
    tell_number,
    tell_one,
    tell_unit,
)
from qingchun.notifications.purposes import MessageType
from qingchun.organizations.happening import follow
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from services.proxy.actions import slots
from services.proxy.choices import ENDED, CaseEventType, CaseState
from services.proxy.models import CaseEvent, ServiceRequest
from services.proxy.notices import GIVEN, HOUR, MOVED, MOVED_BY_NUMBER, NEW, TO_DESK, TO_PERSON
from services.proxy.permissions import can_tend, carries

NOTE = "说明"
MOVED_ON = "这件代办刚刚有了变化，请刷新页面，看最新的情况再办。"
DAYS_A_MESSAGE_HOLDS = 2


def printed(day: dt.date) -> str:
    return f"{day:%-m月%-d日}"


def by(actor: User) -> str:
    return f"{actor.acting.organization.short_name} {actor.name}"


def is_held(case: ServiceRequest) -> bool:
    """Whether somebody at work has the case: its agent may have left, or be suspended."""
    if case.agent_id is None:
        return False
    if ServiceRequest.agent.is_cached(case) and case.agent:
        return case.agent.is_at_work
    return agent_of(case).is_at_work


def agent_of(case: ServiceRequest) -> Membership:
    """Past the wall: a township does not see the county's posts."""
    with acting("carry a case"):
        return Membership.objects.select_related("user").get(pk=case.agent_id)


def lacks_agent(case: ServiceRequest) -> str:
    return "" if case.agent_id else "这件还没有代办员。请先点“我来办”，或者交给一位代办员。"


def must_carry(case: ServiceRequest, actor: User) -> None:
    """Raises: PermissionDenied outside one's unit; Refused while somebody else has the case."""
    only_if(can_tend(actor, case))
    if missing := lacks_agent(case):
        raise Refused(missing)
    if carries(actor, case):
        return
    if not is_held(case):
        raise Refused(f"{case.agent_name}已经不在岗。请先点“我来办”，或者请县里交给一位代办员。")
    raise Refused("这件由别的代办员在办。需要您来办的，请县里先转给您。")


def _line(
    case: ServiceRequest, kind: str, title: str, *, by: str, text: str = "", is_shown: bool = True
) -> CaseEvent:
    return CaseEvent(
        organization_id=case.organization_id,
        request=case,
        kind=kind,
        state=case.state,
        title=title,
        note=text[:300],
        is_shown=is_shown,
        by_name=by,
    )


def note(case: ServiceRequest, kind: str, title: str, **more: Any) -> CaseEvent:
    line = _line(case, kind, title, **more)
    line.save(force_insert=True)
    return line


def note_hands(cases: Iterable[ServiceRequest], title: Callable[[ServiceRequest], str]) -> None:
    """``title``: (case) -> who has it now, though nobody at the desk did it."""
    lines = [_line(case, CaseEventType.AGENT, title(case), by="系统") for case in cases]
    CaseEvent.objects.bulk_create(lines)


def tell_person(
    case: ServiceRequest, event: CaseEvent, text: str = "", *, is_urgent: bool = False
) -> int:
    """Whoever asked hears where the case stands since ``event``: by account, else at the number
    that was left. ``is_urgent``: an hour is near that they had or have. Returns: how many are told.
    """
    values = {
        "item": case.version.title,
        "number": case.spoken,
        "state": case.get_state_display(),
        "note": f"。{text}".rstrip("。") if text else "",
    }
    with acting("carry a case"):
        if case.asker_id:
            told = {"about": case, "organization_id": case.organization_id, "values": values}
            told |= {"offset": str(event.pk), "is_urgent": is_urgent}
            page = f"/my/requests/{case.pk}/"
            many = tell_one(MOVED, case.asker_id, link=page, **told)
            if head := case.asker.represented_by_id:  # who has no phone hears it from the family
                page = f"{reverse('accounts:who')}?{urlencode({'next': page})}"
                many += tell_one(MOVED, head, link=page, **told)
            return many
        if case.phone:
            tell_number(
                MOVED_BY_NUMBER,
                case.phone,
                about=case,
                organization_id=case.organization_id,
                values=values | {"link": link_to(f"/status/?n={case.number}")},
                days=DAYS_A_MESSAGE_HOLDS,
                is_urgent=is_urgent,
            )
    return 1 if case.phone else 0


def tell_new(case: ServiceRequest, *, offset: str = "") -> None:
    """Whoever answers for the unit."""
    tell_unit(NEW, **_about(case, offset, {"day": printed(case.planned_on)}))


def tell_desk(
    purpose: MessageType,
    case: ServiceRequest,
    *,
    offset: str,
    is_urgent: bool = False,
    **values: str,
) -> int:
    """Whoever carries the case, else whoever answers for the unit."""
    values |= {"number": case.spoken}
    told = _about(case, offset, values) | {"is_urgent": is_urgent}
    with acting("carry a case"):
        if is_held(case):
            return tell_one(purpose, case.agent.user_id, **told)
        return tell_unit(purpose, **told)


def tell_agent(
    purpose: MessageType, case: ServiceRequest, agent: Membership, *, offset: str, **values: str
) -> int:
    return tell_one(purpose, agent.user_id, **_about(case, offset, values))


def _about(case: ServiceRequest, offset: str, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "about": case,
        "organization_id": case.organization_id,
        "offset": offset,
        "link": f"/proxy/cases/{case.pk}/",
        "values": {"item": case.version.title, **values},
    }


def _tell(
    case: ServiceRequest,
    purpose: MessageType,
    *,
    event: CaseEvent,
    text: str = "",
    said: str = "",
    agent: Membership | None = None,
    begins: dt.datetime | None = None,
    **_: Any,
) -> int:
    """``said`` or else ``text`` is what was said; ``agent``: whose case it is now; ``begins``: of
    the hour that it had or has."""
    is_urgent = begins is not None and cannot_wait(begins, now())
    offset = str(event.pk)
    if purpose == GIVEN and agent:
        day = printed(case.planned_on)
        return tell_agent(GIVEN, case, agent, offset=offset, day=day, unit=said)
    if purpose == HOUR:
        return tell_desk(HOUR, case, offset=offset, hour=said, is_urgent=is_urgent)
    return tell_person(case, event, said or text, is_urgent=is_urgent)


def _leave(case: ServiceRequest, walk: Walk) -> None:
    """A line of the case's own log, which the person reads; an hour is given back with the end."""
    words = {"kind": CaseEventType.MOVE, "title": case.get_state_display(), "text": ""} | walk.words
    told = {name: words[name] for name in ("by", "text", "is_shown") if name in words}
    walk.words["event"] = note(case, words["kind"], words["title"], **told)
    if walk.to in ENDED and case.slot_id:
        walk.words["begins"] = case.slot.starts_at
        slots.give_back(case)
    _settle(case, walk)


def _settle(case: ServiceRequest, walk: Walk) -> None:
    """What waits to be said of where the case stood, who had it, its day or its hour before, does
    not hold any more."""
    has_moved = walk.to != walk.came_from
    purposes = (*(TO_PERSON if has_moved else ()), *(TO_DESK if "agent_id" in walk.facts else ()))
    if has_moved and walk.to in ENDED:
        no_longer(case)
    elif purposes:
        no_longer(case, purposes=purposes, but_saying=_still_holds(case))
    if old := walk.words.get("old"):
        no_longer(case, purposes=(*TO_PERSON, HOUR), saying=old)
    right = {"state": case.get_state_display()} if has_moved else {}
    if "planned_on" in walk.facts:
        right["day"] = printed(case.planned_on)
    if right:
        put_right({case: right})


def _still_holds(case: ServiceRequest) -> tuple[str, ...]:
    """What was said in the night and is true wherever the case stands: its hour, its day, a note."""
    if not is_quiet(now()):
        return ()  # what was said by day has gone out
    notes = CaseEvent.objects.filter(request=case, title=NOTE, is_shown=True).exclude(note="")
    return ("约的时间", "延期到", *notes.values_list("note", flat=True))


CASES = Road(
    "cases", ServiceRequest, tell=_tell, after=_leave,
    order=(
        "take", "accept", "to-office", "wait", "done", "impossible", "assign", "hour", "extend",
        "tick", "waive", "receive", "back", "mandate", "confirm", "fetch", "undo", "reopen", "rate", "own-hour", "entrust", "again", "withdraw",
        "let-go",
    ),
)  # fmt: skip


def _clock(case: ServiceRequest, walk: Walk) -> dict[str, Any]:
    """What the clock says of a step: days of waiting are given back, an end has its time.

    What is done to a case that has ended, as rating it, is no other end.
    """
    if walk.came_from in ENDED and walk.to in ENDED:
        return {}
    facts: dict[str, Any] = {}
    goes_on = walk.came_from == CaseState.WAITING != walk.to
    days = in_force() if goes_on or walk.to == CaseState.DONE else Days()
    if goes_on:
        stood = _since(days, case.stopped_on)
        facts = {
            "stopped_on": None,
            "planned_on": days.forward(case.planned_on, stood),
            "latest_on": days.forward(case.latest_on, stood),
        }
    if walk.to in ENDED:
        facts["ended_at"] = now()
    if walk.to == CaseState.DONE:
        facts["in_time"] = localdate() <= facts.get("planned_on", case.planned_on)
        facts["days"] = _since(days, localdate(case.begun_at))
    return facts


def _since(days: Days, since: dt.date) -> int:
    return days.workdays(since, localdate()) - days.workdays(since, since)


@contextmanager
def at_desk(
    act: Callable[..., Any], case: ServiceRequest, actor: User, **words: Any
) -> Iterator[Walk]:
    """Walk a step as whoever carries the case. ``words``: see ``_leave``.

    Raises: also Refused for a colleague, in words, while somebody else has the case.
    """
    must_carry(case, actor)
    with walking(act, case, actor) as walk:
        walk.facts |= _clock(case, walk)
        walk.words |= {"by": by(actor), **words}
        yield walk


@contextmanager
def by_asker(
    act: Callable[..., Any], case: ServiceRequest, user: User | None, **words: Any
) -> Iterator[Walk]:
    """Walk a step as whoever asked; past the wall, since a person writes no unit's counts."""
    with acting("carry a case", case.organization_id), walking(act, case, user) as walk:
        walk.facts |= _clock(case, walk)
        walk.words |= {"by": "本人", **words}
        yield walk


def follow_unit(rows: QuerySet, *, closed: Organization, after: Organization) -> int:
    """The cases of a unit that was merged; those that its people carried wait for somebody who
    takes them, also where a township of theirs was merged before."""
    done = follow(rows, after=after)
    held = ServiceRequest.objects.open().filter(agent__organization=closed).select_for_update()
    left = list(held.order_by("pk"))
    note_hands(left, lambda case: f"{closed.short_name}已撤并，由{after.short_name}接着办")
    no_longer(*left, purposes=TO_DESK)
    those = ServiceRequest.objects.filter(pk__in=[case.pk for case in left])
    return done + those.update(agent=None, agent_name="")

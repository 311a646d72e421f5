"""When other days off are put in force: open cases have another day, and who is concerned hears of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.utils.timezone import get_current_timezone, localdate, localtime, now

from campaigns.actions.days_off import Moved
from campaigns.workdays import DAY, Days
from qingchun.notifications.actions import no_longer, put_right
from qingchun.organizations.walls import acting
from services.proxy.actions import cases
from services.proxy.choices import CaseEventType
from services.proxy.models import ServiceRequest, Slot
from services.proxy.notices import TO_PERSON

WHY = "放假安排公布了"


def follow_days(was: Days, days: Days) -> Iterator[Moved]:
    """Needs: the days off held still (``days_off.hold_days``)."""
    changed = days.changed(was)
    if not changed:
        return
    with acting("carry a case"):
        yield from _cases(was, days, changed[0])
        yield from _hours(days, changed)


def _cases(was: Days, days: Days, first: dt.date) -> Iterator[Moved]:
    """``first``: what is due before it stays as it is."""
    found = ServiceRequest.objects.open().filter(latest_on__gte=first).order_by("pk")
    locked = found.select_for_update(of=("self",)).select_related("version", "agent", "asker")
    for case in locked:
        begun, before = localdate(case.begun_at), case.planned_on
        planned = days.laid_anew(begun, before, was)
        latest = max(planned, days.laid_anew(begun, case.latest_on, was))
        if (planned, latest) == (before, case.latest_on):
            continue
        case.planned_on, case.latest_on = planned, latest
        ServiceRequest.objects.filter(pk=case.pk).update(planned_on=planned, latest_on=latest)
        if planned != before:
            yield _said(case, before)


def _said(case: ServiceRequest, before: dt.date) -> Moved:
    """The person hears it as any news of their case; whoever carries it, with all of theirs."""
    old, new = cases.printed(before), cases.printed(case.planned_on)
    no_longer(case, purposes=TO_PERSON, saying=(f"预计 {old}", f"延期到 {old}"))
    put_right({case: {"day": new}})
    text = f"{WHY}，预计办结从 {old}改为 {new}"
    event = cases.note(case, CaseEventType.TIME, f"改为{new}办结", by="系统", text=text)
    cases.tell_person(case, event, text)
    agent = case.agent.user_id if case.agent and cases.is_held(case) else None
    return Moved(case.organization_id, agent, f"代办 {case.spoken}：{old}改为{new}")


def _hours(days: Days, changed: list[dt.date]) -> Iterator[Moved]:
    """Hours that were opened on days that are off now: nobody closes them by themselves."""
    off = [day for day in changed if not days.is_workday(day) and day >= localdate()]
    if not off:
        return
    zone = get_current_timezone()
    until = dt.datetime.combine(off[-1] + DAY, dt.time(), zone)
    ahead = Slot.objects.filter(is_closed=False, starts_at__gt=now(), starts_at__lt=until)
    open_on: dict[tuple[str, dt.date], int] = defaultdict(int)
    for unit, starts_at in ahead.values_list("organization_id", "starts_at"):
        open_on[unit, localtime(starts_at).date()] += 1
    for (unit, day), many in sorted(open_on.items()):
        if day in off:
            said = f"{cases.printed(day)}放假，开放的 {many} 个可约时段还开着，不办的请关闭"
            yield Moved(unit, None, said)

"""The days off of a year are put in force; what was counted before is counted anew, and said."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from campaigns.days_off import hold_days, in_force
from campaigns.models import DaysOff
from campaigns.notices import DAYS_MOVED
from campaigns.permissions import can_run_editions
from campaigns.workdays import Announced
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.portal import answers
from qingchun.ground.refusals import Refused, only_if
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from qingchun.notifications.actions import tell_one, tell_unit

SAME = "和现在用的日历一样，没有改动。"
# Of what one message lists; the rest is a number.
NAMED = 8


@dataclass(frozen=True)
class Moved:
    """Something whose last day is another now. ``unit``: with which it lies, ``user_id``: with whom
    there, None where with nobody; ``said``: what it is, and both days."""

    unit: str
    user_id: int | None
    said: str


@transaction.atomic
def announce(
    *,
    actor: User,
    year: int,
    announced: Announced,
    text: str,
    source: str,
    issued_on: dt.date,
    link: str = "",
) -> DaysOff:
    """Keep what was announced of a year, with its source; a worker puts it in force.

    Needs: days that were seen as a calendar. Raises: PermissionDenied; Refused where the same is
    in force.
    """
    only_if(can_run_editions(actor))
    hold_days(to_change=True)
    before = DaysOff.objects.filter(year=year)
    last = before.first()
    if last and last.applied_at and (last.announced, last.source) == (announced, source):
        raise Refused(SAME)
    number = (before.aggregate(last=Max("number"))["last"] or 0) + 1
    made = DaysOff.objects.create(
        year=year, number=number, text=text, days=announced.written(), source=source,
        issued_on=issued_on, link=link, entered_by=actor.name,
    )  # fmt: skip
    record_event(actor, "录入放假安排", made, year=year, source=source)
    put_in_force.enqueue(actor=actor, days=made.pk)
    return made


@job("启用放假安排", may=can_run_editions)
def put_in_force(job: Job, *, days: int) -> None:
    apply(DaysOff.objects.get(pk=days))


@transaction.atomic
def apply(made: DaysOff) -> int:
    """Put these days in force, with all that was counted by those before laid out anew, in one
    transaction; whoever it lies with is told once. Returns: how many last days are others."""
    hold_days(to_change=True)
    was = in_force()
    if not DaysOff.objects.filter(pk=made.pk, applied_at=None).update(applied_at=now()):
        return 0
    days = in_force()
    moved = [one for follow in answers("due_days") for one in follow(was, days)]
    _tell(made, moved)
    record_event(None, "启用放假安排", made, by="系统", moved=len(moved))
    return len(moved)


def _tell(made: DaysOff, moved: Iterable[Moved]) -> None:
    """Each person, and each unit of what lies with nobody, hears of all of theirs in one message."""
    whose: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for one in moved:
        whose[one.unit, one.user_id].append(one.said)
    for (unit, user_id), said in whose.items():
        rest = len(said) - NAMED
        told = {
            "about": made,
            "organization_id": unit,
            "offset": f"{made.number} {unit}",
            "link": made.get_absolute_url(),
            "values": {
                "days": made.said,
                "moved": "；".join(said[:NAMED]) + (f"；另有 {rest} 件" if rest > 0 else ""),
            },
        }
        if user_id:
            tell_one(DAYS_MOVED, user_id, **told)
        else:
            tell_unit(DAYS_MOVED, **told)

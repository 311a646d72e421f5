"""可约时段: made for a week, booked once each, given back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.timezone import get_current_timezone, localdate, now

from campaigns.days_off import in_force
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.happening import follow
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from services.proxy.choices import HourState
from services.proxy.models import ServiceRequest, Slot
from services.proxy.permissions import can_carry, can_tend

FULL = "这个时段刚刚约满了，请另选一个，填写的内容都还在。"
BEGUN = "这个时段已经开始了，请另选一个，填写的内容都还在。"
CLOSED = "这个时段不再接受预约了，请另选一个，填写的内容都还在。"
MOST_DAYS = 31
# The answers of ``proxy_book``, a function in the database (migration 0006): one way there, and
# its plans are kept, which is most of the time when fifty want the same hour.
BOOKED, HAS_ONE, NO_PLACE, IS_CLOSED, HAS_BEGUN = range(5)
SAID = {
    HAS_ONE: "这件约的时间刚刚改过，请刷新页面再看。",
    NO_PLACE: FULL,
    IS_CLOSED: CLOSED,
    HAS_BEGUN: BEGUN,
}


@dataclass
class Opened:
    """What became of the hours that somebody wanted open."""

    new: int
    again: int
    standing: int

    @property
    def in_words(self) -> str:
        if not self.new and not self.again:
            return "这些时段原来就开着，没有改动。"
        if not self.new:
            said = f"已重新开放 {self.again} 个关闭的时段"
        else:
            said = f"已开放 {self.new} 个时段"
            said += f"，另有 {self.again} 个关闭的重新开放" if self.again else ""
        return f"{said}{f'，{self.standing} 个原来就开着，没有改动' if self.standing else ''}。"


@transaction.atomic
def open_hours(
    *,
    actor: User,
    way: str,
    place: str,
    first: dt.date,
    last: dt.date,
    hours: Iterable[tuple[dt.time, dt.time]],
    capacity: int,
    weekends: bool = False,
) -> Opened:
    """Open the same hours on each working day from ``first`` to ``last``.

    ``hours``: (begin, end) pairs of times. What is open already stays; what was closed is open
    again, with the places that are wanted now. Raises: PermissionDenied; Refused for days that
    are over, for too many at once, and where there is no hour to open.
    """
    only_if(can_carry(actor))
    if last < first or first < localdate():
        raise Refused("请选今天或以后的日期，结束日期不早于开始日期。")
    if (last - first).days >= MOST_DAYS:
        raise Refused(f"一次最多开放 {MOST_DAYS} 天，请分几次。")
    zone, spans = get_current_timezone(), _spans(first, last, hours, weekends)
    wanted = [
        Slot(
            organization_id=actor.scope,
            way=way,
            place=place,
            starts_at=dt.datetime.combine(day, begin, zone),
            ends_at=dt.datetime.combine(day, end, zone),
            capacity=capacity,
        )
        for day, begin, end in spans
    ]
    ahead = [slot for slot in wanted if not slot.has_begun]
    if not ahead:
        raise Refused("这些时段已经过了，请选后面的日期或时段。")
    return _open(ahead, actor=actor, first=first.isoformat())


def _spans(
    first: dt.date, last: dt.date, hours: Iterable[tuple[dt.time, dt.time]], weekends: bool
) -> list[tuple[dt.date, dt.time, dt.time]]:
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    if not weekends:
        days = list(filter(in_force().is_workday, days))
    if not days:
        raise Refused("选的这几天都是周末或节假日。要开放的，请勾选“周末和节假日也开放”。")
    return [(day, begin, end) for day in days for begin, end in hours]


def _open(wanted: Sequence[Slot], *, actor: User, **facts: Any) -> Opened:
    """New ones, and those of the same hours that were closed."""
    one = wanted[0]
    here = Slot.objects.filter(
        organization_id=actor.scope, way=one.way, starts_at__in=[s.starts_at for s in wanted]
    )
    before = here.count()
    again = here.filter(is_closed=True).update(
        is_closed=False, place=one.place, capacity=Greatest("taken", Value(one.capacity))
    )
    Slot.objects.bulk_create(wanted, ignore_conflicts=True)
    done = Opened(here.count() - before, again, before - again)
    record_event(actor, "开放时段", one, slots=done.new, again=again, **facts)
    return done


def book(case: ServiceRequest, slot_id: int, *, instead_of: int | None = None) -> None:
    """One place of an hour for a case; ``instead_of`` the hour it has, which is given back.

    Needs: the case to be one's own business. Raises: Refused when the hour is full, closed or
    over, or the case has another than was said.
    """
    with connection.cursor() as cursor:
        asked = [case.pk, slot_id, case.way, now(), instead_of]
        cursor.execute("SELECT proxy_book(%s, %s, %s, %s, %s)", asked)
        (answer,) = cursor.fetchone()
    if answer != BOOKED:
        raise Refused(SAID[answer])
    case.slot_id = slot_id


@transaction.atomic
def give_back(case: ServiceRequest) -> None:
    """The case needs its hour no longer. One that has begun stays with it, as what it was."""
    if case.slot_id is None:
        return
    with acting("carry a case"):
        ahead = Slot.objects.filter(pk=case.slot_id, starts_at__gt=now())
        mine = ServiceRequest.objects.filter(pk=case.pk, slot__in=ahead)
        if mine.update(slot=None):
            ahead.filter(taken__gt=0).update(taken=F("taken") - 1)
            case.slot_id = None


HOURS = Road("hours", Slot, stored=False, order=("close", "open"))


@step(HOURS, ((HourState.OPEN, HourState.CLOSED),), "关闭时段", may=can_tend, key="close",
      label="不再接受", said="这个时段不再接受预约，已约的照旧。")  # fmt: skip
def close_hour(slot: Slot, *, actor: User) -> None:
    """Nobody else can book it, whatever becomes free; who has booked it keeps it."""
    with walking(close_hour, slot, actor) as walk:
        walk.facts["is_closed"] = True


def _has_begun(slot: Slot) -> str:
    return "这个时段已经开始了，不能再开放。请开放后面的时段。" if slot.has_begun else ""


@step(HOURS, ((HourState.CLOSED, HourState.OPEN),), "重新开放时段", may=can_tend, key="open",
      needs=_has_begun, label="重新开放", said="这个时段又可以预约了。")  # fmt: skip
def open_again(slot: Slot, *, actor: User) -> None:
    """With the places it had."""
    with walking(open_again, slot, actor) as walk:
        walk.facts["is_closed"] = False


def follow_unit(hours: QuerySet, *, after: Organization, **_: Any) -> int:
    """The hours of a county that was merged, where its successor has none of the same; of those
    whoever has booked one keeps it, and nobody else does."""
    done = follow(hours, after=after)
    return done + hours.filter(is_closed=False).update(is_closed=True)

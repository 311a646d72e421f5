"""可约时段: made for a week, booked once each, given back."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import get_current_timezone, localdate, now

from campaigns.calendar import is_workday
from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.proxy.models import ServiceRequest, Slot
from services.proxy.permissions import can_carry

FULL = "这个时段刚刚约满了，请另选一个，填写的内容都还在。"
MOST_DAYS = 31
# The answers of ``proxy_book``, a function in the database (migration 0002): one way there, and
# its plans are kept, which is most of the time when fifty want the same hour.
BOOKED, HAS_ONE, NO_PLACE = 0, 1, 2


@transaction.atomic
def open_hours(*, actor, way, place, first, last, hours, capacity, weekends=False):
    """Open the same hours on each working day from ``first`` to ``last``.

    ``hours``: (begin, end) pairs of times. What is open already stays. Returns: how many are new.
    Raises: PermissionDenied; Refused for days that are over, or too many at once.
    """
    if not can_carry(actor):
        raise PermissionDenied
    if last < first or first < localdate():
        raise Refused("请选今天或以后的日期，结束日期不早于开始日期。")
    if (last - first).days >= MOST_DAYS:
        raise Refused(f"一次最多开放 {MOST_DAYS} 天，请分几次。")
    zone = get_current_timezone()
    days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    made = [
        Slot(
            organization_id=actor.scope,
            way=way,
            place=place,
            starts_at=dt.datetime.combine(day, begin, zone),
            ends_at=dt.datetime.combine(day, end, zone),
            capacity=capacity,
        )
        for day in days
        if weekends or is_workday(day)
        for begin, end in hours
    ]
    before = Slot.objects.within(actor.scope).count()
    Slot.objects.bulk_create(made, ignore_conflicts=True)
    new = Slot.objects.within(actor.scope).count() - before
    if made:
        write_down(actor, "开放时段", made[0], slots=new, first=first.isoformat())
    return new


def book(case, slot_id):
    """One place of an hour for a case.

    Needs: the case to be one's own business. Raises: Refused when the hour is full or over, or
    the case has one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT proxy_book(%s, %s, %s, %s)", [case.pk, slot_id, case.way, now()])
        (answer,) = cursor.fetchone()
    if answer == HAS_ONE:
        raise Refused("这件已经约过时间。要改的，请先取消原来的。")
    if answer == NO_PLACE:
        raise Refused(FULL)
    case.slot_id = slot_id


@transaction.atomic
def give_back(case):
    """The case needs its hour no longer. An hour that is over is not given back."""
    if case.slot_id is None:
        return
    with as_clerk():
        mine = ServiceRequest.objects.filter(pk=case.pk, slot_id=case.slot_id)
        if mine.update(slot=None):
            ahead = Slot.objects.filter(pk=case.slot_id, starts_at__gt=now(), taken__gt=0)
            ahead.update(taken=F("taken") - 1)
    case.slot_id = None


@transaction.atomic
def close_hour(slot, *, actor):
    """Nobody else can book it; who has booked it keeps it."""
    if not can_carry(actor) or not slot.organization_id.startswith(actor.scope):
        raise PermissionDenied
    Slot.objects.filter(pk=slot.pk).update(capacity=F("taken"))
    write_down(actor, "关闭时段", slot)

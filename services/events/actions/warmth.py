"""送温暖: people served at a point, households visited."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import localdate

from campaigns import checks
from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealing import Box, blind_index
from services.events import counts
from services.events.models import PointDay, ServicePoint, Visit
from services.events.models.warmth import SEAL
from services.events.permissions import can_stand_at, can_visit


@transaction.atomic
def serve(
    point: ServicePoint, *, actor: User, on: dt.date, served: int, sure: Collection[str] = ()
) -> PointDay:
    """How many people were served at a point on a day: one number for all who stood there.

    Whoever writes it later corrects it; the log keeps who and what. Raises: PermissionDenied; Refused
    for a day to come.
    """
    only_if(can_stand_at(actor, point.organization_id))
    if on > localdate():
        raise Refused("日期还没有到，请改成今天或以前。")
    day, _ = PointDay.objects.update_or_create(
        point=point,
        on=on,
        defaults={
            "organization_id": point.organization_id,
            "campaign": Campaign.objects.at_work(on),
            "served": served,
            **({"sure": said} if (said := checks.answers(sure, actor.name)) else {}),
            "by_name": f"{actor.acting.organization.short_name} {actor.name}",
        },
    )
    counts.count_record(counts.SERVED_AT_POINTS, day)
    record_event(None, "登记服务人次", day, by=day.by_name, served=served, on=on.isoformat())
    return day


@transaction.atomic
def visit(*, actor: User, on: dt.date, name: str, place: str, found: str, given: str) -> Visit:
    """Write a visit down. Everything of the person is sealed; nobody but the county reads it.

    Raises: PermissionDenied; Refused for a day to come.
    """
    only_if(can_visit(actor))
    if on > localdate():
        raise Refused("日期还没有到，请改成今天或以前。")
    box = Box(SEAL)
    household = "".join(f"{actor.scope} {name} {place}".split())
    made = Visit.objects.create(
        organization_id=actor.scope,
        campaign=Campaign.objects.at_work(on),
        on=on,
        mark=blind_index(household, SEAL),
        sealed_name=box.seal(name.encode()),
        sealed_place=box.seal(place.encode()),
        sealed_found=box.seal(found.encode()),
        sealed_given=box.seal(given.encode()),
        by_name=actor.name,
    )
    counts.count_record(counts.HOUSEHOLDS, made)
    record_event(actor, "登记走访", made)
    return made


@transaction.atomic
def take_out(visited: Visit, *, actor: User) -> None:
    """A visit written down by mistake."""
    only_if(can_visit(actor) and visited.organization_id == actor.scope)
    record_event(actor, "删去走访", visited)
    visited.delete()
    counts.count_record(counts.HOUSEHOLDS, visited)

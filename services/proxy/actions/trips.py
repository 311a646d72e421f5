"""跑办单: one way to the office with many cases, and what came of each."""

from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.ground.refusals import Refused, only_if
from services.proxy.actions import carrying
from services.proxy.choices import State
from services.proxy.models import ServiceRequest, Trip, TripCase
from services.proxy.permissions import can_carry

MOST_CASES = 40
RESULTS = {
    State.DONE: carrying.done,
    State.WAITING: carrying.wait,
    State.IMPOSSIBLE: carrying.impossible,
}


@transaction.atomic
def set_out(cases, *, actor, office):
    """Take cases to an office: each goes there, with the papers in hand; a list is to be printed.

    All or none. Raises: PermissionDenied; Refused, naming the case that cannot go and why.
    """
    only_if(can_carry(actor))
    if not cases:
        raise Refused("请先勾选要带去的件。")
    if len(cases) > MOST_CASES:
        raise Refused(f"一张跑办单最多 {MOST_CASES} 件，请分两次。")
    trip = Trip.objects.create(
        organization_id=actor.scope, office=office, agent=actor.acting, agent_name=actor.name
    )
    for case in cases:
        try:
            carrying.to_office(case, actor=actor)
        except Refused as refusal:
            raise Refused(f"{case.spoken}：{refusal}") from None
    TripCase.objects.bulk_create(
        TripCase(organization_id=case.organization_id, trip=trip, request=case) for case in cases
    )
    write_down(actor, "跑办", trip, cases=len(cases))
    return trip


@transaction.atomic
def come_back(trip, *, actor, results):
    """What came of each case: (request id, state, text, wrong). One left out stays at the office.

    All or none. Raises: PermissionDenied; Refused, naming the case.
    """
    only_if(can_carry(actor) and trip.organization_id.startswith(actor.scope))
    if not results:
        raise Refused("请先给每件选结果，没有结果的可以不选。")
    found = ServiceRequest.objects.visible_to(actor).filter(pk__in=[r[0] for r in results])
    by_id = {case.pk: case for case in found.for_lists()}
    for pk, state, text, wrong in results:
        case = by_id.get(pk)
        if case is None:
            raise Refused("跑办单里的件有了变化，请刷新页面。")
        try:
            RESULTS[state](case, actor=actor, text=text, **({"wrong": wrong} if wrong else {}))
        except Refused as refusal:
            raise Refused(f"{case.spoken}：{refusal}") from None
    still = TripCase.objects.filter(trip=trip, request__state=State.AT_OFFICE)
    if not still.exists():
        Trip.objects.filter(pk=trip.pk, back_at=None).update(back_at=now())
    write_down(actor, "跑办结果", trip, cases=len(results))

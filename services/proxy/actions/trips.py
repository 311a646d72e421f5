"""跑办单: one way to the office with many cases, and what came of each."""

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from services.proxy.actions import progress
from services.proxy.choices import CaseState, Office
from services.proxy.models import ServiceRequest, Trip, TripCase
from services.proxy.permissions import can_carry

MOST_CASES = 40
RESULTS: dict[str, Callable[..., None]] = {
    CaseState.DONE: progress.done,
    CaseState.WAITING: progress.wait,
    CaseState.IMPOSSIBLE: progress.impossible,
}


@transaction.atomic
def set_out(
    cases: Sequence[ServiceRequest], *, actor: User, office: str, also_others: bool = False
) -> tuple[Trip, list[tuple[ServiceRequest, str]]]:
    """Take cases to an office: each goes there, with the papers in hand; a list is to be printed.

    ``also_others``: those of another office too. Returns: (the trip, what stays and why of each).
    Raises: PermissionDenied; Refused when none of them can go, saying why of each.
    """
    only_if(can_carry(actor))
    if not cases:
        raise Refused("请先勾选要带去的件。")
    if len(cases) > MOST_CASES:
        raise Refused(f"一张跑办单最多 {MOST_CASES} 件，请分两次。")
    trip = Trip.objects.create(
        organization_id=actor.scope, office=office, agent=actor.acting, agent_name=actor.name
    )
    gone, left = [], []
    for case in cases:
        try:
            if not also_others and case.version.office not in (office, Office.OTHER):
                _refuse_another(case, office)
            progress.to_office(case, actor=actor)
            gone.append(case)
        except Refused as refusal:
            left.append((case, f"{case.spoken}：{refusal}"))
    if not gone:
        raise Refused(" ".join(["一件也没有带上。", *(why for _, why in left)]))
    TripCase.objects.bulk_create(
        TripCase(organization_id=case.organization_id, trip=trip, request=case) for case in gone
    )
    record_event(actor, "跑办", trip, cases=len(gone))
    return trip, left


def _refuse_another(case: ServiceRequest, office: str) -> None:
    """Raises: Refused, unless it is the window that takes all."""
    if office != Office.HALL:
        own = case.version.get_office_display()
        raise Refused(f"这件归{own}办，不归{Office(office).label}。请另开一张，或者勾选“都带去”。")


@transaction.atomic
def come_back(
    trip: Trip, *, actor: User, results: Sequence[tuple[int, str, str, Mapping[int, str] | None]]
) -> None:
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
    still = TripCase.objects.filter(trip=trip, request__state=CaseState.AT_OFFICE)
    if not still.exists():
        Trip.objects.filter(pk=trip.pk, back_at=None).update(back_at=now())
    record_event(actor, "跑办结果", trip, cases=len(results))

"""A unit was merged into another: what becomes of its rows stands in the laws of their models."""

import logging
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Model, QuerySet

from campaigns import counting
from qingchun.accounts.audit import record_event
from qingchun.organizations.changes import UNIT_CLOSED
from qingchun.organizations.codes import county_of
from qingchun.organizations.happening import happen
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import PROVINCE, acting

logger = logging.getLogger(__name__)


def carry_out() -> dict[str, dict[str, int]]:
    """Give what goes on in closed units to their successors, one transaction a unit.

    As often as one likes: what came to a closed unit meanwhile goes along as well. A unit that
    fails is tried again the next time, and stops no other. Returns: code -> rows by model.
    """
    merged = Organization.objects.filter(closed_on__isnull=False, succeeded_by__isnull=False)
    done = {}
    for code in list(merged.values_list("code", flat=True)):
        try:
            rows = _carry_out(code)
        except Exception:
            logger.exception("merger of %s", code)
            continue
        if rows:
            done[code] = rows
    return done


@transaction.atomic
def _carry_out(code: str) -> dict[str, int]:
    with acting("merge units", PROVINCE):
        closed = Organization.objects.select_for_update().get(code=code)
        after = closed.successor()
        rows = happen(UNIT_CLOSED, _of(closed), closed=closed, after=after)
        if rows:
            if county_of(code) != county_of(after.code):  # the counting unit is the county
                counting.rebuild()
            record_event(None, "单位撤并", closed, to=after.code, rows=rows)
            record_event(None, "接收撤并单位", after, rows=rows, **{"from": code})
    return rows


def _of(closed: Organization) -> Callable[[type[Model], Sequence[str]], QuerySet]:
    return lambda model, _: model._default_manager.filter(organization=closed)

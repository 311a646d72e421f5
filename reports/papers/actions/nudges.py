"""Reminding by hand: all who owe one thing, each unit at most once an hour."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.timezone import localdate, now

from campaigns.choices import CampaignState
from campaigns.models import Deadline
from campaigns.permissions import can_run_editions
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications import outbox
from qingchun.notifications.actions import words_of
from qingchun.notifications.drafts import People, Person
from qingchun.notifications.postman import lock_reminders
from qingchun.notifications.recipients import people_of
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from reports.papers.actions.reminders import (
    Debt,
    Standing,
    items_of,
    put_together,
    standings,
    with_schedules,
)
from reports.papers.models import Nudge
from reports.papers.notices import DEADLINE
from reports.papers.reminders import Slot, ladder

NUDGE_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Reminded:
    """Units that were reminded, that had been within the hour, and that have nobody to remind."""

    told: list[Organization]
    passed_over: list[Organization]
    without_anybody: list[Organization]


def nudges(
    deadline: Deadline, moment: dt.datetime
) -> tuple[Standing, list[tuple[Debt, list[Person], dt.datetime | None]]]:
    """(debt, people to remind, when it was last done within the hour or None), for a preview."""
    (standing,) = standings(with_schedules(Deadline.objects.filter(pk=deadline.pk)))
    since = moment - NUDGE_EVERY
    recent = dict(
        Nudge.objects.filter(deadline=deadline, at__gt=since).values_list("organization_id", "at")
    )
    people = people_of([debt.unit.code for debt in standing.debts])
    return standing, [
        (debt, _told_by_hand(standing, debt, people, moment), recent.get(debt.unit.code))
        for debt in standing.debts
    ]


def _told_by_hand(
    standing: Standing, debt: Debt, people: Mapping[str, People], moment: dt.datetime
) -> list[Person]:
    offset = (localdate(moment) - debt.due_on).days
    return ladder(people[debt.unit.code], offset, standing.schedule.deputy_from)


@transaction.atomic
def remind_now(deadline: Deadline, *, actor: User, only: Collection[str] | None = None) -> Reminded:
    """Remind, out of turn, those who owe: each unit at most once an hour.

    ``only``: codes of the units that were chosen; None is all. Whoever has sent since owes nothing,
    and is not reminded. Returns: ``Reminded``. Raises: PermissionDenied; Refused when the edition is
    not open or nobody owes, or none of those chosen.
    """
    only_if(can_run_editions(actor))
    if deadline.campaign.state != CampaignState.OPEN:
        raise Refused("这次行动没有开放，不能提醒。")
    moment = now()
    lock_reminders()
    standing, found = nudges(deadline, moment)
    if not found:
        raise Refused("各市都已报送，不用提醒。")
    if only is not None:
        found = [row for row in found if row[0].unit.code in only]
    if not found:
        raise Refused("选的单位都已报送，或者还没有勾选。请勾选要提醒的单位。")
    done, drafts, words = Reminded([], [], []), [], {DEADLINE: words_of(DEADLINE)}
    people = people_of([debt.unit.code for debt, _, _ in found])
    for debt, reached, _ in found:
        if not (reached or people[debt.unit.code].has_group):
            done.without_anybody.append(debt.unit)
            continue
        if not _take_turn(deadline, debt.unit, moment):
            done.passed_over.append(debt.unit)
            continue
        done.told.append(debt.unit)
        offset = (localdate(moment) - debt.due_on).days
        slot = Slot(moment, offset, 0)
        unit = people[debt.unit.code]
        items = items_of(standing, debt, slot, unit, words[DEADLINE], moment)
        for draft in put_together(items, words, moment):
            draft.key = f"nudge|{debt.about}|{debt.unit.code}|{moment:%Y%m%d%H%M%S}|{draft.key}"
            drafts.append(draft)
    with acting("tell"):
        outbox.post(drafts, moment)
    for unit in done.told:
        record_event(actor, "提醒报送", deadline.campaign, unit=unit.code, purpose=deadline.purpose)
    return done


TAKE_TURN = """
INSERT INTO reports_nudge (deadline_id, organization_id, at) VALUES (%s, %s, %s)
ON CONFLICT (deadline_id, organization_id) DO UPDATE SET at = excluded.at
WHERE reports_nudge.at <= excluded.at - %s
"""


def _take_turn(deadline: Deadline, unit: Organization, moment: dt.datetime) -> bool:
    """Compare-and-set: of two who press at once, one reminds."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, [deadline.pk, unit.code, moment, NUDGE_EVERY])
        return cursor.rowcount == 1

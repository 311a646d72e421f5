"""Asking something of the units below: counted, refused where the portal knows it already."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.days_off import in_force
from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, step, walking
from qingchun.ground.refusals import Refused, only_if
from reports.boards import reporting_burden
from reports.boards.choices import DemandKind, DemandState
from reports.boards.models import Demand, YouthCount
from reports.boards.permissions import asks_it, can_ask_below
from reports.papers.choices import NOT_LOCKED
from reports.papers.permissions import is_province

ASKED, DROPPED = DemandState
WHERE = "要的是“{what}”，门户里已经有，不用再让下面报。请直接看："


class Known(Refused):
    """The portal has what was asked for; ``link`` is where."""

    def __init__(self, what: str, link: str) -> None:
        super().__init__(WHERE.format(what=what) + link)
        self.what, self.link = what, link


@transaction.atomic
def ask_below(
    campaign: Campaign, *, actor: User, kind: str, label: str, minutes: int, **values: Any
) -> Demand:
    """Ask something of each unit right below the actor's.

    Needs: ``number`` of a quota, ``due_on`` and ``purpose`` of a day brought forward. Raises:
    PermissionDenied; Known when the portal has it; Refused where a day leaves the units below less
    than half of the working days and no reason is given.
    """
    only_if(can_ask_below(actor))
    if campaign.is_locked:
        raise Refused("这次行动已经总结锁定，不能再提要求。")
    if kind in (DemandKind.FIELD, DemandKind.FILE) and (
        found := reporting_burden.known_fact(label, campaign)
    ):
        raise Known(*found)
    if kind == DemandKind.DAY:
        _refuse_unless_time(campaign, values)
    demand = Demand.objects.create(
        campaign=campaign,
        organization_id=actor.scope,
        kind=kind,
        label=label,
        minutes=minutes,
        units=reporting_burden.units_below(actor.scope).count(),
        made_by=actor.name,
        **values,
    )
    record_event(actor, "提出要求", demand, kind=kind, units=demand.units, minutes=minutes)
    return demand


def _refuse_unless_time(campaign: Campaign, values: Mapping[str, Any]) -> None:
    deadline = reporting_burden.deadline_for(campaign, values.get("purpose", ""))
    if deadline is None:
        raise Refused("请选择提前的是哪一个截止日期。")
    if values["due_on"] > deadline.enforced_on:
        raise Refused(f"不能晚于团省委的截止日期（{deadline.enforced_on:%-m月%-d日}）。")
    given, whole = reporting_burden.days_left(localdate(), values["due_on"], deadline, in_force())
    if not values.get("reason", "").strip() and reporting_burden.is_too_short(given, whole):
        raise Refused(
            f"这样留给下面 {given} 个工作日，不到全部 {whole} 个工作日的一半。"
            "请往后放，或者写明原因，原因上级看得到。"
        )


def _edition(demand: Demand) -> Campaign:
    """As it is now: it may have been locked since the page was shown."""
    demand.campaign = Campaign.objects.get(pk=demand.campaign_id)
    return demand.campaign


DEMANDS = Road("demands", Demand, stored=False, whole="campaign", hold=_edition)


@step(DEMANDS, ((ASKED, DROPPED),), "撤销要求", may=asks_it, within=NOT_LOCKED, label="撤销",
      ask="撤销这条要求吗？撤销后各单位不用再做，不能恢复。", said="已撤销，下面不用再做。")  # fmt: skip
def drop(demand: Demand, *, actor: User) -> None:
    """Ask it no longer; that it was asked stays on record."""
    with walking(drop, demand, actor) as walk:
        walk.facts["dropped_at"] = now()


@transaction.atomic
def note_youth(
    *, actor: User, people: Mapping[str, int | None], source: str, sure: Collection[str] = ()
) -> int:
    """Note how many young people counties have. ``people``: code → number; None forgets it.
    ``sure``: what was asked and answered; the log keeps it, since rows are written anew each time.

    Returns: of how many counties it is known now.
    """
    only_if(is_province(actor) and can_ask_below(actor))
    YouthCount.objects.filter(organization__in=people).delete()
    noted = YouthCount.objects.bulk_create(
        YouthCount(organization_id=code, people=number, source=source)
        for code, number in people.items()
        if number is not None
    )
    said: dict[str, Any] = {"sure": list(sure)} if sure else {}
    record_event(actor, "填写青年人数", actor.acting, counties=len(noted), **said)
    return len(noted)

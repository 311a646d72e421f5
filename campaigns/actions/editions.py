"""What changes an edition itself; a province administrator's work."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import count
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.timezone import now

from campaigns import catalogue
from campaigns.calendar import carried, meanings, spring_festival
from campaigns.choices import Adds, CampaignState, Season
from campaigns.models import ActivityKind, Campaign, Deadline, Extension, Measure, Stage
from campaigns.permissions import can_run_edition, can_run_editions
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, plain_step, step, walking
from qingchun.ground.edits import save_edited
from qingchun.ground.file_kinds import refuse_other_kinds
from qingchun.ground.province import HOME
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.models import Organization

NOTICE_ENDINGS = (".pdf", ".ofd", ".doc", ".docx", ".wps", ".jpg", ".jpeg", ".png", ".zip")
DECIDED = (
    "printed", "earliest_on", "latest_on", "enforced_on", "reason", "decided_by", "decided_at",
)  # fmt: skip
PREPARING, OPEN, LOCKED = CampaignState


def _must_be_changing(campaign: Campaign, actor: User) -> None:
    """Raises: PermissionDenied; Refused once the edition is locked."""
    only_if(can_run_editions(actor))
    if campaign.is_locked:
        raise Refused("这次行动已经总结锁定。要修改，请先重新开放。")


@transaction.atomic
def create_edition(
    *,
    title: str,
    stages: Sequence[tuple[str, str, dt.date, dt.date | None]],
    deadlines: Mapping[str, tuple[str, dt.date]],
    state: str = CampaignState.PREPARING,
    kinds_of: Campaign | None = None,
    **facts: Any,
) -> Campaign:
    """An edition with the kinds of another and their measures, or else with the notice's ten.

    Needs: ``stages`` as (name, printed, first day, last day or None), three of them;
    ``deadlines`` as purpose → (printed, enforced day). Called by the demo and by a copy.
    """
    campaign = Campaign.objects.create(title=title, starts_on=stages[0][2], state=state, **facts)
    Stage.objects.bulk_create(
        Stage(campaign=campaign, number=n, name=name, printed=printed, starts_on=start, ends_on=end)
        for n, (name, printed, start, end) in enumerate(stages, 1)
    )
    for purpose, (printed, enforced_on) in deadlines.items():
        deadline = Deadline(
            campaign=campaign, purpose=purpose, printed=printed, enforced_on=enforced_on
        )
        _put_meanings(deadline)
        deadline.save()
    if kinds_of:
        _carry_kinds(kinds_of, campaign)
    else:
        _write_ten(campaign)
    return campaign


def _put_meanings(deadline: Deadline) -> None:
    """The days that the printed words can mean; the enforced one is always among them."""
    day = deadline.enforced_on
    try:
        days = (*meanings(deadline.printed, day.year), day)
    except ValueError:  # nothing printed yet, or in words that name no day
        days = (day,)
    deadline.earliest_on, deadline.latest_on = min(days), max(days)


def _write_ten(campaign: Campaign) -> None:
    for number, (key, group, name, short_name, run_by, measures) in enumerate(catalogue.TEN, 1):
        kind = ActivityKind.objects.create(
            campaign=campaign, key=key, number=number, group=group, name=name,
            short_name=short_name, run_by=run_by,
        )  # fmt: skip
        Measure.objects.bulk_create(
            Measure(
                kind=kind, key=measure[0], label=measure[1], unit=measure[2],
                adds=measure[3] if len(measure) > 3 else Adds.SUM, position=position,
            )
            for position, measure in enumerate(measures)
        )  # fmt: skip


def festival_of(campaign: Campaign) -> dt.date:
    """What its days are counted from."""
    return campaign.spring_festival_on or spring_festival(campaign.ends_on.year)


@transaction.atomic
def copy_edition(campaign: Campaign, *, actor: User, year: int, by_festival: bool) -> Campaign:
    """A new edition in ``year`` with the same kinds, stages and deadlines, carried over by date.

    ``by_festival`` keeps each day's distance from Spring Festival, otherwise its calendar day. The
    words of the notice, its dates as printed too, are of one winter: they are asked for anew.
    """
    only_if(can_run_editions(actor))
    fresh = _carried_over(
        year,
        old_festival=festival_of(campaign),
        by_festival=by_festival and campaign.season == Season.WINTER,
        ends_on=campaign.ends_on,
        stages=[(s.name, s.starts_on, s.ends_on) for s in campaign.stages.all()],
        deadlines={d.purpose: d.enforced_on for d in campaign.deadlines.all()},
        season=Season(campaign.season),
        theme=campaign.theme,
        least_kinds=campaign.least_kinds,
        copied_from=campaign,
        kinds_of=campaign,
    )
    record_event(actor, "新建行动", fresh, copied_from=campaign.pk)
    return fresh


def _carry_kinds(campaign: Campaign, fresh: Campaign) -> None:
    """What is of all cities, as the province has it now, under the same keys."""
    for kind in campaign.kinds.of_all().prefetch_related("measures"):
        measures = list(kind.measures.all())
        kind.pk, kind.campaign = None, fresh
        kind.save(force_insert=True)
        for measure in measures:
            measure.pk, measure.kind = None, kind
        Measure.objects.bulk_create(measures)


@transaction.atomic
def first_edition(*, actor: User, year: int) -> Campaign:
    """The days of the notice's winter carried over, for a portal that has no edition yet."""
    only_if(can_run_editions(actor))
    if Campaign.objects.exists():
        raise Refused("已经有行动了。请打开最近一次行动，用“据此新建”。")
    fresh = _carried_over(
        year,
        old_festival=catalogue.NOTICE_FESTIVAL,
        by_festival=False,
        ends_on=catalogue.NOTICE_ENDS_ON,
        stages=[(name, start, end) for name, _, start, end in catalogue.NOTICE_STAGES],
        deadlines={key: day for key, (_, day) in catalogue.NOTICE_DEADLINES.items()},
    )
    record_event(actor, "新建行动", fresh)
    return fresh


def _carried_over(
    year: int,
    *,
    old_festival: dt.date,
    by_festival: bool,
    ends_on: dt.date,
    stages: Sequence[tuple[str, dt.date, dt.date | None]],
    deadlines: Mapping[str, dt.date],
    season: Season = Season.WINTER,
    **facts: Any,
) -> Campaign:
    def carry(day: dt.date) -> dt.date:
        return carried(day, old_festival=old_festival, year=year, by_festival=by_festival)

    is_winter = season == Season.WINTER
    return create_edition(
        title=f"{year}年{HOME.holiday if is_winter else season.label}“{HOME.action}”行动",
        ends_on=carry(ends_on),
        spring_festival_on=spring_festival(year) if is_winter else None,
        stages=[(name, "", carry(start), end and carry(end)) for name, start, end in stages],
        deadlines={purpose: ("", carry(day)) for purpose, day in deadlines.items()},
        season=season,
        **facts,
    )


@transaction.atomic
def change_edition(campaign: Campaign, *, actor: User, changed: Iterable[str]) -> None:
    """Save the fields of an edition that a form has ``changed``."""
    _must_be_changing(campaign, actor)
    if "notice_file" in changed and campaign.notice_file:
        said = "通知附件只收 PDF、OFD、Word、WPS 文字、图片和 ZIP 文件，请另存后再传。"
        refuse_other_kinds(campaign.notice_file, NOTICE_ENDINGS, said)
    save_edited(campaign, changed)
    record_event(actor, "修改行动安排", campaign, changed=changed)


@transaction.atomic
def change_kind(
    kind: ActivityKind,
    *,
    actor: User,
    measures: Iterable[tuple[Measure, Iterable[str]]],
    changed: Iterable[str],
) -> None:
    """Save what a form has ``changed`` of a kind, and (measure, changed) of its ``measures``; a new
    one of either gets a key of its own.

    Keys never change: winters are compared and figures kept by them.
    """
    _must_be_changing(kind.campaign, actor)
    is_new = kind._state.adding
    if is_new:
        _place(kind)
    save_edited(kind, changed)
    taken = set(kind.measures.values_list("key", flat=True))
    free = (number for number in count(len(taken) + 1) if f"own{number}" not in taken)
    for measure, typed in measures:
        if measure.pk is None:
            position = next(free)
            measure.kind, measure.key, measure.position = kind, f"own{position}", position
        save_edited(measure, typed)
    verb = "加一项活动" if is_new else "修改活动项目"
    record_event(actor, verb, kind.campaign, kind=kind.key, changed=changed)


def _place(kind: ActivityKind) -> None:
    """After those there are; with the key that a kind of the same name has in another edition."""
    Campaign.objects.select_for_update().get(pk=kind.campaign_id)
    here, everywhere = kind.campaign.kinds.of_all(), ActivityKind.objects.of_all()
    if here.filter(name=kind.name).exists():
        raise Refused("这次行动已经有这一项，请换一个名称。")
    taken = set(everywhere.values_list("key", flat=True))
    same = everywhere.filter(name=kind.name).exclude(key__in=here.values("key")).first()
    free = (f"kind{number}" for number in count(len(catalogue.TEN) + 1))
    kind.key = same.key if same else next(key for key in free if key not in taken)
    kind.number = here.aggregate(last=Max("number"))["last"] + 1


@transaction.atomic
def change_stage(stage: Stage, *, actor: User, changed: Iterable[str]) -> None:
    """Save the days of a stage, and how the notice prints them, that a form has ``changed``."""
    _must_be_changing(stage.campaign, actor)
    save_edited(stage, changed)
    record_event(actor, "修改阶段日期", stage.campaign, stage=stage.number)


@transaction.atomic
def decide_deadline(
    deadline: Deadline,
    *,
    actor: User,
    enforced_on: dt.date,
    reason: str,
    printed: str | None = None,
) -> None:
    """Confirm the day that is enforced for what the notice printed, and say why."""
    _must_be_changing(deadline.campaign, actor)
    deadline.enforced_on, deadline.reason = enforced_on, reason
    deadline.printed = deadline.printed if printed is None else printed
    _put_meanings(deadline)
    deadline.decided_by, deadline.decided_at = actor.name, now()
    deadline.save(update_fields=DECIDED)
    record_event(
        actor, "确认截止日期", deadline.campaign, remark=reason,
        purpose=deadline.purpose, day=enforced_on.isoformat(),
    )  # fmt: skip


EDITIONS = Road("editions", Campaign)
open_edition = plain_step(
    EDITIONS, ((PREPARING, OPEN),), "开放行动", may=can_run_edition, key="open",
    label="开放", ask="{record.what_opening_does}确定开放吗？", said="行动已开放，各级看得到了。",
)  # fmt: skip


def has_records(edition: Campaign) -> bool:
    """Whether anything points to it but what it is itself made of."""
    own = (Campaign, Stage, Deadline, ActivityKind)
    pointing = [
        Exists(rel.related_model._base_manager.filter(**{rel.field.name: OuterRef("pk")}))
        for rel in Campaign._meta.related_objects
        if not rel.one_to_one and rel.related_model not in own
    ]
    return Campaign.objects.filter(reduce(or_, map(Q, pointing)), pk=edition.pk).exists()


@step(EDITIONS, ((OPEN, PREPARING),), "收回开放", may=can_run_edition, key="close",
      label="收回开放", ask="收回后各级看不到这次行动，改好可以再开放。确定收回吗？",
      said="已收回，现在只有团省委看得到。")  # fmt: skip
def close_edition(edition: Campaign, *, actor: User) -> None:
    """Hide it again, as long as nothing was logged in it. Raises: Refused from then on."""
    with walking(close_edition, edition, actor):
        if has_records(edition):
            raise Refused("已经有单位在这次行动里登记，不能收回开放。要结束，请用总结锁定。")


lock_edition = plain_step(
    EDITIONS, ((OPEN, LOCKED),), "总结锁定行动", may=can_run_edition, key="lock",
    label="总结锁定", ask="锁定后各级只能查看，确定吗？", said="行动已总结锁定，各级只能查看。",
)  # fmt: skip
reopen_edition = plain_step(
    EDITIONS, ((LOCKED, OPEN),), "重新开放行动", may=can_run_edition, key="reopen",
    label="重新开放", ask="重新开放后各级又可以登记和修改，确定吗？", said="行动已重新开放。",
)  # fmt: skip


@transaction.atomic
def extend(
    deadline: Deadline, *, actor: User, organization: Organization, until_on: dt.date, reason: str
) -> Extension:
    """准延: more time for one unit; asked for before or after the day itself."""
    only_if(can_run_editions(actor))
    if until_on <= deadline.enforced_on:
        day = deadline.enforced_on + dt.timedelta(1)
        raise Refused(f"准延的日期要晚于截止日期，最早是{day:%-m月%-d日}。")
    extension, _ = Extension.objects.update_or_create(
        deadline=deadline,
        organization=organization,
        defaults={
            "until_on": until_on, "reason": reason, "granted_by": actor.name, "granted_at": now(),
        },
    )  # fmt: skip
    record_event(actor, "准予延期", extension, remark=reason, until=until_on.isoformat())
    return extension

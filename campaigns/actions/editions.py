"""What changes an edition itself; a province administrator's work."""

import datetime as dt
from itertools import count

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from campaigns import catalogue
from campaigns.calendar import meanings, same_day_in, spring_festival
from campaigns.choices import Adds, CampaignState
from campaigns.models import ActivityKind, Campaign, Deadline, Extension, Measure, Stage
from campaigns.permissions import can_run_edition, can_run_editions
from qingchun.accounts.audit import write_down
from qingchun.accounts.steps import Road, plain_step
from qingchun.ground.edits import save_edited
from qingchun.ground.file_kinds import refuse_other_kinds
from qingchun.ground.province import HOME
from qingchun.ground.refusals import Refused, only_if

NOTICE_ENDINGS = (".pdf", ".ofd", ".doc", ".docx", ".wps", ".jpg", ".jpeg", ".png", ".zip")
PREPARING, OPEN, LOCKED = CampaignState


def _must_be_changing(campaign, actor):
    """Raises: PermissionDenied; Refused once the edition is locked."""
    only_if(can_run_editions(actor))
    if campaign.is_locked:
        raise Refused("这次行动已经总结锁定。要修改，请先重新开放。")


@transaction.atomic
def create_edition(*, title, stages, deadlines, state=CampaignState.PREPARING, **facts):
    """An edition with the ten kinds and their measures.

    Needs: ``stages`` as (name, printed, first day, last day or None), three of them;
    ``deadlines`` as purpose → (printed, enforced day). Called by the demo and by a copy.
    """
    campaign = Campaign.objects.create(title=title, starts_on=stages[0][2], state=state, **facts)
    Stage.objects.bulk_create(
        Stage(campaign=campaign, number=n, name=name, printed=printed, starts_on=start, ends_on=end)
        for n, (name, printed, start, end) in enumerate(stages, 1)
    )
    for purpose, (printed, enforced_on) in deadlines.items():
        earliest_on, latest_on = meanings(printed, enforced_on.year)
        Deadline.objects.create(
            campaign=campaign,
            purpose=purpose,
            printed=printed,
            earliest_on=min(earliest_on, enforced_on),
            latest_on=max(latest_on, enforced_on),
            enforced_on=enforced_on,
        )
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
    return campaign


@transaction.atomic
def copy_edition(campaign, *, actor, year, by_festival):
    """A new edition in ``year`` with the same stages and deadlines, carried over by date.

    ``by_festival`` keeps each day's distance from Spring Festival, otherwise its calendar day.
    """
    only_if(can_run_editions(actor))
    fresh = _carried_over(
        year,
        old_festival=campaign.spring_festival_on or spring_festival(campaign.ends_on.year),
        by_festival=by_festival,
        ends_on=campaign.ends_on,
        stages=[(s.name, s.printed, s.starts_on, s.ends_on) for s in campaign.stages.all()],
        deadlines={d.purpose: (d.printed, d.enforced_on) for d in campaign.deadlines.all()},
        season=campaign.season,
        theme=campaign.theme,
        least_kinds=campaign.least_kinds,
        notice_text=campaign.notice_text,
        copied_from=campaign,
    )
    _carry_kinds(campaign, fresh)
    write_down(actor, "新建行动", fresh, copied_from=campaign.pk)
    return fresh


def _carry_kinds(campaign, fresh):
    """What the province has added to the ten goes on in the next edition, under the same key."""
    ten = [key for key, *_ in catalogue.TEN]
    for kind in campaign.kinds.filter(city=None).exclude(key__in=ten):
        measures = list(kind.measures.all())
        kind.pk, kind.campaign = None, fresh
        kind.save(force_insert=True)
        for measure in measures:
            measure.pk, measure.kind = None, kind
        Measure.objects.bulk_create(measures)


@transaction.atomic
def first_edition(*, actor, year):
    """The notice's own winter carried over to ``year``, for a portal that has no edition yet."""
    only_if(can_run_editions(actor))
    if Campaign.objects.exists():
        raise Refused("已经有行动了。请打开最近一次行动，用“据此新建”。")
    fresh = _carried_over(
        year,
        old_festival=catalogue.NOTICE_FESTIVAL,
        by_festival=False,
        ends_on=catalogue.NOTICE_ENDS_ON,
        stages=catalogue.NOTICE_STAGES,
        deadlines=catalogue.NOTICE_DEADLINES,
        notice_text=catalogue.NOTICE_SUMMARY,
    )
    write_down(actor, "新建行动", fresh)
    return fresh


def _carried_over(year, *, old_festival, by_festival, ends_on, stages, deadlines, **facts):
    new_festival = spring_festival(year)

    def carry(day):
        if day is None:
            return None
        if by_festival:
            return new_festival + (day - old_festival)
        return same_day_in(day, year - old_festival.year)

    return create_edition(
        title=f"{year}年{HOME.holiday}“{HOME.action}”行动",
        ends_on=carry(ends_on),
        spring_festival_on=new_festival,
        stages=[(name, printed, carry(start), carry(end)) for name, printed, start, end in stages],
        deadlines={purpose: (printed, carry(day)) for purpose, (printed, day) in deadlines.items()},
        **facts,
    )


@transaction.atomic
def change_edition(campaign, *, actor, changed):
    """Save the fields of an edition that a form has ``changed``."""
    _must_be_changing(campaign, actor)
    if "notice_file" in changed and campaign.notice_file:
        said = "通知附件只收 PDF、OFD、Word、WPS 文字、图片和 ZIP 文件，请另存后再传。"
        refuse_other_kinds(campaign.notice_file, NOTICE_ENDINGS, said)
    save_edited(campaign, changed)
    write_down(actor, "修改行动安排", campaign, changed=changed)


@transaction.atomic
def change_kind(kind, *, actor, measures, changed):
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
    write_down(actor, verb, kind.campaign, kind=kind.key, changed=changed)


def _place(kind):
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
def change_stage(stage, *, actor, changed):
    """Save the days of a stage that a form has ``changed``."""
    _must_be_changing(stage.campaign, actor)
    save_edited(stage, changed)
    write_down(actor, "修改阶段日期", stage.campaign, stage=stage.number)


@transaction.atomic
def decide_deadline(deadline, *, actor, enforced_on, reason):
    """Confirm the day that is enforced for what the notice printed, and say why."""
    _must_be_changing(deadline.campaign, actor)
    deadline.enforced_on = enforced_on
    deadline.reason = reason
    deadline.decided_by, deadline.decided_at = actor.name, now()
    deadline.save(update_fields=["enforced_on", "reason", "decided_by", "decided_at"])
    write_down(
        actor, "确认截止日期", deadline.campaign, remark=reason,
        purpose=deadline.purpose, day=enforced_on.isoformat(),
    )  # fmt: skip


EDITIONS = Road("editions", Campaign)
open_edition = plain_step(
    EDITIONS, ((PREPARING, OPEN),), "开放行动", may=can_run_edition, key="open",
    label="开放", ask="开放后各级可以登记，确定吗？", said="行动已开放，各级可以登记。",
)  # fmt: skip
lock_edition = plain_step(
    EDITIONS, ((OPEN, LOCKED),), "总结锁定行动", may=can_run_edition, key="lock",
    label="总结锁定", ask="锁定后各级只能查看，确定吗？", said="行动已总结锁定，各级只能查看。",
)  # fmt: skip
reopen_edition = plain_step(
    EDITIONS, ((LOCKED, OPEN),), "重新开放行动", may=can_run_edition, key="reopen",
    label="重新开放", ask="重新开放后各级又可以登记和修改，确定吗？", said="行动已重新开放。",
)  # fmt: skip


@transaction.atomic
def extend(deadline, *, actor, organization, until_on, reason):
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
    write_down(actor, "准予延期", extension, remark=reason, until=until_on.isoformat())
    return extension

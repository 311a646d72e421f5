"""What changes the activity log: written down, counted, and audited in one transaction."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from campaigns import checks
from campaigns.actions import tallies
from campaigns.actions.words import write_words
from campaigns.calendar import problem_with, stage_on
from campaigns.choices import CampaignState, EntryState, UndertakingState
from campaigns.effort import Spent
from campaigns.models import (
    Activity,
    ActivityKind,
    ActivityQuestion,
    Campaign,
    Effort,
    MediaCoverage,
    Undertaking,
)
from campaigns.notices import ANSWER, QUESTION
from campaigns.permissions import can_answer, can_check, can_edit, can_log, just_logged, undertook
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, stays, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import no_longer, tell_one, tell_unit
from qingchun.notifications.purposes import MessageType
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import current, rls_context

LOGGED, CHECKED, DELETED = EntryState
FACTS = ("kind_id", "stage", "held_on", "place", "title", "participants", "text", "figures")


NOT_OPEN: dict[str, str] = {
    CampaignState.LOCKED: "这次行动已经总结锁定，只能查看。确需补登，请联系团省委基层组织建设部重新开放。",
    CampaignState.PREPARING: "这次行动还没有开始。开始后就能登记，内容可以先写好。",
}


def refuse_unless_open(campaign: Campaign) -> None:
    """Raises: Refused when the edition does not take entries just now."""
    if campaign.state in NOT_OPEN:
        raise Refused(NOT_OPEN[campaign.state])


def proposed_title(kind: ActivityKind, place: str, held_on: dt.date) -> str:
    """What a title says when nobody wrote one."""
    return f"{place}{kind.short_name}（{held_on:%-m月%-d日}）"[:80]


def log_activity(
    *, actor: User, entry: UUID, kind: ActivityKind, **values: Any
) -> tuple[Activity, bool]:
    """Log what the actor's unit did; the id made in the browser makes a repeat harmless.

    Needs: a writer of the unit, an open edition, a day inside it and not to come; ``kind``
    with its edition. ``values`` are held_on, place, participants, title, text, figures,
    ``sure``, what was asked about and answered, and ``spent``, what it took to write, if that is
    known.
    Returns: (activity, True), or the entry logged before and False.
    Raises: PermissionDenied; Refused.
    """
    try:
        return _log(actor, entry, kind, **values), True
    except IntegrityError:
        before = Activity.objects.visible_to(actor).filter(pk=entry).first()
    if before is None:
        raise Refused("这条登记的编号不能用，请刷新页面后再提交，填写的内容还在。")
    return before, False


@transaction.atomic
def _log(
    actor: User,
    entry: UUID,
    kind: ActivityKind,
    *,
    held_on: dt.date,
    place: str,
    participants: int,
    title: str = "",
    text: str = "",
    figures: Mapping[str, int] | None = None,
    sure: Collection[str] = (),
    spent: Spent | None = None,
) -> Activity:
    only_if(can_log(actor, actor.scope))
    campaign = kind.campaign
    refuse_unless_open(campaign)
    if kind.city_id and not actor.scope.startswith(kind.city_id):
        raise Refused("这是别的市的创新项目，请选择本市的项目。")
    if problem := problem_with(held_on, campaign, localdate()):
        raise Refused(problem)
    activity = Activity(
        id=entry,
        organization_id=actor.scope,
        campaign=campaign,
        kind=kind,
        stage=stage_on(held_on, campaign.stages.all()),
        held_on=held_on,
        place=place,
        title=title or proposed_title(kind, place, held_on),
        participants=participants,
        text=text,
        figures=figures or {},
        sure=checks.answers(sure, actor.name) or None,
        logged_by=actor,
        logged_by_name=actor.name,
    )
    activity.save(force_insert=True)
    tallies.add(activity)
    write_words(activity)
    if spent:
        Effort.objects.create(kind=kind, level=actor.acting.organization.level, **spent._asdict())
    noted: dict[str, Any] = {"sure": [*sure]} if sure else {}
    record_event(actor, "登记活动", activity, **noted)
    return activity


@transaction.atomic
def edit_activity(
    activity: Activity, *, actor: User, version: int, reason: str = "", **values: Any
) -> Activity:
    """Correct an entry, with a reason, unless it is a slip of whoever has just logged it.

    Raises: Refused when somebody else saved first.
    """
    only_if(can_edit(actor, activity))
    refuse_unless_open(activity.campaign)
    if not (reason or just_logged(actor, activity)):
        raise Refused("请写明修改原因。")
    kind, held_on = values["kind"], values["held_on"]
    if problem := problem_with(held_on, activity.campaign, localdate()):
        raise Refused(problem)
    before = {name: getattr(activity, name) for name in FACTS}
    if given := checks.answers(values.pop("sure", ()), actor.name):
        values["sure"] = (activity.sure or {}) | given
    values["stage"] = stage_on(held_on, activity.campaign.stages.all())
    values["title"] = values.get("title") or proposed_title(kind, values["place"], held_on)
    unchanged = Activity.objects.live().filter(pk=activity.pk, version=version)
    # An entry that was checked is checked again after a change.
    if not unchanged.update(version=version + 1, checked_at=None, checked_by_name="", **values):
        raise Refused("刚才有人改过这条登记。您填写的内容还在，请对照最新内容后再保存。")
    activity.refresh_from_db()
    after = {name: getattr(activity, name) for name in FACTS}
    changed = [name for name in FACTS if before[name] != after[name]]
    if {"title", "text"} & set(changed):
        write_words(activity)
    for kind_id in {before["kind_id"], activity.kind_id}:
        _recount(activity, kind_id)
    remark = reason or "登记后随即更正"
    record_event(actor, "修改活动", activity, remark=remark, changed=changed)
    return activity


def _edition(activity: Activity) -> Campaign:
    """As it is now; not locked, since three thousand units write at once."""
    activity.campaign = Campaign.objects.get(pk=activity.campaign_id)
    return activity.campaign


def _tell(activity: Activity, purpose: MessageType, *, question: ActivityQuestion) -> int:
    """Whoever logged it knows best; once they have left the post, those responsible are asked."""
    told = {
        "about": question,
        "organization_id": activity.organization_id,
        "link": activity.get_absolute_url(),
        "values": {"asker": question.asked_by, "title": activity.title, "text": question.text},
    }
    logged_by = activity.logged_by
    held = logged_by and logged_by.memberships.filter(organization=activity.organization_id)
    if held and held.active().exists():
        return tell_one(purpose, logged_by.pk, **told)
    return tell_unit(purpose, **told)


ENTRIES = Road(
    "activities", Activity, state="standing", stored=False, whole="campaign", hold=_edition,
    elsewhere=NOT_OPEN, tell=_tell,
)  # fmt: skip
OPEN = (CampaignState.OPEN,)


@step(ENTRIES, ((LOGGED, DELETED), (CHECKED, DELETED)), "删除活动", may=can_edit, within=OPEN,
      label="删除", ask="删除后不再计数，不能恢复。确定吗？", said="已删除，计数已经减去。")  # fmt: skip
def delete_activity(activity: Activity, *, actor: User, reason: str) -> None:
    """Take an entry out of lists and counts; the row and its history stay."""
    with walking(delete_activity, activity, actor) as walk:
        walk.facts["deleted_at"], walk.remark = now(), reason
    no_longer(*activity.questions.all())
    _recount(activity, activity.kind_id)


@step(ENTRIES, ((LOGGED, CHECKED),), "核对活动", may=can_check, within=OPEN,
      label="标为核对", said="已标为核对。")  # fmt: skip
def check(activity: Activity, *, actor: User) -> None:
    """A unit above has looked at the entry and finds it in order."""
    with walking(check, activity, actor) as walk:
        walk.facts |= {"checked_at": now(), "checked_by_name": actor.name}


@step(ENTRIES, stays(LOGGED, CHECKED), "询问活动", may=can_check, within=OPEN,
      tells=dict.fromkeys((LOGGED, CHECKED), QUESTION),
      label="提出询问", said="已向{record.organization}提出。")  # fmt: skip
def ask(activity: Activity, *, actor: User, text: str) -> ActivityQuestion:
    with walking(ask, activity, actor) as walk:
        question = ActivityQuestion.objects.create(
            organization_id=activity.organization_id,
            activity=activity,
            text=text,
            asker=actor,
            asked_by=f"{actor.acting.organization.short_name} {actor.name}",
        )
        walk.words["question"], walk.noted["question"] = question, question.pk
    return question


def _recount(activity: Activity, kind_id: int) -> None:
    # A township sees its own rows only; its county's figure counts those of its neighbours.
    person = current()[1]
    with rls_context(scope=county_of(activity.organization_id), person=person):
        tallies.recount(activity.campaign_id, activity.organization_id, kind_id)


@transaction.atomic
def answer(question: ActivityQuestion, *, actor: User, text: str) -> None:
    only_if(can_answer(actor, question.activity))
    refuse_unless_open(question.activity.campaign)
    waiting = ActivityQuestion.objects.filter(pk=question.pk, answered_at=None)
    if not waiting.update(answer=text, answered_by=actor.name, answered_at=now()):
        raise Refused("这个问题已经有人答复了，请刷新页面查看。")
    record_event(actor, "答复询问", question.activity, question=question.pk)
    if question.asker_id:
        tell_one(
            ANSWER,
            question.asker_id,
            about=question,
            organization_id=question.organization_id,
            link=question.activity.get_absolute_url(),
            values={
                "unit": question.activity.organization.short_name,
                "title": question.activity.title,
                "text": text,
            },
        )


@transaction.atomic
def add_coverage(activity: Activity, *, actor: User, **values: Any) -> MediaCoverage:
    only_if(can_edit(actor, activity))
    refuse_unless_open(activity.campaign)
    coverage = MediaCoverage.objects.create(
        organization_id=activity.organization_id, activity=activity, **values
    )
    record_event(actor, "添加媒体报道", activity, coverage=coverage.pk)
    return coverage


@transaction.atomic
def remove_coverage(coverage: MediaCoverage, *, actor: User) -> None:
    only_if(can_edit(actor, coverage.activity))
    refuse_unless_open(coverage.activity.campaign)
    record_event(actor, "删去媒体报道", coverage.activity, coverage=coverage.pk)
    coverage.delete()


UNDERTAKINGS = Road(
    "undertakings", Undertaking, stored=False, whole="campaign", hold=_edition,
    elsewhere=NOT_OPEN,
)  # fmt: skip
GOES_ON, NOTHING = UndertakingState


@step(UNDERTAKINGS, ((GOES_ON, NOTHING),), "说明没有可报", may=undertook, within=OPEN,
      key="nothing", label="没有可报", said="已记下。",
      ask="这一项记为没有可报吗？市里、省里看到的是“零”；后来办了，可以撤回再登记。")  # fmt: skip
def say_nothing_to_report(undertaking: Undertaking, *, actor: User) -> None:
    """零: chosen, and nothing took place; said by the unit itself."""
    with walking(say_nothing_to_report, undertaking, actor) as walk:
        walk.facts["nothing_to_report_at"], walk.noted["kind"] = now(), undertaking.kind_id


@step(UNDERTAKINGS, ((NOTHING, GOES_ON),), "撤回没有可报", may=undertook, within=OPEN,
      key="take-back", label="撤回“零”", said="已记下。")  # fmt: skip
def take_nothing_back(undertaking: Undertaking, *, actor: User) -> None:
    with walking(take_nothing_back, undertaking, actor) as walk:
        walk.facts["nothing_to_report_at"], walk.noted["kind"] = None, undertaking.kind_id

"""活动: written, opened, moved, called off, copied."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate, localtime, now

from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.accounts.steps import plain_step, step, walking
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.quiet import after_quiet_hours, is_quiet
from qingchun.ground.refusals import Refused, only_if
from qingchun.organizations.walls import acting
from services.events import counts
from services.events.actions import coming, telling, waiting_list
from services.events.actions.groups import write_groups
from services.events.actions.roads import EVENTS
from services.events.choices import AHEAD, HOLDS, EventState
from services.events.kinds import KINDS
from services.events.models import (
    Evening,
    EveningFacts,
    Event,
    EventGroup,
    GroupRow,
    Signup,
)
from services.events.notices import CALLED_OFF, MOVED, REMINDER
from services.events.permissions import can_make, can_run

COPIED = (
    "kind", "title", "text", "place", "map_link", "capacity", "needs_approval", "accept_hours",
    "reach", "classes", "adults_only", "singles_only", "questions", "contact_name", "contact_phone",
)  # fmt: skip
GROUP_COPIED = ("key", "name", "text", "capacity", "host", "near_id", "point_id")
MOST_IN_A_SERIES = 12
CHANGED = "刚才有人改过这个活动。您填写的内容还在，请对照最新内容后再保存。"


def _refuse_unless_sound(facts: Mapping[str, Any]) -> None:
    if facts["ends_at"] <= facts["starts_at"]:
        raise Refused("结束时间要晚于开始时间，请改一下。")
    if facts["closes_at"] <= facts["opens_at"]:
        raise Refused("报名截止要晚于报名开始，请改一下。")
    if facts["closes_at"] > facts["ends_at"]:
        raise Refused("报名截止不能晚于活动结束，请改一下。")


def _for_adults(facts: dict[str, Any]) -> dict[str, Any]:
    if KINDS[facts["kind"]].is_evening:
        facts |= {"adults_only": True, "singles_only": True}
    return facts


def _asked(sure: Collection[str]) -> dict[str, Any]:
    """What was asked and answered, as the log keeps it."""
    return {"sure": [*sure]} if sure else {}


@transaction.atomic
def make(
    *,
    actor: User,
    facts: dict[str, Any],
    groups: Sequence[GroupRow],
    evening: EveningFacts | None = None,
    sure: Collection[str] = (),
) -> Event:
    """Write a new event, as a draft.

    ``facts``: fields of Event; ``groups``: rows of EventGroup, at least one; ``evening``: rounds,
    minutes and choose_until of 青春有约; ``sure``: what was asked and answered, for the log. Raises:
    PermissionDenied; Refused for times that cannot be.
    """
    only_if(can_make(actor))
    _refuse_unless_sound(facts)
    event = Event.objects.create(
        organization_id=actor.scope,
        campaign=Campaign.objects.at_work(localdate(facts["starts_at"])),
        made_by_name=actor.name,
        **_for_adults(facts),
    )
    write_groups(event, actor, groups)
    if event.of.is_evening:
        _write_evening(event, evening or {})
    record_event(actor, "新建活动", event, **_asked(sure))
    return event


def _write_evening(event: Event, facts: EveningFacts) -> None:
    until = facts.get("choose_until") or event.ends_at + dt.timedelta(hours=24)
    if until < event.starts_at:
        raise Refused("选择截止不能早于活动开始，请改一下。")
    Evening.objects.update_or_create(
        event=event,
        defaults={**facts, "organization_id": event.organization_id, "choose_until": until},
    )


@transaction.atomic
def edit(
    event: Event,
    *,
    actor: User,
    version: int,
    facts: dict[str, Any],
    groups: Sequence[GroupRow],
    evening: EveningFacts | None = None,
    sure: Collection[str] = (),
) -> int:
    """Change an event; those in it are told when it is moved.

    Raises: PermissionDenied; Refused for a capacity below those who are in, for times that cannot
    be, and when somebody else saved first. Returns: how many people were told.
    """
    only_if(can_run(actor, event))
    if event.state not in (EventState.DRAFT, *AHEAD):
        raise Refused("活动已经举办或取消，不能再改。")
    if facts["kind"] != event.kind and event.state != EventState.DRAFT:
        raise Refused("已经开放报名的活动不能换类别。")
    _refuse_unless_sound(facts)
    with acting("run an event"):
        waiting_list.lock_event(event.pk)
        before, began = _when_and_where(event), event.starts_at
        counted_in, edition = counts.units_of(event), event.campaign_id
        ahead = Event.objects.filter(pk=event.pk, state__in=(EventState.DRAFT, *AHEAD))
        unchanged = ahead.filter(version=version)
        taken = EventGroup.objects.filter(event=event).aggregate(n=Sum("taken"))["n"] or 0
        if facts.get("capacity") is not None and facts["capacity"] < taken:
            raise Refused(f"已经有 {taken} 人占了名额，总名额不能少于这个数。")
        raised = {"version": version + 1, "changed_at": now()}
        if not unchanged.update(taken=taken, **raised, **_for_adults(facts)):
            raise Refused(CHANGED)
        event.refresh_from_db()
        write_groups(event, actor, groups)
        if event.of.is_evening:
            _write_evening(event, evening or {})
        waiting_list.promote(event, now())
        if event.of.has_posts:
            counts.count_event(event, also=counted_in, was=edition)
        told = 0
        if event.state in AHEAD and before != _when_and_where(event):
            waiting_list.say_anew(event)
            told = telling.tell_everybody(event, MOVED, offset=str(event.version), began=began)
    record_event(actor, "修改活动", event, **_asked(sure))
    return told


def _when_and_where(event: Event) -> tuple[str, tuple[dt.datetime, dt.datetime] | None]:
    """What nobody may find changed unawares; shifts keep their own times."""
    return event.place, None if event.of.has_shifts else (event.starts_at, event.ends_at)


def _sign_up_is_over(event: Event) -> str:
    return "报名截止时间已经过了，请先在“修改”里改晚一些。" if event.closes_at <= now() else ""


publish = plain_step(
    EVENTS, ((EventState.DRAFT, EventState.OPEN),), "发布活动", may=can_run, key="publish",
    needs=_sign_up_is_over, label="发布", said="已发布，可以报名了。",
    ask="发布吗？发布后青年都能看到、能报名，收不回草稿，只能截止或取消。",
)  # fmt: skip
close = plain_step(
    EVENTS, ((EventState.OPEN, EventState.CLOSED), (EventState.FULL, EventState.CLOSED)), "截止报名", may=can_run,
    key="close", label="截止报名", said="报名已截止。",
    ask="截止报名吗？截止后谁也不能再报名，不能重新打开。",
)  # fmt: skip


@step(EVENTS, ((EventState.CLOSED, EventState.OPEN),), "重新开放报名", may=can_run, needs=_sign_up_is_over,
      label="重新开放报名", said="报名重新开放了。")  # fmt: skip
def reopen(event: Event, *, actor: User) -> None:
    with walking(reopen, event, actor):
        pass
    with acting("run an event"):
        waiting_list.promote(event, now())


@step(EVENTS, tuple((state, EventState.CANCELLED) for state in (EventState.DRAFT, *AHEAD)), "取消活动",
      may=can_run, tells={EventState.CANCELLED: CALLED_OFF}, key="call-off", label="取消活动",
      ask="取消整场活动吗？报名和候补的人都会收到通知，取消后不能恢复。",
      said="已取消，告诉了 {told} 位报名的人。")  # fmt: skip
def call_off(event: Event, *, actor: User, why: str) -> int:
    """Everybody in it is told, nothing else of it any more. Raises: Refused without a reason.

    Returns: how many were told.
    """
    with walking(call_off, event, actor) as walk:
        if not why:
            raise Refused("请写明为什么取消，报名的人会收到。")
        telling.hush(event)
        # Calendars that know the event take the news from its number.
        walk.facts |= {
            "cancelled_why": why, "version": event.version + 1, "changed_at": now(),
        }  # fmt: skip
        walk.words["why"] = why
    with acting("run an event"):
        waiting_list.end_offers(event)
    return walk.told


@transaction.atomic
def copy(
    event: Event, *, actor: User, days: int = 7, times: int = 1, in_series: bool = False
) -> list[Event]:
    """The same again, ``days`` later, ``times`` over; drafts, without people. Of an old event the
    first is on the first such day of which the sign-up is still ahead.

    Raises: PermissionDenied; Refused for too many at once. Returns: the copies.
    """
    only_if(can_run(actor, event))
    if not (1 <= times <= MOST_IN_A_SERIES and 1 <= days <= 366):
        raise Refused(f"一次最多复制 {MOST_IN_A_SERIES} 场，间隔 1 到 366 天。")
    first, passed = event.series_id or event.pk, now() - min(event.starts_at, event.closes_at)
    skipped = max(0, passed // dt.timedelta(days=days))
    made = []
    for n in range(skipped + 1, skipped + times + 1):
        shift = dt.timedelta(days=days * n)
        again = Event.objects.create(
            organization_id=event.organization_id,
            campaign=Campaign.objects.at_work(localdate(event.starts_at + shift)),
            series_id=first if in_series else None,
            made_by_name=actor.name,
            opens_at=now(),
            starts_at=event.starts_at + shift,
            ends_at=event.ends_at + shift,
            closes_at=event.closes_at + shift,
            **{name: getattr(event, name) for name in COPIED},
        )
        for group in EventGroup.objects.filter(event=event, cancelled_why=""):
            EventGroup.objects.create(
                organization_id=event.organization_id,
                event=again,
                starts_at=group.starts_at and group.starts_at + shift,
                ends_at=group.ends_at and group.ends_at + shift,
                **{name: getattr(group, name) for name in GROUP_COPIED},
            )
        if event.of.is_evening:
            old, until = event.evening, event.evening.choose_until + shift
            _write_evening(
                again, {"rounds": old.rounds, "minutes": old.minutes, "choose_until": until}
            )
        made.append(again)
    if in_series and event.series_id is None:
        Event.objects.filter(pk=event.pk).update(series_id=event.pk)
    record_event(actor, "复制活动", event, copies=len(made))
    return made


@transaction.atomic
def set_picture(event: Event, *, actor: User, file: File) -> None:
    """The picture of the public page: made anew, so that it tells no position."""
    only_if(can_run(actor, event))
    _, picture = as_jpeg(open_picture(file), 1200)
    old = event.picture.name
    event.picture.save(f"{event.entry}.jpg", picture, save=False)
    Event.objects.filter(pk=event.pk).update(picture=event.picture.name)
    if old:
        storage = event.picture.storage
        transaction.on_commit(lambda: storage.delete(old))


# What goes by the clock


def close_what_is_over(moment: dt.datetime) -> int:
    """Sign-up ends by itself; offers nobody took go on. Needs: to run the event. Returns: how many."""
    over = Event.objects.filter(state__in=(EventState.OPEN, EventState.FULL), closes_at__lte=moment)
    closed = 0
    for pk in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            waiting_list.lock_event(pk)
            closed += Event.objects.filter(
                pk=pk, state__in=(EventState.OPEN, EventState.FULL), closes_at__lte=moment
            ).update(state=EventState.CLOSED)
    if is_quiet(moment):
        return closed  # nobody loses a place while they may sleep
    coming.lapse_what_is_over(moment)
    return closed


def remind(moment: dt.datetime) -> int:
    """A day before and two hours before: whoever is in is told once of each start.

    Of a shift by its own start. Needs: to run the event. Returns: how many groups were told.
    """
    told = 0
    ahead = EventGroup.objects.filter(event__state__in=AHEAD).select_related("event")
    ahead = ahead.annotate(begins=Coalesce("starts_at", "event__starts_at"))
    for hours, field in ((24, "told_day_before"), (2, "told_hours_before")):
        due = ahead.filter(begins__gt=moment, begins__lte=moment + dt.timedelta(hours=hours))
        for group in due.exclude(**{field: F("begins")}):
            with transaction.atomic():
                waiting_list.lock_event(group.event_id)  # whoever leaves just now is not reminded
                still = EventGroup.objects.filter(pk=group.pk, event__state__in=AHEAD)
                still = still.exclude(**{field: group.begins})
                if not still.update(**{field: group.begins}):
                    continue
                if hours == 24 and group.begins <= after_quiet_hours(moment) + dt.timedelta(
                    hours=2
                ):
                    continue  # the nearer one says it
                told += bool(_remind(group, hours, moment))
    return told


def _remind(group: EventGroup, hours: int, moment: dt.datetime) -> int:
    event = group.event
    coming = Signup.objects.filter(
        event=event, group=group, state__in=HOLDS, user__isnull=False, arrived_at=None
    )
    begins = localtime(group.begins)
    read = after_quiet_hours(moment, is_urgent=hours == 2)
    days = (begins.date() - read.date()).days
    return telling.tell_all(
        REMINDER,
        event,
        coming.values_list("user_id", flat=True),
        offset=f"{hours} {group.begins:%Y%m%d%H%M}",
        group=group,
        is_urgent=hours == 2,
        when=("今天", "明天", "后天")[min(days, 2)],
        time=f" {begins:%H:%M}",
    )

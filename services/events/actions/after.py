"""Once it was held: figures, what is put right afterwards, the entry in the activity log."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.actions.log import log_activity
from campaigns.actions.photos import add_photo
from campaigns.models import Activity, Photo
from qingchun.accounts.models import User
from qingchun.accounts.steps import stays, step, walking
from qingchun.ground.refusals import Refused, only_if
from services.events.actions import waiting_list
from services.events.actions.roads import EVENTS, SIGNUPS
from services.events.choices import (
    AHEAD,
    LATE_AFTER,
    OPEN_AGAIN_WITHIN,
    TICKS,
    EventState,
    SignState,
)
from services.events.models import Event, EventGroup, Placement, Signup
from services.events.permissions import can_run

SAID_WITHIN = dt.timedelta(hours=12)


def _has_not_begun(event: Event) -> str:
    return "活动还没有开始。开始以后再点“已经举办”。" if now() < event.starts_at else ""


def runs_it_or_the_clock(actor: User | None, event: Event) -> bool:
    return actor is None or can_run(actor, event)


@step(EVENTS, tuple((state, EventState.HELD) for state in AHEAD), "活动已举办",
      may=runs_it_or_the_clock, needs=_has_not_begun, label="已经举办",
      ask="活动办完了吗？没签到的记为没有到，人数计入。七天内、记入台账以前可以改回。",
      said="记下了，人数已计入。七天内、记入台账以前可以改回。")  # fmt: skip
def hold(event: Event, *, actor: User | None) -> None:
    """It took place: who is not here is absent from now on, and the figures are counted.

    Raises: Refused while a shift is ahead.
    """
    with walking(hold, event, actor) as walk:
        ahead = EventGroup.objects.filter(event=event, starts_at__gt=now(), cancelled_why="")
        if count := ahead.count():
            raise Refused(
                f"还有 {count} 个班次没有开始，都开始了再点“已经举办”。不办的班次，请先取消那一班。"
            )
        walk.facts["held_at"] = now()
        if event.of.has_shifts:
            _propose_hours(event)


def hold_what_is_over(moment: dt.datetime) -> int:
    """Events to which people came, and of which nobody said that they were held, count all the
    same, half a day after their end. Needs: to run the event. Returns: how many.
    """
    since, held = moment - SAID_WITHIN, 0
    over = Event.objects.filter(state=EventState.CLOSED, ends_at__lte=since)
    for event in over.exclude(reopened_at__gt=since):
        if who_came(event):
            with suppress(Refused):  # called off, or said, a moment ago
                hold(event, actor=None)
                held += 1
    return held


def why_it_stays_held(event: Event, moment: dt.datetime) -> str:
    """Why it cannot be said any more that an event was not held; empty while it can."""
    if event.activity_id:
        return "这场活动已经记入台账，不能改回。签到和时长还可以在名单里补。"
    if moment > event.held_at + OPEN_AGAIN_WITHIN:
        return "举办已经过了七天，不能改回。签到和时长还可以在名单里补。"
    return ""


@step(EVENTS, ((EventState.HELD, EventState.CLOSED),), "活动改回未举办", may=can_run,
      needs=lambda event: why_it_stays_held(event, now()), label="改回未举办",
      ask="改回“报名截止”吗？人数不再计入，已打印的证明仍有效；办完后要再点“已经举办”。",
      said="已改回“报名截止”，人数不再计入。办完了请再点“已经举办”。")  # fmt: skip
def open_again(event: Event, *, actor: User) -> None:
    """It was said by mistake that it was held: nobody is absent, nothing is counted any more."""
    with walking(open_again, event, actor) as walk:
        walk.facts |= {"held_at": None, "reopened_at": now()}


# Hours


def _propose_hours(event: Event) -> None:
    """A volunteer who was there gets the shift's hours, until somebody says otherwise."""
    here = Signup.objects.filter(event=event, arrived_at__isnull=False, hours=None)
    for signup in here.select_related("group"):
        signup.event = event
        Signup.objects.filter(pk=signup.pk).update(**proposed(signup, signup.arrived_at))


def proposed(signup: Signup, arrived_at: dt.datetime) -> dict[str, Any]:
    """Hours of one volunteer: those of the shift; of who came late those from then on. Whoever is
    ticked when it is over, or came late, is marked to be confirmed."""
    begins, ends = signup.span
    if not signup.group or not signup.group.starts_at:
        return {}
    if arrived_at >= ends:
        return {"hours": signup.group.hours, "hours_by": "补签，待确认"}
    if arrived_at > begins + LATE_AFTER:
        left = (ends - arrived_at).total_seconds() / 3600
        return {"hours": round(left, 1), "hours_by": "按到场时间，待确认"}
    return {"hours": signup.group.hours, "hours_by": "按班次"}


def must_take_ticks(event: Event) -> None:
    """Raises: Refused where nobody can be ticked any more, or given hours."""
    if event.campaign and event.campaign.is_locked:
        raise Refused("这次行动已经总结锁定，签到和时长不能再改。")


def is_absent(signup: Signup) -> str:
    return "" if signup.arrived_at else "没有签到的，不能记服务时长。请先在名单里补签到。"


@step(SIGNUPS, stays(SignState.IN), "确认服务时长", may=can_run, within=TICKS, needs=is_absent,
      key="hours", label="服务时长", said="服务时长已确认。")  # fmt: skip
def set_hours(signup: Signup, *, actor: User, hours: Decimal) -> None:
    """Confirm a volunteer's hours. Raises: Refused for hours that cannot be."""
    with walking(set_hours, signup, actor) as walk:
        must_take_ticks(walk.whole)
        if not 0 <= hours <= 24:
            raise Refused("一班的服务时长在 0 到 24 小时之间，请核对。")
        walk.facts |= {"hours": hours, "hours_by": actor.name}
        walk.noted["hours"] = str(hours)


# The entry in the log


def who_came(event: Event) -> int:
    """How many people took part. Needs: the unit's scope, or to run the event."""
    if event.of.has_posts:
        return Placement.objects.filter(signup__event=event, days__gt=0).count()
    return Signup.objects.filter(event=event).present().count()


@transaction.atomic
def write_entry(
    event: Event,
    *,
    actor: User,
    text: str = "",
    figures: Mapping[str, int] | None = None,
    photos: Iterable[File] = (),
    sure: Collection[str] = (),
) -> Activity:
    """The entry in the activity log: place, day and how many came are filled in.

    ``figures``: the kind's own measures that nobody can count. Raises: PermissionDenied; Refused
    before it was held, without an open edition, and where the log refuses. Returns: the entry.
    """
    only_if(can_run(actor, event))
    waiting_list.lock_event(
        event.pk
    )  # whoever says that it was not held after all comes before or after
    event.refresh_from_db(fields=["state", "activity"])
    if event.state != EventState.HELD:
        raise Refused("请先点“已经举办”，再记入台账。")
    if event.activity_id:
        raise Refused("这场活动已经记入台账了。")
    if event.campaign_id is None:
        raise Refused("这场活动不在行动期间，不用记入台账。")
    kind = event.campaign.kinds.of_all().filter(key=event.kind).first()
    if kind is None:
        raise Refused("这次行动里没有这个项目，不能记入台账。")
    for photo in photos:
        add_photo(actor=actor, entry=event.entry, file=photo)
    activity, _ = log_activity(
        actor=actor,
        entry=event.entry,
        kind=kind,
        held_on=localdate(event.starts_at),
        place=event.place[:60],
        participants=who_came(event),
        title=event.title,
        text=text,
        figures=figures or {},
        sure=sure,
    )
    # Photos that were sent for the entry before it was written belong to it.
    Photo.objects.filter(entry=event.entry, activity=None).update(activity=activity)
    Event.objects.filter(pk=event.pk).update(activity=activity)
    event.activity = activity
    return activity

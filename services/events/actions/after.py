"""Once it was held: figures, what is put right afterwards, the entry in the activity log."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate, now

from campaigns.actions.log import log_activity
from campaigns.actions.photos import add_photo
from campaigns.models import Photo
from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.events import counts
from services.events.actions import line
from services.events.choices import LATE_AFTER, OPEN_AGAIN_WITHIN, TICKS, State
from services.events.models import Event, EventGroup, Placement, Signup
from services.events.permissions import can_run

SAID_WITHIN = dt.timedelta(hours=12)


@transaction.atomic
def hold(event, *, actor):
    """It took place: who is not here is absent from now on, and the figures are counted.

    Raises: PermissionDenied; Refused before it begins, while a shift is ahead, and when it was
    said already.
    """
    if not can_run(actor, event):
        raise PermissionDenied
    moment = now()
    if moment < event.starts_at:
        raise Refused("活动还没有开始。开始以后再点“已经举办”。")
    ahead = EventGroup.objects.filter(event=event, starts_at__gt=moment, cancelled_why="").count()
    if ahead:
        raise Refused(
            f"还有 {ahead} 个班次没有开始，都开始了再点“已经举办”。不办的班次，请先取消那一班。"
        )
    if not _held(event, moment):
        raise Refused("活动已经结束或取消了，请刷新页面。")
    write_down(actor, "活动已举办", event)


def _held(event, moment):
    """Compare and set, propose hours, count. Returns: whether it was not said before."""
    with as_clerk():
        line.hold(event.pk)
        taking = Event.objects.filter(pk=event.pk, state__in=(State.OPEN, State.FULL))
        taking.update(state=State.CLOSED)
        closed = Event.objects.filter(pk=event.pk, state=State.CLOSED)
        if not closed.update(state=State.HELD, held_at=moment):
            return False
        event.refresh_from_db()
        if event.is_volunteering:
            _propose_hours(event)
    counts.count_event(event)
    return True


def hold_what_is_over(moment):
    """Events to which people came, and of which nobody said that they were held, count all the
    same, half a day after their end. Needs: the clerk. Returns: how many.
    """
    since = moment - SAID_WITHIN
    over = Event.objects.filter(state=State.CLOSED, ends_at__lte=since)
    held = 0
    for event in over.exclude(reopened_at__gt=since):
        if who_came(event):
            with transaction.atomic():
                held += _held(event, moment)
                write_down(None, "活动已举办", event)
    return held


def why_it_stays_held(event, moment):
    """Why it cannot be said any more that an event was not held; empty while it can."""
    if event.activity_id:
        return "这场活动已经记入台账，不能改回。签到和时长还可以在名单里补。"
    if moment > event.held_at + OPEN_AGAIN_WITHIN:
        return "举办已经过了七天，不能改回。签到和时长还可以在名单里补。"
    return ""


@transaction.atomic
def open_again(event, *, actor):
    """It was said by mistake that it was held: nobody is absent, nothing is counted any more.

    Raises: PermissionDenied; Refused once it is in the log, seven days later, and when it is not
    held.
    """
    if not can_run(actor, event):
        raise PermissionDenied
    moment = now()
    with as_clerk():
        event = line.fresh(event.pk)
        if event.state != State.HELD:
            raise Refused("这场活动没有记为“已举办”，请刷新页面。")
        if why := why_it_stays_held(event, moment):
            raise Refused(why)
        Event.objects.filter(pk=event.pk).update(
            state=State.CLOSED, held_at=None, reopened_at=moment
        )
    counts.count_event(event)
    write_down(actor, "活动改回未举办", event)


# Hours


def _propose_hours(event):
    """A volunteer who was there gets the shift's hours, until somebody says otherwise."""
    here = Signup.objects.filter(event=event, arrived_at__isnull=False, hours=None)
    for signup in here.select_related("group"):
        signup.event = event
        propose(signup)


def propose(signup):
    """Hours of one volunteer: those of the shift; of who came late those from then on. Whoever is
    ticked when it is over, or came late, is marked to be confirmed. Needs: the clerk.
    """
    begins, ends = signup.span
    if not signup.group or not signup.group.starts_at:
        return
    signup.hours, signup.hours_by = signup.group.hours, "按班次"
    if signup.arrived_at >= ends:
        signup.hours_by = "补签，待确认"
    elif signup.arrived_at > begins + LATE_AFTER:
        left = (ends - signup.arrived_at).total_seconds() / 3600
        signup.hours, signup.hours_by = round(left, 1), "按到场时间，待确认"
    signup.save(update_fields=["hours", "hours_by"])


def must_take_ticks(event):
    """Raises: Refused where nobody can be ticked any more, or given hours."""
    if event.state not in TICKS:
        raise Refused("活动还没有发布，或者已经取消，不能签到。")
    if event.campaign and event.campaign.is_locked:
        raise Refused("这次行动已经总结锁定，签到和时长不能再改。")


def count_ticks(event):
    """What was counted when it was held is counted again."""
    if event.state == State.HELD:
        counts.count_event(event)


@transaction.atomic
def set_hours(signup, *, actor, hours):
    """Confirm a volunteer's hours. Raises: PermissionDenied; Refused for hours that cannot be."""
    if not can_run(actor, signup.event):
        raise PermissionDenied
    must_take_ticks(signup.event)
    if not signup.arrived_at:
        raise Refused("没有签到的，不能记服务时长。请先在名单里补签到。")
    if not 0 <= hours <= 24:
        raise Refused("一班的服务时长在 0 到 24 小时之间，请核对。")
    with as_clerk():
        Signup.objects.filter(pk=signup.pk).update(hours=hours, hours_by=actor.name)
    count_ticks(signup.event)
    write_down(actor, "确认服务时长", signup.event, signup=signup.pk, hours=str(hours))


# The entry in the log


def who_came(event):
    """How many people took part. Needs: the unit's scope, or the clerk."""
    if event.is_internship:
        return Placement.objects.filter(signup__event=event, days__gt=0).count()
    return Signup.objects.filter(event=event).present().count()


@transaction.atomic
def write_entry(event, *, actor, text="", figures=None, photos=()):
    """The entry in the activity log: place, day and how many came are filled in.

    ``figures``: the kind's own measures that nobody can count. Raises: PermissionDenied; Refused
    before it was held, without an open edition, and where the log refuses. Returns: the entry.
    """
    if not can_run(actor, event):
        raise PermissionDenied
    if event.state != State.HELD:
        raise Refused("请先点“已经举办”，再记入台账。")
    if event.activity_id:
        raise Refused("这场活动已经记入台账了。")
    if event.campaign_id is None:
        raise Refused("这场活动不在行动期间，不用记入台账。")
    kind = event.campaign.kinds.filter(key=event.kind, city=None).first()
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
    )
    attach(activity, event)
    Event.objects.filter(pk=event.pk).update(activity=activity)
    event.activity = activity
    return activity


def attach(activity, event):
    """Photos that were sent for the entry before it was written belong to it."""
    Photo.objects.filter(entry=event.entry, activity=None).update(activity=activity)

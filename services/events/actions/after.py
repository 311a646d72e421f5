"""Once it was held: figures, the entry in the activity log, the paper people take home."""

import datetime as dt
import secrets

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now

from campaigns.actions.log import log_activity
from campaigns.actions.photos import add_photo
from campaigns.models import Photo
from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import as_clerk
from services.events import counts
from services.events.actions import line
from services.events.choices import SignState, State
from services.events.models import Event, Placement, Signup
from services.events.permissions import can_run

SAID_WITHIN = dt.timedelta(hours=12)
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nobody takes one for another


@transaction.atomic
def hold(event, *, actor):
    """It took place: who is not here is absent from now on, and the figures are counted.

    Raises: PermissionDenied; Refused before it begins, and when it was said already.
    """
    if not can_run(actor, event):
        raise PermissionDenied
    moment = now()
    if moment < event.starts_at:
        raise Refused("活动还没有开始。开始以后再点“已经举办”。")
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
    over = Event.objects.filter(state=State.CLOSED, ends_at__lte=moment - SAID_WITHIN)
    held = 0
    for event in over:
        if who_came(event):
            with transaction.atomic():
                held += _held(event, moment)
                write_down(None, "活动已举办", event)
    return held


def _propose_hours(event):
    """A volunteer who was there gets the shift's hours, until somebody says otherwise."""
    here = Signup.objects.filter(event=event, arrived_at__isnull=False, hours=None)
    for signup in here.select_related("group"):
        if signup.group and signup.group.starts_at:
            signup.hours, signup.hours_by = signup.group.hours, "按班次"
            signup.save(update_fields=["hours", "hours_by"])


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


@transaction.atomic
def set_hours(signup, *, actor, hours):
    """Confirm a volunteer's hours. Raises: PermissionDenied; Refused for hours that cannot be."""
    if not can_run(actor, signup.event):
        raise PermissionDenied
    if not signup.arrived_at:
        raise Refused("没有签到的，不能记服务时长。请先在名单里补签到。")
    if not 0 <= hours <= 24:
        raise Refused("一班的服务时长在 0 到 24 小时之间，请核对。")
    with as_clerk():
        Signup.objects.filter(pk=signup.pk).update(hours=hours, hours_by=actor.name)
    counts.count_event(signup.event)
    write_down(actor, "确认服务时长", signup.event, signup=signup.pk, hours=str(hours))


# Certificates


def is_earned(signup):
    """Who was there takes a note home; an internship has to be finished."""
    if signup.state != SignState.IN or signup.event.state != State.HELD:
        return False
    if signup.event.is_internship:
        placement = Placement.objects.filter(signup=signup).first()
        return bool(placement) and placement.finish in ("good", "done")
    return signup.arrived_at is not None and not signup.event.is_matchmaking


@transaction.atomic
def certificate_of(signup):
    """The number on the note of participation; drawn when it is first asked for.

    Needs: the person themselves, or whoever runs the event. Raises: Refused when none was earned.
    """
    if not is_earned(signup):
        raise Refused("活动举办以后，签到的人可以打印证明。")
    if signup.certificate:
        return signup.certificate
    with as_clerk():
        for _ in range(5):
            number = "".join(secrets.choice(LETTERS) for _ in range(12))
            try:
                with transaction.atomic():
                    Signup.objects.filter(pk=signup.pk, certificate=None).update(certificate=number)
                break
            except IntegrityError:
                continue
        signup.refresh_from_db(fields=["certificate"])
    return signup.certificate


def verify(number):
    """What a printed note says, for whoever holds it in their hand; None when there is none."""
    number = "".join(number.upper().split()).replace("-", "")
    if len(number) != 12:
        return None
    with as_clerk():
        found = Signup.objects.select_related("event__organization", "group")
        return found.filter(certificate=number).first()

"""班次: one shift of an event is moved, called off or deleted; the others go on."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils.timezone import localtime, now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.quiet import cannot_wait
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.purposes import MessageType
from qingchun.organizations.walls import acting
from services.events.actions import telling, waiting_list
from services.events.choices import AHEAD, GONE, HOLDS, EventState, SignState
from services.events.models import Event, EventGroup, Signup
from services.events.notices import MOVED, OVERLAPS, SHIFT_OFF
from services.events.permissions import can_run


def of_event(event: Event) -> QuerySet:
    """The shifts that take place."""
    return EventGroup.objects.filter(event=event, starts_at__isnull=False, cancelled_why="")


def can_change(shift: EventGroup, event: Event) -> bool:
    """Whether a page offers it: see ``_held_still``."""
    if not shift.starts_at or shift.cancelled_why:
        return False
    return event.state == EventState.DRAFT or (event.state in AHEAD and shift.starts_at > now())


def _held_still(shift: EventGroup, actor: User) -> Event:
    """The event while nobody joins or leaves, the shift as it is. Needs: to run the event.

    Raises: PermissionDenied; Refused when the event or the shift is past changing.
    """
    event = waiting_list.locked_event(shift.event_id)
    only_if(can_run(actor, event))
    shift.refresh_from_db()
    if event.state not in (EventState.DRAFT, *AHEAD):
        raise Refused("活动已经举办或取消，班次不能再改。")
    if shift.cancelled_why:
        raise Refused("这一班已经取消了，请刷新页面。")
    if not shift.starts_at:
        raise Refused("这不是班次，请在“修改”里改名额。")
    if event.state != EventState.DRAFT and shift.starts_at <= now():
        raise Refused("这一班已经开始，不能再改。来了哪些人，请在名单里记。")
    return event


def _must_leave_one(event: Event, shift: EventGroup) -> None:
    if not of_event(event).exclude(pk=shift.pk).exists():
        raise Refused("这是最后一个班次，不办的请取消整场活动。")


def _follow(event: Event, shift_starts: dt.datetime) -> None:
    """The event is as long as its shifts; sign-up ends as long before the last one begins as it
    did. ``shift_starts``: when the last one began before. Needs: to run the event.
    """
    found = of_event(event).aggregate(Min("starts_at"), Max("ends_at"), last=Max("starts_at"))
    closes = event.closes_at
    if closes >= shift_starts:
        closes += found["last"] - shift_starts
    closes = min(closes, found["ends_at__max"])
    if closes <= event.opens_at:
        opens = localtime(event.opens_at)
        raise Refused(f"报名 {opens:%-m月%-d日 %H:%M} 才开始，班次要在这以后结束。")
    Event.objects.filter(pk=event.pk).update(
        starts_at=found["starts_at__min"], ends_at=found["ends_at__max"], closes_at=closes,
        version=F("version") + 1, changed_at=now(),
    )  # fmt: skip
    event.refresh_from_db()


def _last_start(event: Event) -> dt.datetime:
    return of_event(event).aggregate(last=Max("starts_at"))["last"]


def _tell(
    purpose: MessageType, event: Event, shift: EventGroup, users: Iterable[int], **more: Any
) -> int:
    if event.state == EventState.DRAFT:
        return 0
    return telling.tell_all(purpose, event, users, offset=str(event.version), group=shift, **more)


def _standing(shift: EventGroup) -> list[int]:
    found = Signup.objects.filter(group=shift).standing()
    return list(found.values_list("user_id", flat=True))


CLASHES = (
    "报了这一班的人里，有 {} 位在新的时间还报了别的班次，去不了两处。"
    "请换一个时间；仍要改的，勾选“仍然改”，他们会收到提醒，自己取消一班。"
)


def _clashes(
    shift: EventGroup, starts_at: dt.datetime, ends_at: dt.datetime
) -> list[tuple[Signup, Signup]]:
    """(sign-up of the shift, another one of the same person at that time). Needs: to run the event."""
    own = {signup.user_id: signup for signup in Signup.objects.filter(group=shift).standing()}
    others = Signup.objects.filter(user__in=own, event__state__in=AHEAD).standing()
    others = others.exclude(group=shift)
    others = others.filter(group__starts_at__lt=ends_at, group__ends_at__gt=starts_at)
    return [(own[other.user_id], other) for other in others.select_related("event", "group")]


@transaction.atomic
def move(
    shift: EventGroup,
    *,
    actor: User,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    anyway: bool = False,
) -> int:
    """Another time for one shift. Returns: how many people were told.

    Who is in another shift at that time hears that they have to choose. Raises: PermissionDenied;
    Refused for a time that is past, a shift that has begun, and for those unless ``anyway``.
    """
    with acting("run an event"):
        event = _held_still(shift, actor)
        if starts_at <= now():
            raise Refused("新的时间已经过了，请改晚一些。")
        twin = of_event(event).filter(name=shift.name, host=shift.host, starts_at=starts_at)
        if twin.exclude(pk=shift.pk).exists():
            raise Refused("这个服务点同一时间已经有一班，请换一个时间。")
        clashes = _clashes(shift, starts_at, ends_at)
        if clashes and not anyway:
            raise Refused(CLASHES.format(len({own.user_id for own, _ in clashes})))
        last, was = _last_start(event), telling.said_of(event, shift)
        is_urgent = cannot_wait(min(shift.starts_at, starts_at), now())
        shift.starts_at, shift.ends_at = starts_at, ends_at
        shift.save(update_fields=["starts_at", "ends_at"])
        _follow(event, last)
        waiting_list.promote(event, now())
        waiting_list.say_anew(event, shift, was=was)
        told = _tell(MOVED, event, shift, _standing(shift), is_urgent=is_urgent)
        for own, other in clashes:
            telling.tell_signup(
                OVERLAPS, event, own, offset=f"{event.version} {other.pk}", is_urgent=is_urgent,
                other=telling.said_of(other.event, other.group),
            )  # fmt: skip
    record_event(actor, "班次改时间", event, shift=shift.pk)
    return told


@transaction.atomic
def call_off(shift: EventGroup, *, actor: User, why: str) -> int:
    """This shift does not take place; whoever was in it is told and may take another one.

    Returns: how many people were told. Raises: PermissionDenied; Refused without a reason, for the
    last shift, or one that has begun.
    """
    if not why:
        raise Refused("请写明为什么取消，报了这一班的人会收到。")
    with acting("run an event"):
        event = _held_still(shift, actor)
        _must_leave_one(event, shift)
        users, last = _standing(shift), _last_start(event)
        telling.hush(event, shift=shift)
        _give_places_back(event, shift, why)
        _follow(event, last)
        waiting_list.promote(event, now())
        is_urgent = cannot_wait(shift.starts_at, now())
        told = _tell(SHIFT_OFF, event, shift, users, is_urgent=is_urgent, why=why)
    record_event(actor, "取消班次", event, shift=shift.pk)
    return told


def _give_places_back(event: Event, shift: EventGroup, why: str) -> None:
    """Nobody is in the shift, and nobody can be. Needs: to run the event, the lock."""
    signups = Signup.objects.filter(group=shift).standing()
    held = signups.filter(state__in=HOLDS).count()
    signups.update(
        state=SignState.CANCELLED, why=f"这一班取消了：{why}"[:200], offered_until=None,
        arrived_at=None, arrived_by=None,
    )  # fmt: skip
    EventGroup.objects.filter(pk=shift.pk).update(capacity=0, taken=0, cancelled_why=why)
    if event.capacity is not None:
        Event.objects.filter(pk=event.pk).update(taken=F("taken") - held)


@transaction.atomic
def drop(shift: EventGroup, *, actor: User) -> None:
    """A shift nobody is in is no more. Raises: PermissionDenied; Refused when somebody is."""
    with acting("run an event"):
        event = _held_still(shift, actor)
        _must_leave_one(event, shift)
        if is_used(shift):
            raise Refused(f"“{shift.name_and_time}”已经有人报名，不能删去。不办的请取消这一班。")
        pk, last = shift.pk, _last_start(event)
        shift.delete()
        _follow(event, last)
    record_event(actor, "删去班次", event, shift=pk)


def is_used(group: EventGroup) -> bool:
    """Whether somebody stands in a group, or was decided on. Needs: to run the event."""
    return Signup.objects.filter(group=group).exclude(state__in=GONE).exists() or (
        group.wishes.exists()
    )

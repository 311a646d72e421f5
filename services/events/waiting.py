"""Events and shifts of today and tomorrow, for 今天; who waits to be let in, and what was held and
is not in the log yet."""

import datetime as dt

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import get_current_timezone, localtime

from qingchun.accounts.waiting import MOST, Tap, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from services.events.choices import AHEAD, OPEN_AGAIN_WITHIN, EventState, SignState
from services.events.kinds import KINDS
from services.events.models import Event, EventGroup, Signup
from services.events.permissions import can_make

SHIFT = "shift"
# The day before, what is printed for it.
AT_THE_DOOR = (("events:sign_in_sheet", "签到表"), ("events:door", "签到"))
WITH_SHIFTS = [kind.key for kind in KINDS.values() if kind.has_shifts]


def _midnight(day):
    return dt.datetime.combine(day, dt.time(), tzinfo=get_current_timezone())


def events(user, day):
    """The unit's own, and their volunteers' shifts."""
    if not can_make(user):
        return
    begin, end = _midnight(day), _midnight(day + dt.timedelta(2))
    since = begin - OPEN_AGAIN_WITHIN
    rows = then(prepared(Event.objects).own(user), _near, None, user.scope, begin, end, since)

    def made(row):
        if row[1] == SHIFT:
            return _shift(row, day)
        if row[1] == EventState.HELD:
            return _held(row, day)
        return _ahead(row, day) if row[4] < end else _to_let_in(row, day)

    yield queue("活动和班次", address_of("events:desk"), rows, made)


def _near(found, _, code, begin, end, since):
    applied = Signup.objects.filter(event=OuterRef("pk"), state=SignState.APPLIED).order_by()
    count = applied.values("event").annotate(n=Count("pk")).values("n")
    # Of an event with shifts, the shifts say when somebody has to be there.
    near = Q(state__in=AHEAD, starts_at__lt=end, ends_at__gte=begin) & ~Q(kind__in=WITH_SHIFTS)
    held = Q(state=EventState.HELD, activity=None, held_at__gte=since)
    # The event counts its own places alone where it has a limit of its own: its groups always do.
    own = (
        found.with_places()
        .annotate(applied=Subquery(count, output_field=IntegerField()))
        .filter(near | held | Q(state__in=AHEAD, needs_approval=True, applied__gt=0))
    )
    shifts = EventGroup.objects.filter(
        event__organization=code, event__state__in=AHEAD, cancelled_why="",
        starts_at__gte=begin, starts_at__lt=end,
    )  # fmt: skip
    return own.order_by("starts_at", "pk").values_list(
        "pk", "state", "title", "place", "starts_at", Coalesce("gone", 0), "applied"
    )[:MOST].union(
        shifts.order_by("starts_at", "pk").values_list(
            "pk", Value(SHIFT), "event__title", "name", "starts_at", "taken", "capacity"
        )[:MOST],
        all=True,
    ).order_by("starts_at")[:MOST]  # fmt: skip


def _shift(row, day):
    pk, _, title, name, starts_at, taken, places = row
    begins = localtime(starts_at)
    return Waiting(
        icon="clock",
        tone="i-green",
        what=f"{title}，{name}",
        who=f"已报 {taken} 人，共 {places} 个名额",
        when=begins.date(),
        until=_hour(begins, begins.date(), day),
        url=address_of("events:shift", pk),
        do="看班次",
    )


def _held(row, day):
    pk, _, title, place, *_ = row
    return Waiting(
        icon="ticket",
        tone="i-green",
        what=f"“{title}”已举办，还没有记入台账",
        who=place,
        when=day,
        until="人数已经数好",
        url=address_of("events:write_entry", pk),
        do="记入台账",
    )


def _to_let_in(row, day):
    pk, _, title, place, starts_at, taken, applied = row
    return Waiting(
        icon="user-check",
        tone="i-green",
        what=f"{title}：{applied} 人等审核",
        who=f"{place} · 已报 {taken} 人",
        when=day,
        until="{0.month}月{0.day}日开始".format(localtime(starts_at)),
        url=address_of("events:people", pk),
        do="审核",
    )


def _ahead(row, day):
    pk, _, title, place, starts_at, taken, applied = row
    begins = localtime(starts_at)
    when = max(begins.date(), day)
    said = [place, f"已报 {taken} 人", f"{applied} 人等审核" if applied else ""]
    return Waiting(
        icon="ticket",
        tone="i-green",
        what=title,
        who=" · ".join(filter(None, said)),
        when=when,
        until=_hour(begins, when, day),
        url=address_of("events:people", pk),
        do="名单",
        taps=[
            Tap(url=address_of(route, pk), label=label, is_link=True)
            for route, label in (AT_THE_DOOR if when == day else AT_THE_DOOR[:1])
        ],
    )


def _hour(begins, when, day):
    if begins.date() < when:
        return "正在举办"
    return f"{'今天' if when == day else '明天'} {begins:%H:%M}"

"""By chance, over nights and days: whatever becomes of an event and its shifts, what goes out of it
is true when it goes."""

import datetime as dt
import uuid
from contextlib import contextmanager, suppress

import pytest
from django.db import transaction
from django.utils.timezone import localtime, now
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qingchun.ground.quiet import SOON, after_quiet_hours, evening_before, is_quiet
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from services.events.actions import after, certificates, coming, door, events, shifts, telling
from services.events.choices import HOLDS, LAST_ASKED, SHORTEST_OFFER
from services.events.exports import as_ics
from services.events.models import Event, EventGroup, Signup
from talent.youth.actions.people import correct
from talent.youth.models import Youth
from tests.campaigns import ics
from tests.endings import AWAKE, handed
from tests.events import scene
from tests.events.scene import again
from tests.events.test_line import _facts
from tests.looking import looking

who, which = st.integers(0, 2), st.integers(0, 1)
step = st.one_of(
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("join"), who, which),
    st.tuples(st.just("join"), who, which),
    st.tuples(st.just("leave"), who, which),
    st.tuples(st.just("accept"), who, which),
    st.tuples(st.just("approve"), who, which),
    st.tuples(st.just("decline"), who, which),
    st.tuples(st.just("place"), st.sampled_from(["区文化馆", "区青年宫"])),
    st.tuples(st.just("room"), st.integers(1, 3)),
    st.tuples(st.just("move"), which, st.integers(-20, 40)),
    st.tuples(st.just("scan"), who, which),
    st.tuples(st.just("copy")),
    st.tuples(st.just("hold")),
    st.tuples(st.just("tick"), who, which),
    st.tuples(st.just("rename"), who),
    st.tuples(st.just("paper"), who, which),
    st.tuples(st.just("call_off_shift"), which),
    st.tuples(st.just("call_off")),
)


class Nights:
    """An event of one place, or of two shifts of one place each, and three who want it."""

    def __init__(self, zhang, guests, clock, *, has_shifts, needs_approval):
        self.zhang, self.guests, self.clock = zhang, guests, clock
        begins = now() + dt.timedelta(days=2)
        rows = [
            scene.row(f"{n}号站", 1, starts_at=begins + dt.timedelta(hours=6 * n),
                      ends_at=begins + dt.timedelta(hours=6 * n + 4))
            for n in range(2)
        ] if has_shifts else [scene.row(capacity=1)]  # fmt: skip
        self.event = scene.opened(
            zhang, rows, "warmth" if has_shifts else "homecoming", needs_approval=needs_approval,
            starts_at=begins, ends_at=begins + dt.timedelta(hours=10),
            closes_at=begins + dt.timedelta(hours=4),
        )  # fmt: skip
        self.groups = list(EventGroup.objects.filter(event=self.event).order_by("pk"))
        self.names = [user.name for user in guests]
        self.files = {}  # what was put into a calendar, by its name
        self.offered = {}  # (sign-up, until when) -> from when it could be read

    def do(self, name, *what):
        if name == "hours":
            for _ in range(*what):
                self.clock.shift(dt.timedelta(hours=1))
                if localtime(now()).hour in AWAKE:
                    self.minute()
            return
        # No in words, or nothing there to do it with: the walk goes on, and nothing was written.
        with suppress(Refused, Signup.DoesNotExist), transaction.atomic():
            getattr(self, name)(*what)

    def group(self, number):
        return EventGroup.objects.get(pk=self.groups[number % len(self.groups)].pk)

    def own(self, number, of_group):
        """One's sign-up, for whichever shift."""
        found = Signup.objects.filter(event=self.event, user=self.guests[number])
        return again(found.get(group=self.groups[of_group % len(self.groups)]))

    def join(self, number, of_group):
        with self.nobody_overtakes(number, of_group):
            scene.joined(self.guests[number], self.event, self.group(of_group))

    @contextmanager
    def nobody_overtakes(self, number, of_group):
        """Who comes to a line stands in it, at whatever hour."""
        group = self.groups[of_group % len(self.groups)]
        others = Signup.objects.filter(group=group).exclude(user=self.guests[number])
        is_line = others.filter(state="waiting").exists()
        held = self.holds(number, group)
        yield
        assert held or not (is_line and self.holds(number, group)), "overtook the line"

    def holds(self, number, group):
        found = Signup.objects.filter(group=group, user=self.guests[number], state__in=HOLDS)
        return found.exists()

    def _person(self, act, number, of_group):
        signup = self.own(number, of_group)
        with rls_context(person=signup.user_id):
            act(signup, user=signup.user)

    def leave(self, *what):
        self._person(coming.leave, *what)

    def accept(self, *what):
        self._person(coming.accept, *what)

    def _desk(self, act, *values, **named):
        with rls_context(scope=self.zhang.scope, person=self.zhang.pk):
            act(*values, actor=self.zhang, **named)

    def approve(self, *what):
        with self.nobody_overtakes(*what):
            self._desk(coming.approve, self.own(*what))

    def decline(self, *what):
        self._desk(coming.decline, self.own(*what), why="不合适")

    def _edit(self, capacity=1, **changed):
        event = scene.fresh(self.event)
        rows = [{"pk": g.pk, "capacity": capacity} for g in self.groups if not self._is_off(g)]
        facts = _facts(event, **changed)
        self._desk(events.edit, event, version=event.version, facts=facts, groups=rows)

    def _is_off(self, group):
        return EventGroup.objects.get(pk=group.pk).cancelled_why

    def place(self, name):
        self._edit(place=name)

    def room(self, places):
        self._edit(capacity=places)

    def move(self, number, hours):
        group, by = self.group(number), dt.timedelta(hours=hours)
        if group.starts_at:
            times = {"starts_at": group.starts_at + by, "ends_at": group.ends_at + by}
            self._desk(shifts.move, group, anyway=True, **times)
        else:
            event = scene.fresh(self.event)
            names = ("starts_at", "ends_at", "closes_at")
            self._edit(**{name: getattr(event, name) + by for name in names})

    def scan(self, number, of_group):
        """A code opens the door of its own shift, shortly before and while it goes on."""
        signup = self.own(number, of_group)
        self._desk(door.arrive, signup, scan=uuid.uuid4())
        begins, ends = signup.span
        is_shift = signup.group.starts_at is not None
        assert begins - (door.SHIFT_OPENS_BEFORE if is_shift else door.OPENS_BEFORE) <= now()
        assert now() <= ends or not is_shift

    def copy(self):
        """The same again is still ahead, however old this one is; it is not kept."""
        with rls_context(scope=self.zhang.scope, person=self.zhang.pk):
            (made,) = events.copy(scene.fresh(self.event), actor=self.zhang, days=1)
        assert now() < min(made.starts_at, made.closes_at)
        transaction.set_rollback(True)

    def hold(self):
        """Nobody who is still to come is absent already, and a way back stays open."""
        self._desk(after.hold, scene.fresh(self.event))
        ahead = EventGroup.objects.filter(event=self.event, starts_at__gt=now(), cancelled_why="")
        assert not ahead.exists(), "held with a shift ahead"
        assert after.why_it_stays_held(scene.fresh(self.event), now()) == ""

    def tick(self, number, of_group):
        """Who has a place is ticked while and after it is held: the list is what one is sent to."""
        signup, said = self.own(number, of_group), None
        may = signup.event.state == "held" and signup.state == "in"
        with suppress(Refused):
            self._desk(door.arrive, signup)
            said = "ticked"
        assert said or not may, "held, and nobody can be ticked"

    def rename(self, number):
        self.names[number] = f"宾客{len(self.names[number])}号"
        with looking():
            correct(self.guests[number].youth, name=self.names[number])

    def paper(self, number, of_group):
        """A note of participation has the name that its person goes by."""
        signup = self.own(number, of_group)
        with rls_context(person=signup.user_id):
            certificates.certificate_of(signup)
        assert signup.name == Youth.objects.get(user=self.guests[number]).name

    def call_off_shift(self, number):
        self._desk(shifts.call_off, self.group(number), why="停运")

    def call_off(self):
        self._desk(events.call_off, scene.fresh(self.event), why="大雪")

    def minute(self):
        """What the worker does each minute, and what goes out then."""
        with looking():
            events.close_what_is_over(now())
            events.remind(now())
            for message in handed():
                self.judge(message)
            self.offers()

    def offers(self):
        """Nobody's time to answer ends in the night, nor before there was an hour to read of it."""
        for signup in Signup.objects.filter(event=self.event, state="offered"):
            ends = signup.offered_until
            assert not is_quiet(ends), ends
            if (signup.pk, ends) not in self.offered:
                first = self.offered[signup.pk, ends] = after_quiet_hours(now())
                hours = dt.timedelta(hours=signup.event.accept_hours)
                last = evening_before(signup.span[0] - LAST_ASKED)
                assert ends >= min(first + hours, last), ends
            assert ends >= self.offered[signup.pk, ends] + SHORTEST_OFFER, ends

    def judge(self, message):
        said, purpose = message.text, message.purpose
        event = Event.objects.get(pk=self.event.pk)
        if event.state == "cancelled":
            assert purpose == "event_called_off", said
            own = Signup.objects.filter(event=event, user=message.recipient_id).standing()
            self.in_time(message, *(signup.span[0] for signup in own.select_related("group")))
            return
        model, pk = message.lines[0]["about"].split(":")
        own = Signup.objects.filter(event=event, user=message.recipient_id).select_related("group")
        if model == "events.signup":
            self._judge_own(own.get(pk=pk), event, purpose, said)
        elif purpose == "event_shift_off":
            group = EventGroup.objects.get(pk=pk)
            assert group.cancelled_why, said
            self.in_time(message, group.starts_at)
        else:
            own = own.filter(group=pk) if model == "events.eventgroup" else own
            states = HOLDS if purpose == "event_reminder" else ("applied", "waiting", *HOLDS)
            standing = [s for s in own if s.state in states]
            assert standing, said
            place = "" if model == "events.eventgroup" else event.place
            assert any(self._hour(s, event, place, said) for s in standing), said

    def in_time(self, message, *begins):
        """What was called off before its hour is not read on the way there: at once, where it
        begins within twelve hours of the morning."""
        for hour in begins:
            waited = now() - message.due_at >= dt.timedelta(hours=1)
            is_soon = message.due_at < hour < now() + SOON
            assert not (waited and is_soon), message.text

    def _hour(self, signup, event, place, said):
        words = telling.spoken(event, signup.group)
        return words["time"].split()[1] in said and (place or words["place"]) in said

    def _judge_own(self, signup, event, purpose, said):
        words = telling.spoken(event, signup.group)
        states = {
            "event_offered": ("offered",), "event_moved_up": ("in",), "event_approved": ("in",),
            "event_approved_waiting": ("waiting", "offered"), "event_declined": ("declined",),
            "event_lapsed": ("lapsed",), "event_overlaps": ("in", "offered", "waiting", "applied"),
        }  # fmt: skip
        assert signup.state in states[purpose], said
        if purpose not in ("event_declined", "event_lapsed"):
            assert all(words[name] in said for name in ("time", "place")), said
        if purpose == "event_offered":
            assert f"{localtime(signup.offered_until):%-m月%-d日 %H:%M}" in said, said
        if purpose == "event_overlaps":
            mine = Signup.objects.filter(user=signup.user_id).standing().exclude(pk=signup.pk)
            begins, ends = signup.span
            assert mine.filter(group__starts_at__lt=ends, group__ends_at__gt=begins).exists(), said

    def calendar(self, body, span, is_off):
        """A telephone that took the file before takes this one for the same thing, and for the later
        word on it where it says something else."""
        _, (entry,) = ics.read(body)
        assert entry["STATUS"] == ("CANCELLED" if is_off else "CONFIRMED")
        if span[1] - span[0] > dt.timedelta(1):  # whole days, the last one counted
            span = localtime(span[0]).date(), localtime(span[1]).date() + dt.timedelta(1)
        assert tuple(ics.moment(entry[name]) for name in ("DTSTART", "DTEND")) == span
        assert bool(entry["ALARMS"]) != is_off
        was = self.files.setdefault(entry["UID"], entry)
        said = ("DTSTART", "DTEND", "STATUS", "LOCATION")
        if [was[name] for name in said] != [entry[name] for name in said]:
            assert int(entry["SEQUENCE"]) > int(was["SEQUENCE"]), (was, entry)
            assert entry["DTSTAMP"] >= was["DTSTAMP"]
        self.files[entry["UID"]] = entry

    def check(self):
        """Counters equal the rows; nobody waits while a place is free."""
        with looking():
            event = Event.objects.get(pk=self.event.pk)
            for signup in Signup.objects.filter(event=event).select_related("event", "group"):
                is_off = event.state == "cancelled" or not signup.is_standing
                self.calendar(as_ics(event, link="/", signup=signup), signup.span, is_off)
            span = event.starts_at, event.ends_at
            self.calendar(as_ics(event, link="/"), span, event.state == "cancelled")
            for group in EventGroup.objects.filter(event=event):
                there = Signup.objects.filter(group=group)
                assert group.taken == there.filter(state__in=HOLDS).count() <= group.capacity
                waits = there.filter(state="waiting").exists() and now() < group.begins_at(event)
                asks = event.state not in ("cancelled", "held")
                assert not (asks and waits and group.taken < group.capacity)
                assert not (group.cancelled_why and there.standing().exists())


ALL = [("join", n, 0) for n in range(3)]
TWO = [("approve", n, 0) for n in range(2)]
NIGHT = ("hours", 14)  # from nine in the morning
EVE = ("hours", 24), NIGHT  # eleven at night, ten hours before it begins


@pytest.mark.parametrize("needs_approval", [False, True])
@pytest.mark.parametrize("has_shifts", [False, True])
@settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(step, max_size=14))
@example(steps=[*ALL, NIGHT, ("leave", 0, 0), ("move", 0, 5), ("accept", 1, 0), ("hours", 30)])
@example(steps=[*ALL, ("join", 0, 1), NIGHT, ("move", 1, -5), ("leave", 0, 1), ("hours", 30)])
@example(steps=[*ALL, NIGHT, ("leave", 0, 0), ("place", "区青年宫"), ("call_off",), ("hours", 30)])
@example(steps=[*ALL, ("hours", 30), NIGHT, ("call_off_shift", 0), ("hours", 30)])
@example(steps=[*ALL, *EVE, ("call_off",), ("hours", 12)])
@example(steps=[*ALL, *EVE, ("hours", 9), ("leave", 0, 0), ("join", 0, 0), ("hours", 3)])
@example(steps=[*ALL, *TWO, *EVE, ("hours", 9), ("leave", 0, 0), ("approve", 2, 0), ("hours", 3)])
@example(steps=[*ALL, *TWO, *EVE, ("hours", 11), ("room", 2), ("approve", 2, 0)])
@example(
    steps=[*ALL, ("join", 0, 1), ("scan", 0, 1), *EVE, ("hours", 8), ("scan", 0, 0), ("scan", 0, 1)]
)
@example(steps=[*ALL, *EVE, ("hours", 30), ("hours", 30), ("copy",), ("call_off",), ("copy",)])
@example(steps=[*ALL[:2], *EVE, ("hours", 11), ("room", 2), ("join", 2, 0)])
@example(steps=[*ALL, ("join", 1, 1), *EVE, ("hours", 11), ("tick", 0, 0), ("hold",)])
@example(
    steps=[
        *ALL[:1],
        *TWO[:1],
        *EVE,
        ("hours", 24),
        ("hold",),
        ("tick", 0, 0),
        ("paper", 0, 0),
        ("rename", 0),
        ("paper", 0, 0),
    ]
)
def test_whatever_becomes_of_an_event_what_goes_out_is_true(
    steps, campaign, zhang, guests, winter, has_shifts, needs_approval
):
    with transaction.atomic():
        winter.move_to("2019-01-08 09:00+08:00")
        kind = {"has_shifts": has_shifts, "needs_approval": needs_approval}
        world = Nights(zhang, guests, winter, **kind)
        for one in steps:
            world.do(*one)
            world.minute()
            world.check()
        transaction.set_rollback(True)

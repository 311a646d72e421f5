"""The line by chance: whatever is done in whatever order, places are right and nobody is passed by."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, door, events
from services.events.actions.roads import SIGNUPS
from services.events.choices import AHEAD, GONE, HOLDS, SignState
from services.events.models import Event, EventGroup, Signup
from tests.events import scene
from tests.events.scene import again
from tests.events.test_line import _facts

who, group = st.integers(0, 4), st.integers(0, 1)
step = st.one_of(
    st.tuples(st.just("join"), who, group),
    st.tuples(st.just("join"), who, group),
    st.tuples(st.just("leave"), who),
    st.tuples(st.just("accept"), who),
    st.tuples(st.just("approve"), who),
    st.tuples(st.just("decline"), who),
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("capacity"), st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)),
    st.tuples(st.just("here"), who),
    st.tuples(st.just("let_in"), who),
    st.tuples(st.just("close")),
    st.tuples(st.just("reopen")),
)
FULL = [("join", n, 0) for n in range(5)]
# What the steps do, the line by itself, and whoever went and comes again.
MOVES = {move for one in SIGNUPS.steps.values() for move in one.moves}
MOVES |= {(SignState.WAITING, SignState.OFFERED)}
MOVES |= {(gone, to) for gone in GONE for to in list(SignState)[:3]}


class Line:
    """An event of two groups of one place each, and five who want it."""

    def __init__(self, zhang, guests, clock, needs_approval):
        self.zhang, self.guests, self.clock = zhang, guests, clock
        self.event = scene.opened(
            zhang, scene.both(1, 1), needs_approval=needs_approval, closes_at=scene.facts()["ends_at"]
        )  # fmt: skip
        self.groups = list(EventGroup.objects.filter(event=self.event).order_by("pk"))
        self.before = {}

    def signup(self, number):
        found = Signup.objects.filter(event=self.event, user=self.guests[number]).first()
        return again(found) if found else None

    def signups(self, state):
        return Signup.objects.filter(event=self.event, state=state)

    def run(self, what, *values):
        try:
            with transaction.atomic():
                getattr(self, what)(*values)
        except (Refused, PermissionDenied, AttributeError) as error:
            # Nothing to do it to is no fault; any other slip of an attribute is.
            if isinstance(error, AttributeError) and "NoneType" not in str(error):
                raise

    def join(self, number, of_group):
        waiting = self.signups(SignState.WAITING).filter(group=self.groups[of_group]).exists()
        _, said = scene.joined(self.guests[number], self.event, self.groups[of_group])
        assert said != "in" or not waiting, "a newcomer overtook the line"

    def leave(self, number):
        signup = self.signup(number)
        with rls_context(person=signup.user_id):
            coming.leave(signup, user=signup.user, moment=scene.now())

    def accept(self, number):
        signup = self.signup(number)
        with rls_context(person=signup.user_id):
            coming.accept(signup, user=signup.user)

    def _desk(self, do, *values, **named):
        with rls_context(scope=self.zhang.scope, person=self.zhang.pk):
            do(*values, actor=self.zhang, **named)

    def approve(self, number):
        signup = self.signup(number)
        waiting = self.signups(SignState.WAITING).filter(group=signup.group).exists()
        self._desk(coming.approve, signup)
        assert self.signup(number).state != "in" or not waiting, "approved past the line"

    def decline(self, number):
        self._desk(coming.decline, self.signup(number), why="不合适")

    def here(self, number):
        self._desk(door.arrive, self.signup(number))

    def let_in(self, number):
        self._desk(coming.let_in, self.signup(number))

    def close(self):
        self._desk(events.close, scene.fresh(self.event))

    def reopen(self):
        self._desk(events.reopen, scene.fresh(self.event))

    def hours(self, count):
        self.clock.shift(dt.timedelta(hours=count))
        events.close_what_is_over(scene.now())

    def capacity(self, men, women, total):
        rows = [{"pk": g.pk, "capacity": c} for g, c in zip(self.groups, (men, women), strict=True)]
        event = scene.fresh(self.event)
        facts = _facts(event, capacity=total or None)
        self._desk(events.edit, event, version=event.version, facts=facts, groups=rows)

    def check(self):
        event = Event.objects.get(pk=self.event.pk)
        signups = list(Signup.objects.filter(event=event).order_by("turn"))
        holding = [s for s in signups if s.state in HOLDS]
        for one in EventGroup.objects.filter(event=event):
            assert one.taken == sum(s.group_id == one.pk for s in holding) <= one.capacity
        assert event.capacity is None or event.taken == len(holding) <= event.capacity
        for signup in signups:
            old = self.before.get(signup.pk, signup.state)
            if old != signup.state:
                assert (old, signup.state) in MOVES or _by_way_of(old, signup.state)
        self.before = {s.pk: s.state for s in signups}
        waiting = [s for s in signups if s.state == SignState.WAITING]
        asks = event.state in AHEAD and scene.now() < event.starts_at
        if asks and (event.capacity is None or event.taken < event.capacity):
            for one in EventGroup.objects.filter(event=event):
                idle = one.taken < one.capacity and any(s.group_id == one.pk for s in waiting)
                assert not idle, "a place is free while somebody waits for it"


def _by_way_of(old, new):
    """Two moves in one step: let in at the door; an offer that lapses is followed by the next."""
    return any((old, mid) in MOVES and (mid, new) in MOVES for mid in SignState)


@pytest.mark.parametrize("needs_approval", [False, True])
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(step, max_size=25))
@example(steps=[*FULL, ("leave", 0), ("hours", 13), ("accept", 3), ("join", 0, 1), ("leave", 3)])
@example(steps=[*FULL, ("capacity", 3, 1, 2), ("leave", 0), ("leave", 1), ("capacity", 2, 2, 0)])
@example(steps=[*FULL, ("hours", 30), ("hours", 30), ("hours", 13), ("here", 0), ("let_in", 2)])
@example(
    steps=[*FULL[:3], ("hours", 30), ("hours", 30), ("hours", 11), ("leave", 0), ("join", 3, 0)]
)
@example(
    steps=[*FULL[:2], ("hours", 30), ("hours", 30), ("hours", 13), ("leave", 0), ("join", 3, 0)]
)
def test_no_order_of_things_breaks_the_line(steps, campaign, zhang, guests, needs_approval):
    with transaction.atomic(), time_machine.travel(scene.now(), tick=False) as clock:
        party = Line(zhang, guests, clock, needs_approval)
        for one in steps:
            party.run(*one)
            party.check()
        transaction.set_rollback(True)

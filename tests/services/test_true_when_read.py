"""By chance, over nights and days: whatever becomes of a case, what goes out of it is true when it
goes."""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.utils.timezone import localdate, localtime, now
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns import counting
from campaigns.calendar import forward_workdays
from qingchun.notifications import actions
from qingchun.notifications.writing import words_in
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, appointments, slots
from services.proxy.choices import ENDED, OPEN, CaseState
from services.proxy.models import Slot
from tests.conftest import person, with_number
from tests.endings import AWAKE, handed
from tests.looking import looking
from tests.services import scene
from tests.services.test_states import World

STATES = [
    CaseState.ACCEPTED,
    CaseState.AT_OFFICE,
    CaseState.WAITING,
    CaseState.DONE,
    CaseState.IMPOSSIBLE,
]
who = st.sampled_from(["zhang", "he"])
step = st.one_of(
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("take"), who),
    st.tuples(st.just("assign"), who, who),
    st.tuples(st.just("move"), who, st.sampled_from(STATES), st.just(True)),
    st.tuples(st.just("extend"), who, st.integers(1, 5)),
    st.tuples(st.just("tick"), who, st.integers(0, 1), st.just(False)),
    st.tuples(st.just("hour"), who, st.integers(0, 2)),
    st.tuples(st.just("own_hour"), st.just("chen"), st.integers(0, 2)),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("reopen"), st.just("chen")),
    st.tuples(st.just("undo"), who),
    st.tuples(st.just("rate"), st.integers(1, 5)),
)
PROMISED = re.compile(r"(?:预计|延期到) (\d+月\d+日)")
HOUR = re.compile(r"约的时间改到 ([^，。]+)")


class Nights(World):
    """A case by whom it is carried and asked, the hours it may have, and the clock."""

    def __init__(self, case, people, clock):
        super().__init__(case, people, clock)
        self.slots = [None, *Slot.objects.order_by("pk").values_list("pk", flat=True)]

    def _hour(self, user, number):
        appointments.change(self.case, actor=user, slot=self.slots[number])

    def _own_hour(self, user, number):
        appointments.change_own(self.case, user=user, slot=self.slots[number])

    def pass_time(self, hours):
        for _ in range(hours):
            self.clock.shift(dt.timedelta(hours=1))
            if localtime(now()).hour in AWAKE:
                self.minute()

    def minute(self):
        """What the worker does each minute, and what goes out then."""
        actions.decide(now())
        after.erase_photos(now())
        for message in handed():
            self.judge(message)

    def judge(self, message):
        case, said = self.case, words_in(message)
        is_theirs = case.agent_id and case.agent.user_id == message.recipient_id
        day = f"{case.planned_on:%-m月%-d日}"
        if message.purpose in ("proxy_moved", "proxy_moved_number"):
            assert case.get_state_display() in said, said
            assert set(PROMISED.findall(said)) <= {day}, said
            assert set(HOUR.findall(said)) <= {case.slot_id and case.slot.in_words}, said
        elif message.purpose in ("proxy_new", "proxy_given"):
            assert (case.state in OPEN, day in said) == (True, True), said
            assert is_theirs if message.purpose == "proxy_given" else not case.agent_id, said
        elif message.purpose in ("proxy_reopened", "proxy_hour"):
            assert case.state in OPEN, said
            assert is_theirs or not case.agent_id, said
        elif message.purpose in ("proxy_due", "proxy_unheld", "proxy_late"):
            assert self._owes(case), said
            is_late = case.planned_on < localdate()
            says = ("1 件今明两天到期" in said, "1 件已经超期" in said)
            if message.purpose == "proxy_late":
                assert is_late, said
            else:
                assert says == (not is_late, is_late), said

    def _owes(self, case):
        soon = forward_workdays(localdate(), 1)
        return case.state in OPEN and case.state != CaseState.WAITING and case.planned_on <= soon

    def check_counts(self):
        case = self.case
        taken = dict(Slot.objects.values_list("pk", "taken"))
        assert taken == {pk: int(pk == case.slot_id) for pk in taken}
        assert case.state not in ENDED or not case.slot_id or case.slot.starts_at <= now()
        assert counting.differences() == []


@pytest.fixture
def cast(zhang, chen, item):
    he = person("he", "何小店", "140105")
    for number, user in enumerate((zhang, he)):
        with_number(user, f"1380000910{number}")
    with rls_context(scope=zhang.scope, person=zhang.pk):
        slots.open_hours(
            actor=zhang, way="drop", place="政务大厅", first=localdate() + dt.timedelta(3),
            last=localdate() + dt.timedelta(3), hours=((dt.time(9), dt.time(11)), (dt.time(14), dt.time(16))),
            capacity=1, weekends=True,
        )  # fmt: skip
    return {"zhang": zhang, "he": he, "chen": chen}


EVENING = ("hours", 13)  # from nine in the morning


@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(step, max_size=14))
@example(steps=[EVENING, ("take", "zhang"), ("extend", "zhang", 2), ("assign", "zhang", "he"),
                ("hour", "he", 1), ("own_hour", "chen", 2), ("withdraw",), ("hours", 12)])  # fmt: skip
@example(steps=[("take", "zhang"), ("tick", "zhang", 0, False), ("tick", "zhang", 1, False), EVENING,
                ("move", "zhang", CaseState.AT_OFFICE, True), ("move", "zhang", CaseState.DONE, True),
                ("reopen", "chen"), ("hours", 12), ("hours", 30), ("hours", 30), ("hours", 30)])  # fmt: skip
def test_whatever_becomes_of_a_case_what_goes_out_is_true(cast, item, winter, steps):
    with transaction.atomic():
        winter.move_to("2019-01-08 09:00+08:00")
        with looking():
            world = Nights(scene.asked(cast["chen"], item), cast, winter)
            for name, *what in steps:
                if name == "hours":
                    world.pass_time(*what)
                else:
                    world.do(name, *what)
                world.minute()
                world.check_counts()
        transaction.set_rollback(True)

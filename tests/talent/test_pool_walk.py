"""By chance, over days and nights: somebody of the pool is found, asked, agrees, refuses, falls
silent, and whatever becomes of them, nothing stands that should not, and what goes out is true."""

import datetime as dt
from contextlib import suppress

from django.db import transaction
from django.utils.timezone import localdate, localtime, now
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns import counting
from qingchun.ground.quiet import after_quiet_hours
from qingchun.ground.refusals import Refused
from qingchun.notifications import actions
from qingchun.notifications.channels.code.channel import opened
from qingchun.organizations.walls import rls_context
from talent.pool import numbers
from talent.pool.actions import enrolment, leaving, opening, records
from talent.pool.choices import IN_THE_POOL, Stage
from talent.pool.models import DoNotContact, FollowUp, TalentRecord
from talent.youth.actions import consents
from talent.youth.choices import ConsentPurpose
from tests.conftest import person, unit
from tests.endings import AWAKE, handed
from tests.looking import looking
from tests.walls import jpeg

MOVES = [stage for stage in Stage if stage in records.MOVE_TO]
OTHER = "13800007777"
step = st.one_of(
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("days"), st.integers(1, 40)),
    st.tuples(st.just("enter")),
    st.tuples(st.just("ask")),
    st.tuples(st.just("ask")),
    st.tuples(st.just("paper")),
    st.tuples(st.just("agree")),
    st.tuples(st.just("put_right")),
    st.tuples(st.just("refuse")),
    st.tuples(st.just("stage"), st.sampled_from(MOVES)),
    st.tuples(st.just("assign"), st.booleans()),
    st.tuples(st.just("talk"), st.booleans(), st.none() | st.integers(0, 3)),
    st.tuples(st.just("number"), st.booleans()),
    st.tuples(st.just("remove")),
    st.tuples(st.just("join")),
    st.tuples(st.just("leave")),
    st.tuples(st.just("open")),
)


class Life:
    """One who has checked in, and whom 张小店 wrote down by the same number."""

    def __init__(self, cadres, youth, clock):
        self.zhang, self.he, self.wang = cadres
        self.youth, self.clock = youth, clock
        self.could_read = None  # since when an address that was sent can be read
        self.do("enter")

    @property
    def record(self):
        with looking():
            return TalentRecord.objects.select_related("follower", "organization").first()

    def do(self, name, *what):
        # No in words, or nobody there to do it with: the walk goes on, and nothing was written.
        with suppress(Refused), transaction.atomic():
            if name in ("hours", "days", "enter", "join", "leave") or self.record:
                getattr(self, name)(*what)

    # Time

    def hours(self, many):
        for _ in range(many):
            self.clock.shift(dt.timedelta(hours=1))
            if localtime(now()).hour in AWAKE:
                self.minute()

    def days(self, many):
        """From morning to morning; of most days nothing but the night's work matters."""
        for _ in range(many):
            day = localtime(now()).date() + dt.timedelta(1)
            self.clock.move_to(f"{day} 09:00+08:00")
            is_due = self.record and (self.record.next_on or day) <= day
            self.minute() if is_due else self.forget()

    def minute(self):
        """What the worker does, and what goes out then."""
        self.forget()
        actions.decide(now())
        for message in handed():
            self.judge(message)

    def forget(self):
        """Nobody goes before their time, nor stays beyond it."""
        before, today = self.record, localdate()
        leaving.forget_silent(today)
        if self.record:
            assert self.record.is_agreed or self.record.answer_by >= today
        elif before:
            assert not before.is_agreed
            assert before.answer_by < today
            if before.asked_at:
                assert today > self.could_read.date() + records.SILENCE

    # Steps

    def _desk(self, act, *values, **named):
        with rls_context(scope=self.zhang.scope, person=self.zhang.pk):
            return act(*values, actor=self.zhang, **named)

    def enter(self):
        home, phone = unit("140105"), self.youth.phone
        self._desk(records.enter, home=home, heard="phone", name=self.youth.name, phone=phone)
        self.could_read = None

    def ask(self):
        self._desk(enrolment.ask, self.record)
        self.could_read = after_quiet_hours(now())

    def paper(self):
        self._desk(enrolment.agree_on_paper, self.record, paper=jpeg())

    def stage(self, to):
        self._desk(records.MOVE_TO[to], self.record)

    def assign(self, is_he):
        self._desk(records.assign, self.record, follower=self.he.acting if is_he else None)

    def talk(self, reached, days):
        on = None if days is None else localdate() + dt.timedelta(days)
        self._desk(records.follow_up, self.record, means="phone", reached=reached, next_on=on)

    def number(self, is_other):
        record, phone = self.record, OTHER if is_other else self.youth.phone
        self._desk(records.change, record, version=record.version, heard="phone", phone=phone)

    def remove(self):
        self._desk(records.remove, self.record, why="登记错了")

    def _own(self, act, **facts):
        user = self.youth.user
        with rls_context(person=user.pk):
            mine, _ = enrolment.records_of(user)
            for record in mine:
                act(record, user=user, **facts)

    def agree(self):
        self._own(enrolment.agree)

    def put_right(self):
        self._own(enrolment.put_right, doing="养蜂")

    def refuse(self):
        leaving.refuse(self.record)

    def join(self):
        record = self.record
        if record and not record.youth_id and numbers.open_phone(record.phone_sealed) == OTHER:
            return  # with a number of its own it is somebody else's, and they would get another
        with rls_context(person=self.youth.user_id):
            consents.give(self.youth, [ConsentPurpose.POOL])
            enrolment.join(self.youth)

    def leave(self):
        with rls_context(person=self.youth.user_id):
            consents.withdraw(self.youth, ConsentPurpose.POOL)

    def open(self):
        with rls_context(scope=self.wang.scope, person=self.wang.pk):
            opening.open_for(self.record.pk, actor=self.wang, reason="省里要一个典型")

    # What holds

    def judge(self, message):
        record, purpose = self.record, message.purpose
        if not purpose.startswith("pool_"):
            return
        assert record, purpose
        if purpose == "pool_ask":
            held = opened(message.sealed)
            assert (record.is_agreed, record.stage == Stage.RESTS) == (False, False)
            assert held.phone == numbers.open_phone(record.phone_sealed)
            assert held.values["day"] == f"{record.answer_by:%-m月%-d日}"
        elif purpose == "pool_follow_up":
            assert record.next_on == localdate(), message.text
            follower = record.follower
            assert follower is None or follower.user_id == message.recipient_id
        else:
            assert purpose == "pool_opened"
            assert record.is_agreed

    def check(self):
        """States and consent agree, whoever said no is not kept, the figures are those of the rows."""
        with looking():
            records = list(TalentRecord.objects.all())
            assert len(records) <= 1
            for record in records:
                assert record.stage in Stage
                assert record.is_agreed or record.stage not in IN_THE_POOL
                assert record.is_agreed or record.answer_by >= localdate()
                barred = DoNotContact.objects.filter(mark=record.phone_mark)
                assert not barred.filter(organization_id=record.county).exists()
            if not records:
                assert not FollowUp.objects.exclude(text="", by_name="").exists()
            assert counting.differences() == []


NIGHT = ("hours", 14)  # from nine in the morning


@settings(
    max_examples=10, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(step, max_size=14))
@example(steps=[("days", 31), ("days", 30), ("enter",), ("join",), ("leave",), ("enter",)])
@example(steps=[NIGHT, ("ask",), ("days", 30), ("days", 30), ("days", 2)])
@example(steps=[NIGHT, ("ask",), ("refuse",), ("hours", 12), ("enter",)])
@example(steps=[NIGHT, ("ask",), ("agree",), ("open",), ("hours", 12), ("days", 61), ("leave",)])
@example(steps=[NIGHT, ("ask",), ("stage", Stage.RESTS), ("hours", 12), ("paper",), ("remove",)])
@example(steps=[NIGHT, ("ask",), ("number", True), ("hours", 12), ("ask",), ("agree",)])
@example(steps=[("talk", True, 1), ("assign", True), ("days", 1), ("talk", True, 2), ("days", 3)])
def test_whatever_becomes_of_somebody_in_the_pool(steps, campaign, zhang, wang, arrive, winter):
    with transaction.atomic():
        winter.move_to("2019-01-08 09:00+08:00")
        he = person("he", "何小店", "140105")
        world = Life((zhang, he, wang), arrive("乔乡才"), winter)
        for one in steps:
            world.do(*one)
            world.minute()
            world.check()
        transaction.set_rollback(True)

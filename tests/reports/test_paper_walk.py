"""By chance, over days and nights: a plan and a summary are written, sent, returned, approved and
all of it taken back, while their days move. What was sealed never moves, and what goes out is true."""

import datetime as dt
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate, localtime, now
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaigns import counting
from campaigns.actions import editions
from campaigns.models import Extension, Undertaking
from qingchun.ground.refusals import Refused
from qingchun.notifications import actions
from qingchun.organizations.walls import rls_context
from reports.papers import content
from reports.papers.actions import review, writing
from reports.papers.choices import EDITABLE, PaperState
from reports.papers.models import Paper
from reports.papers.reminders import how_long
from tests.conftest import unit
from tests.endings import AWAKE, handed
from tests.looking import looking

CITY, PROVINCE = (
    ("submit", "take_back"),
    ("start_review", "send_back", "recall", "approve", "unapprove"),
)
SAYS = {
    "returned": "returned",
    "recalled": "in_review",
    "approved": "approved",
    "unapproved": "in_review",
}
step = st.one_of(
    st.tuples(st.just("hours"), st.integers(1, 30)),
    st.tuples(st.just("hours"), st.integers(1, 30)),
    *(st.tuples(st.just(name)) for name in (*CITY, "submit", *PROVINCE, "start_review")),
    st.tuples(st.just("write")),
    st.tuples(st.just("log")),
    st.tuples(st.just("deadline_moves"), st.integers(-2, 6)),
    st.tuples(st.just("extend"), st.integers(-2, 8)),
    st.tuples(st.just("lock")),
)  # fmt: skip


class Desk:
    """A paper of Taiyuan between 王太原 and 李省."""

    def __init__(self, paper, people, log, clock):
        self.pk, self.log_one, self.clock = paper.pk, log, clock
        self.wang, self.li, self.zhang = people
        self.kept = {}  # number of a version -> what was sealed with it
        self.first_sent = None

    @property
    def paper(self):
        with looking():
            base = Paper.objects.get(pk=self.pk)
            whole = writing.ROADS[base.purpose].model.objects.select_related("campaign")
            return whole.get(pk=self.pk)

    @property
    def deadline(self):
        return self.paper.campaign.deadlines.get(purpose=self.paper.purpose)

    def do(self, name, *what):
        if name in (*CITY, *PROVINCE):
            name, what = "take", (name,)
        # No in words: the walk goes on, and nothing was written.
        with suppress(Refused), transaction.atomic():
            getattr(self, name)(*what)

    def hours(self, many):
        for _ in range(many):
            self.clock.shift(dt.timedelta(hours=1))
            if localtime(now()).hour in AWAKE:
                self.minute()

    def minute(self):
        """What the worker does each minute, and what goes out then."""
        actions.decide(now())
        for message in handed():
            self.judge(message)

    def as_one(self, user):
        return rls_context(scope=user.scope, person=user.pk)

    def take(self, name):
        who = self.wang if name in CITY else self.li
        more = {"remarks": {"overview": "写具体", "text": "写具体"}} if name == "send_back" else {}
        with self.as_one(who):
            getattr(review, name)(self.paper, actor=who, **more)

    def write(self):
        with self.as_one(self.wang):
            section = self.paper.sections.order_by("pk").last()
            text = section.content | {"text": f"{now():%d日%H时}写的。"}
            was = self.paper.state
            try:
                writing.save_section(
                    self.paper, actor=self.wang, key=section.key, content=text,
                    version=section.version,
                )  # fmt: skip
            except PermissionDenied:
                return
            assert was in EDITABLE

    def log(self):
        self.log_one(self.zhang)

    def deadline_of(self, act, **named):
        with self.as_one(self.li):
            act(self.deadline, actor=self.li, reason="放假", **named)

    def deadline_moves(self, days):
        day = self.deadline.enforced_on + dt.timedelta(days)
        self.deadline_of(editions.decide_deadline, enforced_on=day)

    def extend(self, days):
        day = self.deadline.enforced_on + dt.timedelta(days)
        self.deadline_of(editions.extend, organization=unit("1401"), until_on=day)

    def lock(self):
        act = editions.reopen_edition if self.paper.campaign.is_locked else editions.lock_edition
        with self.as_one(self.li):
            act(self.paper.campaign, actor=self.li)

    # What holds

    def judge(self, message):
        if message.recipient_id != self.wang.pk:
            return
        kind, _, purpose = message.purpose.partition("_")
        if kind in ("plan", "summary"):
            assert self.paper.state == SAYS[purpose], message.text
            if purpose == "returned":
                assert (
                    f"{self.paper.remarks.filter(number=self.paper.number).count()} 处"
                    in message.text
                )
        if message.purpose == "deadline" and self.paper.purpose in ("plan", "summary"):
            self.judge_reminder(message)

    def judge_reminder(self, message):
        for line in message.lines:
            if line["about"] != f"campaigns.deadline:{self.deadline.pk}":
                continue
            more = Extension.objects.filter(deadline=self.deadline, organization="1401").first()
            due = more.until_on if more else self.deadline.enforced_on
            assert self.paper.state == PaperState.DRAFT, line
            assert f"{due:%-m月%-d日}" in line["text"], line
            assert how_long(due, localdate()) in line["text"], line

    def check(self):
        """What was sealed never moves; what follows from a state is there in it, and only in it."""
        paper = self.paper
        versions = list(paper.versions.order_by("number"))
        assert [version.number for version in versions] == list(range(1, paper.number + 1))
        for version in versions:
            seal = paper.seals.filter(number=version.number).first() if self.is_summary else None
            held = (
                version.content, version.sent_at, version.sent_by,
                seal and (seal.figures, bytes(seal.rows), seal.digest, seal.as_of),
            )  # fmt: skip
            assert self.kept.setdefault(version.number, held) == held
        assert paper.first_sent_at == (versions[0].sent_at if versions else None)
        if paper.state == PaperState.RETURNED:
            assert paper.remarks.filter(number=paper.number).exists()
        if not self.is_summary:
            ours = Undertaking.objects.within("1401").filter(campaign=paper.campaign_id)
            rows = content.rows(versions[-1].content) if paper.state == PaperState.APPROVED else {}
            assert ours.count() == sum(map(len, rows.values()))
        with looking():
            assert counting.differences() == []

    @property
    def is_summary(self):
        return self.paper.purpose == "summary"


SENT = [("submit",), ("start_review",)]
NIGHT = ("hours", 14)  # from nine in the morning


@pytest.mark.parametrize("which", ["plan", "summary"])
@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(step, max_size=12))
@example(
    steps=[*SENT, NIGHT, ("send_back",), ("recall",), ("approve",), ("unapprove",), ("hours", 12)]
)
@example(steps=[*SENT, ("send_back",), ("write",), *SENT, ("approve",), ("log",), ("unapprove",)])
@example(steps=[NIGHT, ("extend", 3), ("hours", 30), ("deadline_moves", 4), ("hours", 30), *SENT])
def test_whatever_becomes_of_a_paper(steps, which, request, winter, wang, li, zhang, log):
    winter.move_to("2019-01-08 09:00+08:00")
    paper = request.getfixturevalue(which)  # outside of what each example takes back
    with transaction.atomic():
        world = Desk(paper, (wang, li, zhang), log, winter)
        for one in steps:
            world.do(*one)
            world.minute()
            with looking():
                world.check()
        transaction.set_rollback(True)

"""The model of states, by chance: no calls lead outside the table or lose a paper's holder."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qingchun.ground.refusals import Refused
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from services.proxy.actions import after, mandates, papers, progress
from services.proxy.actions.cases import CASES
from services.proxy.choices import ENDED, HANDINGS, CaseState, Custodian
from services.proxy.models import CaseEvent, Handing, Paper, ServiceRequest
from tests.looking import looking
from tests.services import scene
from tests.services.conftest import again

DESK = ("zhang", "zhao", "sun", "wang")
step = st.one_of(
    st.tuples(st.just("take"), st.sampled_from(DESK)),
    st.tuples(
        st.just("move"), st.sampled_from(DESK), st.sampled_from(list(CaseState)), st.booleans()
    ),
    st.tuples(st.just("tick"), st.sampled_from(DESK), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("receive"), st.sampled_from(DESK), st.sets(st.integers(0, 2))),
    st.tuples(st.just("give_back"), st.sampled_from(DESK), st.sets(st.integers(0, 2))),
    st.tuples(st.just("fetch"), st.sampled_from(DESK)),
    st.tuples(st.just("add"), st.sampled_from(DESK), st.booleans()),
    st.tuples(st.just("assign"), st.sampled_from(DESK), st.sampled_from(DESK)),
    st.tuples(
        st.just("hand_over"), st.sampled_from(DESK), st.sampled_from(["140106", "140105001"])
    ),
    st.tuples(st.just("extend"), st.sampled_from(DESK), st.integers(1, 30)),
    st.tuples(st.just("mandate"), st.sampled_from(DESK)),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("reopen"), st.sampled_from([*DESK, "chen"])),
    st.tuples(st.just("undo"), st.sampled_from(DESK)),
    st.tuples(st.just("rate"), st.integers(1, 5)),
    st.tuples(st.just("days"), st.integers(1, 20)),
)

to_office, onward = [CaseState.AT_OFFICE], [CaseState.ACCEPTED, CaseState.WAITING, CaseState.DONE]
MOVE, REOPEN = ("move", "zhang"), ("reopen", "chen")
AT_OFFICE = (*MOVE, CaseState.AT_OFFICE, True)
several = st.sets(st.integers(0, 2), min_size=1)
alone = st.one_of(
    st.tuples(st.just("receive"), st.just("zhang"), several),
    # To the office and on is where papers change hands: tried more often than by chance.
    *(
        st.tuples(st.just("move"), st.just("zhang"), st.sampled_from(states), st.just(True))
        for states in (to_office, to_office, onward, onward, list(CaseState))
    ),
    st.tuples(st.just("give_back"), st.just("zhang"), several),
    st.tuples(st.just("fetch"), st.just("zhang")),
    st.tuples(st.just("add"), st.just("zhang"), st.booleans()),
    st.tuples(st.just("tick"), st.just("zhang"), st.integers(0, 2), st.just(False)),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("reopen"), st.just("chen")),
    st.tuples(st.just("undo"), st.just("zhang")),
    st.tuples(st.just("rate"), st.integers(1, 5)),
)
MOVES = {move for step in CASES.steps.values() for move in step.moves}


class World:
    """One request and everybody who might do something to it."""

    def __init__(self, case, people, clock):
        self.pk, self.people, self.clock = case.pk, people, clock
        self.papers = [paper.pk for paper in case.papers.all()]

    @property
    def case(self):
        with looking():
            return ServiceRequest.objects.select_related("version", "organization", "item").get(
                pk=self.pk
            )

    def chosen(self, numbers):
        with looking():
            found = list(Paper.objects.filter(request_id=self.pk).order_by("pk"))
        return [paper for number, paper in enumerate(found) if number in numbers]

    def do(self, name, *what):
        """Whatever it is, done as whoever it is; refusals are answers too."""
        if name == "days":
            self.clock.shift(dt.timedelta(days=what[0]))
            return
        who = self.people[what[0]] if what and what[0] in self.people else self.people["chen"]
        asked = {"person": who.pk} | ({"scope": who.scope} if who.acting else {})
        try:
            with transaction.atomic(), rls_context(**asked):
                getattr(self, f"_{name}")(
                    who, *what[1:] if what and what[0] in self.people else what
                )
        except (Refused, PermissionDenied):
            return

    def _take(self, who):
        progress.take(self.case, actor=who)

    def _move(self, who, state, has_text):
        if state not in scene.BRINGS:
            raise Refused("没有这一步。")
        text = {"text": "说明" if has_text else ""}
        if state == CaseState.WAITING and not has_text:
            text["wrong"] = {self.papers[0]: "missing"}
        scene.BRINGS[state](self.case, actor=who, **text)

    def _tick(self, who, number, waives):
        what = {"papers": self.chosen({number})}
        if waives:
            papers.waive(self.case, actor=who, why="窗口同意", **what)
        else:
            papers.tick(self.case, actor=who, **what)

    def _receive(self, who, numbers):
        papers.receive(self.case, actor=who, papers=self.chosen(numbers))

    def _give_back(self, who, numbers):
        papers.give_back(self.case, actor=who, papers=self.chosen(numbers))

    def _fetch(self, who):
        papers.fetch_back(self.case, actor=who)

    def _add(self, who, is_from_office):
        papers.add_paper(
            self.case, actor=who, name="新证", form="original", is_from_office=is_from_office
        )

    def _assign(self, who, whom):
        progress.assign(self.case, actor=who, agent=self.people[whom].acting)

    def _hand_over(self, who, code):
        unit = Organization.objects.get(pk=code)
        progress.hand_over(self.case, actor=who, unit=unit, text="户口在那里")

    def _extend(self, who, days):
        progress.extend(self.case, actor=who, days=days, text="窗口盘点")

    def _mandate(self, who):
        until = dt.date.today() + dt.timedelta(90)
        mandates.renew_at_the_door(self.case, until_on=until, actor=who)

    def _withdraw(self, who):
        after.withdraw(self.case, user=who)

    def _reopen(self, who):
        if who.acting:
            after.reopen(self.case, text="没有办好", actor=who)
        else:
            after.ask_again(self.case, text="没有办好", user=who)

    def _undo(self, who):
        after.undo_end(self.case, actor=who)

    def _rate(self, who, satisfaction):
        after.rate(self.case, user=who, satisfaction=satisfaction)

    def check(self, before):
        """What has to hold after every step, whatever it was."""
        case = self.case
        assert before == case.state or (before, case.state) in MOVES
        assert (case.ended_at is not None) == (case.state in ENDED)
        assert (case.stopped_on is not None) == (case.state == CaseState.WAITING)
        assert case.planned_on <= case.latest_on
        assert case.county == case.organization_id[:6]
        if case.state in (CaseState.ACCEPTED, CaseState.AT_OFFICE, CaseState.DONE):
            assert CaseEvent.objects.filter(request=case, state=CaseState.ACCEPTED).exists()
        for paper in Paper.objects.filter(request=case):
            hands = list(
                Handing.objects.filter(paper=paper)
                .order_by("pk")
                .values_list("from_holder", "to_holder")
            )
            # What an office gave begins with it; whatever is on the checklist, with the person.
            is_given = paper.key.startswith("more") and hands[:1] == [("office", "agent")]
            at = Custodian.OFFICE if is_given else Custodian.PERSON
            for came_from, to in hands:
                assert came_from == at
                assert (came_from, to) in HANDINGS
                at = to
            assert paper.holder == at
            assert paper.organization_id == case.organization_id
        at_office = Paper.objects.filter(request=case, holder=Custodian.OFFICE).exists()
        if case.state in (
            CaseState.REGISTERED,
            CaseState.ACCEPTED,
            CaseState.WAITING,
            CaseState.DONE,
        ):
            assert not at_office
        return case.state


@pytest.fixture
def people(zhang, zhao, sun, wang, chen):
    return {"zhang": zhang, "zhao": zhao, "sun": sun, "wang": wang, "chen": chen}


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, max_size=24))
def test_no_sequence_leaves_the_table_or_loses_a_papers_holder(item, people, winter, steps):
    with transaction.atomic():
        winter.move_to("2019-01-08 09:00+08:00")
        world = World(scene.asked(people["chen"], item), people, winter)
        with looking():
            state = CaseState.REGISTERED
            # So that more than the first steps are tried: half of them begin where work does.
            if len(steps) % 2:
                world.do("take", "zhang")
                state = world.check(state)
            for what in steps:
                world.do(*what)
                state = world.check(state)
        transaction.set_rollback(True)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(alone, min_size=4, max_size=16))
@example(
    steps=[
        AT_OFFICE,
        (*MOVE, CaseState.WAITING, True),
        AT_OFFICE,
        (*MOVE, CaseState.DONE, True),
        REOPEN,
        AT_OFFICE,
    ]
)
@example(steps=[AT_OFFICE, ("withdraw",), ("fetch", "zhang"), ("give_back", "zhang", {0, 1})])
@example(
    steps=[AT_OFFICE, (*MOVE, CaseState.IMPOSSIBLE, True), REOPEN, ("give_back", "zhang", {0})]
)
def test_one_agent_at_work_loses_nothing_either(item, people, winter, steps):
    """The agent alone, so that most steps do something: longer ways, to the end and back."""
    with transaction.atomic():
        winter.move_to("2019-01-08 09:00+08:00")
        world = World(scene.asked(people["chen"], item), people, winter)
        with looking():
            world.do("take", "zhang")
            for number in (0, 1):
                world.do("tick", "zhang", number, False)
            world.do("receive", "zhang", {0, 1})
            state = world.case.state
            for what in steps:
                world.do(*what)
                state = world.check(state)
        transaction.set_rollback(True)


def test_the_model_notices_a_holder_that_is_lost(ready, zhang, people, winter, desk_of):
    """Planted fault: a paper moved without a handing is seen."""
    world = World(ready, people, winter)
    world.check(ready.state)
    with looking():
        Paper.objects.filter(request=ready).update(holder=Custodian.AGENT)
        with pytest.raises(AssertionError):
            world.check(again(ready).state)


def test_the_model_notices_a_step_that_is_not_in_the_table(ready, people, winter):
    world = World(ready, people, winter)
    with looking(), pytest.raises(AssertionError):
        world.check(
            CaseState.DONE if (CaseState.DONE, ready.state) not in MOVES else CaseState.WITHDRAWN
        )

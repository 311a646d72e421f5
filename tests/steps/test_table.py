"""Every declared step, in every state of its record and of its whole, by whoever may and may not.

Either it is taken: the state moves, one line of audit, the notice that is declared; or it is
refused in words: nothing is written, nobody is told.
"""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingchun.accounts.management.commands.steps_lock import states
from qingchun.accounts.steps import GONE, open_to
from qingchun.ground.refusals import Refused
from tests.steps.cases import CASES
from tests.steps.trying import (
    EVERYBODY,
    ROADS,
    STEPS,
    attempt,
    ended,
    fresh,
    put,
    put_whole,
    wholes,
)


def test_every_road_has_a_case_and_every_step_somebody_who_may():
    assert set(CASES) == set(ROADS)
    for name, road in ROADS.items():
        assert set(CASES[name].who) == set(road.steps), name


def test_declarations_and_diagrams_are_those_that_were_agreed():
    """steps.lock is read by people: a change of who may do what, and when, is seen as one."""
    call_command("steps_lock", "--check")


def _people(case, key):
    return dict.fromkeys((*case.who[key].split(), *EVERYBODY, *case.among))


@pytest.mark.parametrize(("name", "key"), STEPS)
def test_step_is_taken_by_its_declaration_and_not_otherwise(name, key, cast):
    road, case = ROADS[name], CASES[name]
    made, taken = case.make(cast), 0
    for (state, _), whole in product(states(road), wholes(road)):
        for who in _people(case, key):
            with transaction.atomic():
                put(made, road, state, key)
                if whole:
                    put_whole(made, road, whole)
                case.before.get(key, lambda record: None)(made)
                taken += _tried(road.steps[key], key, made, cast, who, state, whole)
                transaction.set_rollback(True)
    assert taken, f"{key} was never taken: the scene does not allow it"


def _tried(step, key, made, cast, who, state, whole):
    """Returns: whether it was taken, having looked at all that was left."""
    case, road, record, actor = CASES[step.road.name], step.road, fresh(made), cast[who]
    where = f"{key} in {state}/{whole} by {who}"
    named, allowed = who in case.who[key].split(), step.may(actor, record)
    fits = bool(step.ends(state)) and (not step.within or whole in step.within)
    found = attempt(step, key, record, actor)
    if not allowed or (not named and fits):  # the action may ask for more than may does
        assert isinstance(found.refusal, PermissionDenied), f"{where}: {found.refusal!r}"
    elif not fits:
        assert isinstance(found.refusal, Refused), f"{where}: taken"
        assert "办不了" in str(found.refusal) or str(found.refusal) in (
            *step.says.values(),
            *road.elsewhere.values(),
        ), where
    else:
        assert found.refusal is None, f"{where}: {found.refusal}"
        came_to = ended(made, road)
        assert came_to in step.ends(state), where
        assert came_to in (GONE, road.at(record)), where
        named = None if step.own or actor is None else actor.pk
        lines = [line for line in found.lines if line[0] not in case.also.get(key, ())]
        assert lines == [(step.verb, named)], f"{where}: {found.lines}"
        purpose = step.tells.get(came_to)
        own = {purpose.key} if purpose else set()
        assert set(found.told) - set(case.told.get(key, ())) == own, f"{where}: {found.told}"
    return found.refusal is None


def _begins(step, record):
    """Whether the step is declared from where the record stands, and its whole."""
    whole = getattr(record, step.road.whole) if step.road.whole else None
    from_here = any(came_from == step.road.at(record) for came_from, _ in step.moves)
    return from_here and (not step.within or whole.state in step.within)


@pytest.mark.parametrize("name", ROADS)
def test_page_offers_what_is_taken_and_nothing_else(name, cast, django_assert_num_queries):
    """A button that is not offered is refused; one that is is refused in words alone."""
    road, case = ROADS[name], CASES[name]
    made, buttons = case.make(cast), {k: s for k, s in road.steps.items() if s.label}
    people = dict.fromkeys((*EVERYBODY[:4], *case.among))
    for (state, _), whole, who in product(states(road), wholes(road), people):
        with transaction.atomic():
            put(made, road, state)
            if whole:
                put_whole(made, road, whole)
            record = road.model._base_manager.select_related(*filter(None, [road.whole]))
            record = record.get(pk=made.pk)
            with django_assert_num_queries(0):
                offered = {key for key, _ in open_to(road, cast[who], record)}
            for key, step in buttons.items():
                with transaction.atomic():
                    refusal = attempt(step, key, fresh(made), cast[who]).refusal
                    transaction.set_rollback(True)
                where = f"{key} in {state}/{whole} by {who}: {refusal!r}"
                assert (refusal is None) <= (key in offered), where
                assert (key in offered) <= _begins(step, record), where
                assert not (key in offered and isinstance(refusal, PermissionDenied)), where
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", ROADS)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_walk_leaves_the_road(name, cast, data):
    """Whatever is pressed by whomever in whatever order: declared moves, each with its line."""
    road, case = ROADS[name], CASES[name]
    moves = {move for step in road.steps.values() for move in step.moves}
    with transaction.atomic():
        made = case.make(cast)
        for _ in range(data.draw(st.integers(1, 8))):
            key = data.draw(st.sampled_from(list(road.steps)))
            who = data.draw(st.sampled_from([*case.who[key].split(), *EVERYBODY]))
            before = road.at(fresh(made))
            found = attempt(road.steps[key], key, fresh(made), cast[who])
            after = ended(made, road)
            walked = (before, after) in moves and found.lines
            assert (before == after and found.refusal) or walked
            if after == GONE:
                break
        transaction.set_rollback(True)

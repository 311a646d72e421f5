"""Under a rush, on a real database with real processes: no hour overbooked, no case taken twice."""

import pytest

from tests.rushing import Rush

PROCESSES = 4


@pytest.fixture(scope="module")
def rush():
    with Rush("rush", "tests.services.rush").prepared(2000, PROCESSES) as prepared:
        yield prepared


def at_once(rush, *calls):
    started = [rush.start(*call) for call in calls]
    said = [process.communicate(timeout=240)[0] for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return [int(text) for text in said]


def test_two_thousand_at_one_hundred_places_are_exactly_one_hundred(rush):
    won = at_once(rush, *[("book", part, PROCESSES) for part in range(PROCESSES)])
    assert sum(won) == 100
    assert rush.ask("SELECT taken, capacity FROM proxy_slot WHERE capacity = 100") == [(100, 100)]
    assert rush.ask("SELECT count(*) FROM proxy_servicerequest WHERE slot_id IS NOT NULL") == [
        (100,)
    ]


def test_case_that_four_agents_want_at_once_has_one(rush):
    won = at_once(rush, *[("take", agent, 40) for agent in range(PROCESSES)])
    assert sum(won) == 40
    # One line of the log each: whoever was too late wrote nothing.
    lines = (
        "SELECT count(*), count(DISTINCT request_id) FROM proxy_caseevent WHERE title = '已受理'"
    )
    assert rush.ask(lines) == [(40, 40)]
    owned = "SELECT count(*) FROM proxy_servicerequest WHERE agent_id IS NOT NULL"
    assert rush.ask(owned) == [(40,)]

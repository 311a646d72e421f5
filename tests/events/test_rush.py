"""Under a rush, on a real database with real processes: places, the line, and who is killed."""

import signal
import time

import pytest

from tests.rushing import Rush

PROCESSES = 4
PEOPLE = 2000


@pytest.fixture(scope="module")
def rush():
    with Rush("line", "tests.events.rush").prepared(PEOPLE) as prepared:
        yield prepared


def ended(processes):
    said = [process.communicate(timeout=240)[0] for process in processes]
    return [int(text) for text in said if text]


EVENT = "(SELECT id FROM events_event WHERE title = '抢名额')"
STATES = f"SELECT state, count(*) FROM events_signup WHERE event_id = {EVENT} GROUP BY 1 ORDER BY 1"
COUNTERS = f"SELECT taken FROM events_eventgroup WHERE event_id = {EVENT} ORDER BY id"


def test_two_thousand_at_a_hundred_places_whatever_is_killed(rush):
    """A fifth process is killed in the middle, then every connection is cut as when the database
    goes down. Begun anew: what was not finished counts for nothing, what was counts once."""
    parts = [("join", part, PROCESSES + 1) for part in range(PROCESSES + 1)]
    going = [rush.start(*part) for part in parts]
    signed_up = f"SELECT count(*) FROM events_signup WHERE event_id = {EVENT}"
    while rush.ask(signed_up)[0][0] < 60:
        time.sleep(0.02)
    going[-1].send_signal(signal.SIGKILL)
    assert going[-1].wait(20) == -signal.SIGKILL
    while rush.ask(signed_up)[0][0] < 500:
        time.sleep(0.02)
    cut = rush.ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert cut[0][0] >= PROCESSES
    ended(going)
    assert rush.ask(signed_up)[0][0] < PEOPLE
    ended([rush.start(*part) for part in parts])
    assert rush.ask(STATES) == [("in", 100), ("waiting", PEOPLE - 100)]
    assert rush.ask(COUNTERS) == [(50,), (50,)]
    by_group = "SELECT count(*) FROM events_signup WHERE state = 'in' GROUP BY group_id"
    assert rush.ask(by_group) == [(50,), (50,)]
    assert rush.ask("SELECT count(DISTINCT user_id) FROM events_signup") == [(PEOPLE,)]
    # In order of arrival: nobody who waits drew an earlier turn than somebody of the group who is in.
    early = """
        SELECT count(*) FROM events_signup w JOIN events_signup i ON i.group_id = w.group_id
        WHERE w.state = 'waiting' AND i.state = 'in' AND w.turn < i.turn
    """
    assert rush.ask(early) == [(0,)]
    assert rush.ask(f"SELECT state FROM events_event WHERE id = {EVENT}") == [("full",)]


def test_thirty_who_leave_at_once_are_followed_by_the_first_thirty_of_the_line(rush):
    groups = "SELECT group_id, count(*) FROM (SELECT group_id FROM events_signup WHERE state = 'in' ORDER BY turn LIMIT 30) t GROUP BY 1"
    leaving = dict(rush.ask(groups))
    expected = []
    for group, count in leaving.items():
        line = f"SELECT id FROM events_signup WHERE state = 'waiting' AND group_id = {group} ORDER BY turn LIMIT {count}"
        expected += [pk for (pk,) in rush.ask(line)]
    left = ended([rush.start("leave", part, PROCESSES) for part in range(PROCESSES)])
    assert sum(left) == 30
    asked = rush.ask("SELECT id FROM events_signup WHERE state = 'offered' ORDER BY id")
    assert [pk for (pk,) in asked] == sorted(expected)
    assert rush.ask(COUNTERS) == [(50,), (50,)]
    told = "SELECT count(DISTINCT recipient_id), count(DISTINCT key) FROM notifications_message WHERE purpose = 'event_offered' AND channel = 'inapp'"
    assert rush.ask(told) == [(30, 30)]


def test_whoever_leaves_waits_for_those_who_are_just_joining(rush):
    """Else one joins the line unseen, and waits beside a place that is free."""
    assert rush.run("late") == "offered"


def test_nobody_joins_a_shift_while_it_is_called_off_or_deleted(rush):
    """B waited in a shift of no places, for ever; in one that was deleted it was a fault."""
    said = "这一班已经取消了，请选别的班次。"
    assert rush.run("off") == str(([said, said], 0))

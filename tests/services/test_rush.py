"""Under a rush, on a real database with real processes: no hour overbooked, no case taken twice."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DATABASE = f"qingchun_rush_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
PROCESSES = 4


def run(*what, wait=True):
    environment = os.environ | {
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/qingchun?", f"/{DATABASE}?")
    }
    command = [sys.executable, "-m", "tests.services.rush", *map(str, what)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    if not wait:
        return process
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said


@pytest.fixture(scope="module")
def rush():
    """A database of its own, of which the test asks as the portal's own clerk."""
    url = os.environ["DATABASE_URL"]
    with closing(psycopg2.connect(url.replace("/qingchun?", "/postgres?"))) as admin:
        admin.autocommit = True
        admin.cursor().execute(f"CREATE DATABASE {DATABASE} TEMPLATE qingchun")
    run("prepare", 2000, PROCESSES)
    with closing(psycopg2.connect(url.replace("/qingchun?", f"/{DATABASE}?"))) as connection:
        connection.autocommit = False

        def ask(question):
            with connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('qingchun.scope', '14', true),"
                    " set_config('qingchun.clerk', 'on', true)"
                )
                cursor.execute(question)
                return cursor.fetchall()

        yield ask


def at_once(*calls):
    started = [run(*call, wait=False) for call in calls]
    said = [process.communicate(timeout=240)[0] for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return [int(text) for text in said]


def test_two_thousand_at_one_hundred_places_are_exactly_one_hundred(rush):
    won = at_once(*[("book", part, PROCESSES) for part in range(PROCESSES)])
    assert sum(won) == 100
    assert rush("SELECT taken, capacity FROM proxy_slot WHERE capacity = 100") == [(100, 100)]
    assert rush("SELECT count(*) FROM proxy_servicerequest WHERE slot_id IS NOT NULL") == [(100,)]


def test_case_that_four_agents_want_at_once_has_one(rush):
    won = at_once(*[("take", agent, 40) for agent in range(PROCESSES)])
    assert sum(won) == 40
    # One line of the log each: whoever was too late wrote nothing.
    lines = (
        "SELECT count(*), count(DISTINCT request_id) FROM proxy_caseevent WHERE title = '已受理'"
    )
    assert rush(lines) == [(40, 40)]
    owned = "SELECT count(*) FROM proxy_servicerequest WHERE agent_id IS NOT NULL"
    assert rush(owned) == [(40,)]

"""A database of the version before, with people in it whose numbers are in the clear, is upgraded."""

import os
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from qingchun.accounts.phones import PHONE, phone_mark
from qingchun.ground.sealed_fields import open_number, open_text
from qingchun.ground.sealing import Box
from services.events.models.signups import ending_mark
from tests.jobs import before
from tests.looking import looked_into

ROOT = Path(__file__).resolve().parent.parent
BEFORE = {
    "talent": "0008",
    "events": "0006",
    "proxy": "0007",
    "accounts": "0010",
    "reports": "0018",
}
# In one plan: what the tables were at each step is worked out once for all apps.
BACK = """
import sys
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from qingchun.organizations.apps import prepare_telling
executor = MigrationExecutor(connection)
steps = (step.split() for step in sys.argv[1:])
targets = [executor.loader.get_migration_by_prefix(*step) for step in steps]
targets = [(step.app_label, step.name) for step in targets]
plan = executor.migration_plan(targets)
prepare_telling(plan)
executor.migrate(targets, plan)
"""
NUMBERS = (
    "talent_youth", "events_signup", "proxy_servicerequest", "accounts_user", "accounts_invitation",
)  # fmt: skip
MARKED = NUMBERS[:4]
LANDLINE = "0351-4225001"


class Database:
    """A copy with a name of its own."""

    def __init__(self, name):
        urls = ("DATABASE_URL", "OWNER_URL")
        self.urls = {url: os.environ[url].replace("/qingchun?", f"/{name}?") for url in urls}
        # Before whom no wall stands, of whatever version.
        self.url = self.urls["OWNER_URL"].replace("qingchun@", "postgres@")

    def manage(self, *arguments):
        self.python("manage.py", *arguments)

    def python(self, *arguments):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | self.urls, check=False, timeout=500,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def back(self):
        self.python("-c", BACK, *(f"{app} {number}" for app, number in BEFORE.items()))

    def ask(self, question, *values):
        with looked_into(self.url) as cursor:
            cursor.execute(question, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    def numbers(self, table, column):
        return dict(self.ask(f"SELECT id, {column} FROM {table} ORDER BY id"))


@contextmanager
def copy(name):
    boss = os.environ["OWNER_URL"].replace("qingchun@", "postgres@")
    with closing(psycopg2.connect(boss.replace("/qingchun?", "/postgres?"))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE qingchun OWNER qingchun")
        yield Database(name)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def old():
    with copy(f"qingchun_before_{os.getpid()}") as database:
        database.manage("load_demo")
        database.back()
        database.ask(
            "UPDATE proxy_servicerequest SET landline = %s WHERE id IN"
            " (SELECT id FROM proxy_servicerequest ORDER BY id LIMIT 3)",
            LANDLINE,
        )
        for statement in before.STATEMENTS:
            assert database.ask(statement) > 0
        yield database


def numbers_in_the_clear(old):
    """Table -> id -> number, as the version before has them, and what is proved of a person's."""
    found = {table: old.numbers(table, "phone") for table in NUMBERS}
    found["places"] = old.numbers("talent_youth", "lives_at")
    return found | {"proved": old.numbers("accounts_user", "phone_proved")}


@pytest.fixture(scope="module")
def upgraded(old):
    """Told what every number was; the first time it is stopped halfway."""
    was = numbers_in_the_clear(old)
    old.ask(
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.id = (SELECT max(id) FROM talent_youth) THEN RAISE 'stopped'; END IF;"
        " RETURN NEW; END $$"
    )
    old.ask(
        "CREATE TRIGGER stop BEFORE UPDATE ON talent_youth FOR EACH ROW EXECUTE FUNCTION stop()"
    )
    with pytest.raises(AssertionError, match="stopped"):
        old.manage("migrate", "--verbosity=0")
    old.ask("DROP TRIGGER stop ON talent_youth")
    old.ask("DROP FUNCTION stop()")
    old.manage("migrate", "--verbosity=0")
    return was


def test_version_before_has_numbers_in_the_clear(old, upgraded):
    for table in (*MARKED, "proved"):
        known = [number for number in upgraded[table].values() if number]
        assert sum(number.startswith("138") for number in known) > 2, table


@pytest.mark.parametrize("table", NUMBERS)
def test_every_number_is_sealed(old, upgraded, table):
    now = old.numbers(table, "phone_sealed")
    was = {pk: number or "" for pk, number in upgraded[table].items()}
    assert {pk: open_number(sealed, PHONE) for pk, sealed in now.items()} == was


@pytest.mark.parametrize(
    ("table", "column", "was"),
    [
        *((table, "phone_mark", table) for table in MARKED),
        ("accounts_user", "phone_proved_mark", "proved"),
    ],
)
def test_every_number_is_found_by_its_mark(old, upgraded, table, column, was):
    marks = {pk: phone_mark(number) if number else None for pk, number in upgraded[was].items()}
    assert old.numbers(table, column) == marks


def test_proof_still_falls_away_with_the_number(old, upgraded):
    proved = "SELECT count(*) FROM accounts_user WHERE phone_proved_mark IS NOT NULL"
    before = old.ask(proved)
    with looked_into(old.url) as cursor:
        cursor.execute("UPDATE accounts_user SET name = name, phone_sealed = phone_sealed")
        cursor.execute(proved)
        assert cursor.fetchall() == before
        cursor.execute("UPDATE accounts_user SET phone_sealed = ''")
        cursor.execute(proved)
        assert cursor.fetchall() == [(0,)]
        cursor.connection.rollback()


@pytest.mark.parametrize("table", NUMBERS)
def test_nothing_is_left_in_the_clear(old, upgraded, table):
    known = {number for number in upgraded[table].values() if number} | {LANDLINE}
    whole = " ".join(row[0] for row in old.ask(f"SELECT t::text FROM {table} t"))
    assert [number for number in known if number in whole] == []


def test_where_people_live_is_sealed(old, upgraded):
    now = old.numbers("talent_youth", "lives_at")
    assert {pk: open_text(place, "youth words") for pk, place in now.items()} == upgraded["places"]
    assert not set(now.values()) & set(upgraded["places"].values()) - {""}


def test_ending_is_found_at_the_door_of_its_event(old, upgraded):
    rows = old.ask("SELECT event_id, phone_sealed, phone_ending_mark FROM events_signup")
    assert [mark for *_, mark in rows] == [
        ending_mark(event, open_number(number, PHONE)) for event, number, _ in rows
    ]


def test_landlines_are_sealed_once(old, upgraded):
    rows = old.ask("SELECT landline FROM proxy_servicerequest WHERE landline <> ''")
    assert [open_text(landline, "proxy words") for (landline,) in rows].count(LANDLINE) == 3


def test_what_waited_for_a_worker_and_what_can_be_fetched_are_jobs(old, upgraded, settings):
    assert old.ask(before.JOBS) == before.AFTER
    ((kept,),) = old.ask(
        "SELECT expires_at - enqueued_at FROM jobs_job WHERE position('用途' in note) = 1"
    )
    assert kept.days == 1
    old.python("-c", before.WORK)
    rows = [row for row in old.ask(before.JOBS) if not row[3].startswith("用途")]
    found = {kind: (status, file, note) for kind, status, file, note in rows}
    assert found["board_word"][0] == "SUCCESSFUL"
    status, file, note = found["pool_export"]
    assert (status, note[:6]) == ("SUCCESSFUL", "已遮挡 · ")
    body = Path(settings.MEDIA_ROOT, file).read_bytes()
    assert Box("talent export").open(body)[:2] == b"PK"
    # Its file is not there, and nobody wished: they have failed.
    assert (found["import_sheet"][0], found["place_posts"][0]) == ("FAILED", "FAILED")
    gone = "SELECT trouble FROM talent_sheet WHERE title = '人.xlsx' AND state = 'failed'"
    ((trouble,),) = old.ask(gone)
    assert "读这张表格时出错" in trouble


def test_way_back_opens_them_again(old, upgraded):
    old.back()
    assert numbers_in_the_clear(old) == upgraded

"""A database of the version before, with people in it whose numbers are in the clear, is upgraded."""

import os
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from qingchun.accounts.phones import PHONE, phone_mark
from qingchun.organizations import sealed
from qingchun.sealed_fields import open_number, open_text
from services.events.models.signups import ending_mark

ROOT = Path(__file__).resolve().parent.parent
BEFORE = {"talent": "0008", "events": "0006", "proxy": "0007"}
NUMBERS = {
    "talent_youth": "id",
    "events_signup": "event_id",
    "proxy_servicerequest": "number",
}
LANDLINE = "0351-4225001"


class Database:
    """A copy of the demo's, with a name of its own."""

    def __init__(self, name):
        urls = ("DATABASE_URL", "OWNER_URL")
        self.urls = {url: os.environ[url].replace("/qingchun?", f"/{name}?") for url in urls}
        self.url = self.urls["OWNER_URL"]

    def manage(self, *arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | self.urls, check=False, timeout=200,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def back(self):
        for app, number in BEFORE.items():
            self.manage("migrate", "--verbosity=0", app, number)

    def ask(self, question, *values):
        with closing(psycopg2.connect(self.url)) as connection, connection:
            cursor = connection.cursor()
            sealed.tell(cursor, ("14", "", "clerk"))
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
        database.back()
        database.ask(
            "UPDATE proxy_servicerequest SET landline = %s WHERE id IN"
            " (SELECT id FROM proxy_servicerequest ORDER BY id LIMIT 3)",
            LANDLINE,
        )
        yield database


@pytest.fixture(scope="module")
def upgraded(old):
    """Told what every number was; the first time it is stopped halfway."""
    was = {table: old.numbers(table, "phone") for table in NUMBERS}
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
    for table, was in upgraded.items():
        assert sum(number.startswith("138") for number in was.values() if number) > 2, table


@pytest.mark.parametrize("table", NUMBERS)
def test_every_number_is_sealed_and_found_by_its_mark(old, upgraded, table):
    rows = old.ask(f"SELECT id, phone_sealed, phone_mark FROM {table}")
    assert {pk: open_number(number, PHONE) for pk, number, _ in rows} == upgraded[table]
    marks = {pk: phone_mark(number) if number else None for pk, number in upgraded[table].items()}
    assert {pk: mark for pk, _, mark in rows} == marks


@pytest.mark.parametrize("table", NUMBERS)
def test_nothing_is_left_in_the_clear(old, upgraded, table):
    known = {number for number in upgraded[table].values() if number} | {LANDLINE}
    whole = " ".join(row[0] for row in old.ask(f"SELECT t::text FROM {table} t"))
    assert [number for number in known if number in whole] == []


def test_ending_is_found_at_the_door_of_its_event(old, upgraded):
    rows = old.ask("SELECT event_id, phone_sealed, phone_ending_mark FROM events_signup")
    assert [mark for *_, mark in rows] == [
        ending_mark(event, open_number(number, PHONE)) for event, number, _ in rows
    ]


def test_landlines_are_sealed_once(old, upgraded):
    rows = old.ask("SELECT landline FROM proxy_servicerequest WHERE landline <> ''")
    assert [open_text(landline, "proxy words") for (landline,) in rows].count(LANDLINE) == 3


def test_way_back_opens_them_again(old, upgraded):
    old.back()
    assert {table: old.numbers(table, "phone") for table in NUMBERS} == upgraded

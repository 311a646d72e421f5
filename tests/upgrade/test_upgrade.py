"""A database of the version before, as it was, is brought up by what ``make run`` does first."""

import lzma
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from qingchun.embedded import _bin
from tests.looking import looked_into
from tests.notifications.conftest import POSTGRES

ROOT = Path(__file__).resolve().parents[2]
DUMP = Path(__file__).with_name("before.sql.xz")
# These seal nothing but this one dump.
KEYS = {
    "SECRET_KEY": "the-key-of-the-version-before-0000000000000000000000",
    "INDEX_KEY": "the-index-key-of-the-version-before-000000000000000",
    "WALL_KEY": "the-wall-key-of-the-version-before-0000000000000000",
}
# What the version before said of it: sealed values, and the digest of what is in them.
OPENED = "1871 7cd0f58593f7506df27a2ca93c61d5f0bf734e52abf63748fcf0bad884f6eb66"
# Kept by Django about itself.
OWN = {"django_migrations", "django_content_type", "auth_permission"}
# Table → where its rows are now.
MOVED = {"reports_document": "jobs_job", "talent_poolexport": "jobs_job"}
# Versions of what is agreed to that came with the upgrade: of the notice, of a portrait, of another host,
# of a story, of looking for work.
ADDED = {"talent_consenttext": 5}
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


class Before:
    """The dump in a database of its own."""

    def __init__(self, name):
        self.urls = {
            url: os.environ[url].replace("/qingchun?", f"/{name}?")
            for url in ("DATABASE_URL", "JOBS_URL", "OWNER_URL")
            if url in os.environ
        }
        self.boss = self.urls["OWNER_URL"].replace("qingchun@", "postgres@")

    def load(self):
        psql = [_bin(*POSTGRES, "psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
        with lzma.open(DUMP) as dump:
            text = b"SET SESSION AUTHORIZATION qingchun;\n" + dump.read()
        subprocess.run(
            [*psql, "--dbname", self.boss], input=text, stdout=subprocess.DEVNULL, check=True
        )

    def python(self, *arguments, **urls):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | self.urls | KEYS | urls, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def counts(self):
        """Table → rows, as nobody's wall hides them."""
        with looked_into(self.boss) as cursor:
            cursor.execute(TABLES)
            tables = {name for (name,) in cursor.fetchall()} - OWN
            found = {}
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")
                (found[table],) = cursor.fetchone()
            return found


@pytest.fixture(scope="module")
def before():
    boss = os.environ["OWNER_URL"].replace("qingchun@", "postgres@")
    name = f"qingchun_upgrade_{os.getpid()}"
    with closing(psycopg2.connect(boss.replace("/qingchun?", "/postgres?"))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 OWNER qingchun")
        found = Before(name)
        found.load()
        yield found
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_version_before_keeps_every_row_every_seal_and_every_wall(before):
    was = before.counts()
    assert was["talent_youth"] > 100
    before.python("manage.py", "prepare")
    now = before.counts()
    gone = {table: was.pop(table) for table in MOVED if table not in now}
    assert {table: now[table] - ADDED.get(table, 0) for table in was} == was
    assert now["jobs_job"] == sum(gone.values())
    assert "未见删改" in before.python("manage.py", "audit_chain", "--check")
    before.python("manage.py", "rebuild_counts", "--check")
    before.python("manage.py", "walls", "--check")
    everything = dict.fromkeys(before.urls, before.boss)
    assert before.python("-m", "tests.upgrade.opened", **everything) == OPENED

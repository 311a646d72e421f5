"""A database that somebody else made: empty, and told to a portal by settings as in service."""

import contextlib
import os
import shutil
import signal
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from qingchun import roles
from tests import test_embedded
from tests.test_embedded import TAKEN_AWAY, processes_of

KEYS = {
    "SECRET_KEY": "s4-0123456789012345678901234567890123456789",
    "INDEX_KEY": "i4-0123456789012345678901234567890123456789",
}


whole = test_embedded.clone


@pytest.fixture
def clone(whole):
    """The project in a folder of its own; a test that fails half-way leaves nobody running there."""
    yield whole
    for pid in processes_of(whole):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Foreign:
    def __init__(self, name, folder):
        self.name, self.at = name, f"@/{name}?host={folder / 'pg'}"
        self.boss = os.environ["OWNER_URL"].replace("qingchun@", "postgres@")

    def settings(self, tmp_path, *, owner=True):
        """The environment of a portal in service on it."""
        kept = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY}
        owned = {"OWNER_URL": f"postgresql://qingchun{self.at}"} if owner else {}
        return kept | KEYS | owned | {
            "DATABASE_URL": f"postgresql://qingchun_web{self.at}",
            "JOBS_URL": f"postgresql://qingchun_jobs{self.at}",
            "REDIS_URL": os.environ["REDIS_URL"], "WALL_KEY": settings.WALL_KEY,
            "SITE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "SMS_BACK_END": "none",
            "HTTPS": "0", "WEB_CONCURRENCY": "1", "MEDIA_ROOT": str(tmp_path / "shared-media"),
        }  # fmt: skip

    def do(self, statement, database=None):
        url = self.boss.replace("/qingchun?", f"/{database or self.name}?")
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)


@pytest.fixture
def foreign():
    folder = Path(tempfile.mkdtemp())
    (folder / "pg").symlink_to(os.environ["OWNER_URL"].partition("host=")[2])
    made = Foreign(f"qingchun_start_{os.getpid()}", folder)
    made.do(f"CREATE DATABASE {made.name} TEMPLATE template0 OWNER qingchun", "postgres")
    made.do(f"ALTER DATABASE {made.name} SET qingchun.embedded = 'off'", "postgres")
    for statement in roles.by_superuser():
        made.do(statement)
    yield made
    made.do(f"DROP DATABASE {made.name} WITH (FORCE)", "postgres")
    shutil.rmtree(folder)

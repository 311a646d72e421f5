"""Many at once on a real database: processes and threads of their own, and a look from outside."""

import os
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from tests.looking import ROLE

ROOT = Path(__file__).resolve().parent.parent


class Rush:
    """A database of its own, and a module run in processes on it: ``python -m module what …``."""

    def __init__(self, name, module):
        self.database = f"qingchun_{name}_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
        self.module = module

    def _url(self, database, name="DATABASE_URL"):
        return os.environ[name].replace("/qingchun?", f"/{database}?")

    def start(self, *what):
        # The web role asks in it, see ``looking.follow``; what it prepares the web role could not.
        url = self._url(self.database, "OWNER_URL")
        environment = os.environ | {"DATABASE_URL": url, "OWNER_URL": url, "JOBS_URL": url}
        command = [sys.executable, "-m", self.module, *map(str, what)]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )

    def run(self, *what):
        """What one process said."""
        process = self.start(*what)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return said.strip()

    @contextmanager
    def prepared(self, *what):
        """The database, filled by ``prepare``, for as long as it is asked."""
        with closing(psycopg2.connect(self._url("postgres", "OWNER_URL"))) as admin:
            admin.autocommit = True
            admin.cursor().execute(f"CREATE DATABASE {self.database} TEMPLATE qingchun")
        self.run("prepare", *what)
        url = self._url(self.database, "OWNER_URL")
        with closing(psycopg2.connect(url)) as self.connection:
            yield self

    def ask(self, question):
        """Rows of every unit."""
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
            cursor.execute(question)
            return cursor.fetchall()

    def cut(self):
        """End every connection, as when the database goes down. Returns: how many there were."""
        boss = self._url(self.database, "OWNER_URL").replace("qingchun@", "postgres@")
        with closing(psycopg2.connect(boss)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = 'qingchun'"
                " AND pid <> %s",
                [self.connection.info.backend_pid],
            )
            return cursor.fetchone()[0]


# What benches share: fifty threads in two processes

PROCESSES, THREADS = 2, 25


def fifty(work, attempts):
    """Attempts a second of this process's threads, each with a connection of its own."""
    from django.db import connection

    ready, done = threading.Barrier(THREADS + 1), []

    def run(number):
        connection.ensure_connection()
        ready.wait()
        for attempt in range(attempts):
            work(number * attempts + attempt)
        done.append(1)
        connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    ready.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    assert len(done) == THREADS
    return THREADS * attempts / (time.perf_counter() - begun)


def at_once(module, name):
    """The same in each of the processes. Returns: what they reached together."""
    command = [sys.executable, "-m", module, name]
    started = [
        subprocess.Popen([*command, str(part)], stdout=subprocess.PIPE, text=True)
        for part in range(PROCESSES)
    ]
    return sum(float(process.communicate()[0]) for process in started)

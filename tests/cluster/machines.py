"""All parts of a portal on several machines, started here; ``parts.up()`` and all of it runs."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2

from qingchun import embedded, roles
from qingchun.celery import BEAT
from qingchun.env import BASE_DIR
from tests.cluster.database import Pooler, Server, tool, url_of
from tests.cluster.front import Front
from tests.cluster.processes import Process, answers, free_port
from tests.cluster.redises import Watched
from tests.cluster.store import ObjectStore

SITE_HOST = "127.0.0.1"


class Machines:
    """A context manager: store, primary and two standbys, Redis and Sentinels, two webs, two jobs, and
    nginx and a pooler where Debian's packages are there.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.keys = {
            name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "INDEX_KEY", "WALL_KEY")
        }
        self.ended = contextlib.ExitStack()

    def __enter__(self):
        try:
            self._up()
        except BaseException:
            self.ended.close()
            raise
        return self

    def __exit__(self, *_):
        self.ended.close()

    def _up(self):
        enter = self.ended.enter_context
        self.store = enter(ObjectStore(self.folder))
        self.redis = enter(Watched(self.folder, password=secrets.token_urlsafe(12)))
        self._databases()
        self.pooler = enter(Pooler(self.folder, self.primary)) if Pooler.is_there else None
        self.webs = [self._web(number) for number in range(2)]
        self.jobs = [self._jobs(number) for number in range(2)]
        for process in (*self.webs, *self.jobs):
            self.ended.callback(process.stop, signal.SIGTERM, 30)
            process.start()
        for web in self.webs:
            web.wait_for(lambda port=web.port: answers(port), 120)
        ports = [web.port for web in self.webs]
        self.front = enter(Front(self.folder, ports, store=self.store)) if Front.is_there else None
        self.ports = [self.front.port] if self.front else ports

    def _databases(self):
        """The demo is made in the embedded server, where alone it may be, and moved."""
        self.primary = Server(self.folder, "primary").make().start()
        self.standbys = []
        self.ended.callback(lambda: [s.stop() for s in (*self.standbys, self.primary)])
        self.primary.roles()
        root = self.folder / "embedded"
        with embedded.Servers(root, throwaway=True):
            there = embedded.urls(root)
            env = self._env(**there, BROKER_URL=there["REDIS_URL"], HTTPS="0")
            run([sys.executable, "manage.py", "prepare", "--demo"], env)
            dump = [
                tool("pg_dump"),
                "--dbname",
                there["OWNER_URL"].replace("qingchun@", "postgres@"),
            ]
            with subprocess.Popen(dump, stdout=subprocess.PIPE) as made:
                load = [
                    tool("psql"),
                    "-qX1",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-d",
                    self.primary.url("postgres"),
                ]
                subprocess.run(load, stdin=made.stdout, stdout=subprocess.DEVNULL, check=True)
        for name in ("standby_a", "standby_b"):
            self.standbys.append(Server(self.folder, name, self.primary).make().start())
        # Either will do: one standby alone would stop every write with its own death.
        self.primary.sql(
            "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (standby_a, standby_b)'"
        )
        self.primary.sql("SELECT pg_reload_conf()")

    def _env(self, **more):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | self.keys | self.store.env | {
            "DOTENV": "", "PYTHONWARNINGS": "ignore", "MFA_REQUIRED_LEVELS": "none",
            "MFA_CODE_LEVELS": "none", "DJANGO_SETTINGS_MODULE": "qingchun.settings",
            "OUTBOX_ROOT": str(self.folder / "outbox"), "TICK_SECONDS": "2",
        } | more  # fmt: skip

    @property
    def env(self):
        every = [self.primary, *self.standbys]
        return self._env(
            DATABASE_URL=url_of(every, roles.WEB, "read-write"),
            JOBS_URL=url_of(every, roles.JOBS, "read-write"),
            OWNER_URL=url_of(every, roles.OWNER, "read-write"),
            STANDBY_URL=url_of(every, roles.WEB, "prefer-standby"),
            REDIS_URL=self.redis.url, HTTPS="0", SMS_BACK_END="none",
            SITE_URL=f"http://{SITE_HOST}", ALLOWED_HOSTS=SITE_HOST, API_A_MINUTE="100000",
            API_A_MINUTE_ADDRESS="100000", TRUSTED_PROXY_COUNT="1" if Front.is_there else "0",
            NGINX_HANDS_FILES="1" if Front.is_there else "0",
        )  # fmt: skip

    def _web(self, number):
        port = free_port()
        command = [
            sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", f"127.0.0.1:{port}",
            "--workers", "1", "--threads", "4", "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip
        web = Process(f"web-{number}", self.folder, command, env=self.env, cwd=BASE_DIR)
        web.port = port
        return web

    def _jobs(self, number):
        """``--jobs`` as on a machine of its own: it keeps a worker and a beat alive."""
        schedule = str(self.folder / f"schedule-{number}")
        env = self.env | {"BEAT_SCHEDULE": schedule, "WORKER_CONCURRENCY": "1"}
        if number and self.pooler:  # one of the two behind a pooler: the turn is one all the same
            env |= {"DIRECT_URL": env["JOBS_URL"], "JOBS_URL": self.pooler.url(roles.JOBS)}
        command = [sys.executable, "-m", "qingchun.run", "--jobs"]
        return Process(f"jobs-{number}", self.folder, command, env=env, cwd=BASE_DIR)

    def scene(self, what, told=None):
        done = run(
            [sys.executable, "-W", "ignore", "-m", "tests.cluster.scene", what],
            self.env | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}, json.dumps(told),
        )  # fmt: skip
        return json.loads(done.splitlines()[-1])

    def pulse(self):
        """When the tick last came, and who has the turn."""
        for server in (self.primary, *self.standbys):
            with contextlib.suppress(psycopg2.OperationalError):
                if server.process.is_alive():
                    asked = "SELECT name, at, holder FROM notifications_pulse"
                    return {name: more for name, *more in server.sql(asked, "qingchun")}
        return {}

    def beats(self):
        """Process ids of the clocks, each a child of a worker."""
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                if (folder / "comm").read_text().strip() == BEAT and self._keeps(int(folder.name)):
                    found.append(int(folder.name))
        return found

    def _keeps(self, pid):
        """Whether one of the machines for jobs has started it, or who has started it."""
        ours = {one.running.pid for one in self.jobs}
        while pid > 1 and pid not in ours:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return pid in ours

    def promote(self):
        """By hand, as docs/how/two-machines.md says. Returns: the new primary."""
        chosen = max(
            (s for s in self.standbys if s.process.is_alive()),
            key=lambda s: s.sql("SELECT pg_last_wal_receive_lsn() - '0/0'")[0][0],
        )
        chosen.promote()
        chosen.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        chosen.sql("SELECT pg_reload_conf()")
        self.standbys.remove(chosen)
        self.standbys.append(self.primary)
        self.primary = chosen
        if self.pooler:
            self.pooler.point_at(chosen)
        return chosen


def run(command, env, said=None):
    done = subprocess.run(
        command, cwd=BASE_DIR, env=env, input=said, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[2:]}: {done.stderr[-2000:]}")
    return done.stdout

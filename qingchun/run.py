"""The whole portal in the foreground: servers if none are given, web, worker with its beat.

    python -m qingchun.run          make run
    python -m qingchun.run --dev    make dev: reloads when code changes
    python -m qingchun.run --web    the web alone, beside servers that are given
    python -m qingchun.run --jobs   worker and beat alone, likewise

The web or a server of ours ending ends them all. A worker that ends is started again: it does not
survive every way in which Redis can go, and nothing is lost with it; it does the same for its
beat (qingchun/celery.py). HUP begins them anew (qingchun/reloading.py does the web).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from functools import partial

from qingchun import deployment, env, listening
from qingchun.embedded import BASE_DIR, VAR, CannotStart, Servers
from qingchun.ground.demo import DEMO_ACCOUNTS, DEMO_NEIGHBOURS, DEMO_PASSWORD

# Seconds for the requests and tasks at hand to come to their end.
LAST_WORDS = 15
WEB_PID = VAR / "gunicorn.pid"
# Those of a start that has jobs: reloading.py tells them.
RUN_PIDS = VAR / "run.pid", VAR / "jobs.pid"
# Tells gunicorn to wait at its beginning for this one word (gunicorn.conf.py).
WAITS, GO = "QINGCHUN_WEB_WAITS", b"1"
# Begins nothing where whoever told it to has ended before the kernel knew of it.
BEGINS = "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"'


def main(arguments):
    dev, alone = "--dev" in arguments, {"--web", "--jobs"} & set(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A shell that starts us in the background has Ctrl-C ignored; we still stop when told.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        host, port = env.text("HOST", "127.0.0.1"), env.text("PORT", "8000")
        if alone:
            return _serve_alone(host, port, alone)
        ours = Servers() if deployment.wants_demo() else contextlib.nullcontext()
        listening.refuse(host, port, WEB_PID)
        with ours as servers:
            return _serve(host, port, servers, dev)
    except (CannotStart, env.Misconfigured) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _manage(*arguments):
    """Raises: SystemExit, once the command has said why it did not do it."""
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE_DIR, check=False)
    if done.returncode < 0:
        raise CannotStart("启动前的准备被中断了，请重新执行 make run。")
    if done.returncode:
        sys.exit(1)


def _serve(host, port, servers, dev):
    """Run until told to stop. ``servers`` are our own, or None where others were given."""
    if dev:
        os.environ["DEBUG"] = "1"
    if not servers:
        deployment.check_roles(owner=True, jobs=True)
    prepare = partial(_manage, "prepare", *(["--demo"] if servers else []))
    greet = partial(_greet, host, port, bool(servers))
    if dev:
        prepare()
        return _keep(_web(host, port, dev), _jobs(), servers, greet)
    return _keep(_web(host, port, dev), _jobs(), servers, greet, prepare)


def _serve_alone(host, port, what):
    """Whoever does not know the owner of the tables finds them made, or waits while they are."""
    if "--web" in what:
        listening.refuse(host, port, WEB_PID)
    if env.is_set("OWNER_URL"):
        _manage("prepare")
    else:
        _manage("doctor", "--start")
        if "--web" in what:
            _manage("collectstatic", "--noinput", "--verbosity=0")
    if "--web" not in what:
        return _keep(None, _jobs(), None)
    jobs = _jobs() if "--jobs" in what else []
    return _keep(_web(host, port, False), jobs, None, lambda: _greet(host, port, False))


class Kept:
    """The processes of one start, each the head of a group of its own."""

    def __init__(self, web, servers, *, is_to_wait):
        self.servers, self.leaving, self.jobs, self.told = servers, [], {}, False
        self.page = _start(web, is_to_wait=is_to_wait) if web else None

    def let_serve(self):
        with contextlib.suppress(BrokenPipeError):  # it has ended, which ``go_on`` will find
            self.page.stdin.write(GO)
            self.page.stdin.close()

    def begin(self, jobs):
        self.jobs = {tuple(command): _start(command) for command in jobs}

    def go_on(self):
        if self.servers and not self.servers.are_alive():
            return False
        if self.page and self.page.poll() is not None:
            return False
        if self.told:
            self.told = False
            self._begin_anew()
        self.leaving = [process for process in self.leaving if process.poll() is None]
        for command, process in self.jobs.items():
            if process.poll() is not None:
                print("后台任务意外停止，正在重新启动。", file=sys.stderr, flush=True)
                _kill(process)  # what it has left behind
                time.sleep(1)
                self.jobs[command] = _start(list(command))
        return True

    def _begin_anew(self):
        """New ones at once; the old finish what they have in hand, however long it takes."""
        for command, process in self.jobs.items():
            process.terminate()
            self.leaving.append(process)
            self.jobs[command] = _start(list(command))

    def stop(self):
        _stop([*([self.page] if self.page else []), *self.jobs.values(), *self.leaving])


def _keep(web, jobs, servers, greet=None, prepare=None):
    """Run until told to stop, or until the web or a server of ours ends.

    The web reads in what it needs while ``prepare`` makes the tables, and listens after it; what works
    in the background begins once pages are answered, so that the first visitor has both processors.
    """
    VAR.mkdir(exist_ok=True)
    kept = Kept(web, servers, is_to_wait=bool(prepare))
    signal.signal(signal.SIGHUP, lambda *_: setattr(kept, "told", True))
    pid_file = RUN_PIDS[web is None]
    try:
        if prepare:
            prepare()
            kept.let_serve()
        if jobs:
            pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
        is_up = False
        while kept.go_on():
            if not is_up and (web is None or listening.answers()):
                is_up = True
                kept.begin(jobs)
                if greet:
                    greet()
            time.sleep(0.5)
        raise CannotStart("有一个进程意外停止，已全部停下。请重新执行 make run，数据还在。")
    finally:
        kept.stop()
        if jobs:
            pid_file.unlink(missing_ok=True)


def _web(host, port, dev):
    if dev:
        return [sys.executable, "manage.py", "runserver", f"{host}:{port}"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", bind, "--workers",
        str(env.number("WEB_CONCURRENCY", 2, least=1)), "--threads", "4", "--log-level", "warning",
        "--worker-class", "qingchun.serving.Worker", "--pid", str(WEB_PID), "--no-control-socket",
    ]  # fmt: skip


def _jobs():
    # Quiet: its banners, and its warning to root, would bury the address and the accounts.
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "qingchun", "--quiet"]
    # Two: a provider that is slow must not hold up the tick.
    how_many = str(env.number("WORKER_CONCURRENCY", 2, least=1))
    worker = ["worker", "--concurrency", how_many, "--without-mingle", "--without-gossip"]
    worker += ["--without-heartbeat"]  # nobody listens
    beat = ["--beat", "--schedule", env.text("BEAT_SCHEDULE", str(VAR / "celerybeat-schedule"))]
    return [[*celery, *worker, *beat, "--loglevel", "warning"]]


def _start(command, *, is_to_wait=False):
    # The kernel ends them when this process dies, however it dies.
    VAR.mkdir(exist_ok=True)
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "--", *BEGINS, str(os.getpid()), *command],
        cwd=BASE_DIR,
        env=env.told(**{WAITS: "1" if is_to_wait else None}),
        stdin=subprocess.PIPE if is_to_wait else subprocess.DEVNULL,
        start_new_session=True,
        umask=0o077,
    )


def _stop(processes):
    """Each with all that it has begun: what is dead itself may have left a group behind."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + LAST_WORDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0, deadline - time.monotonic()))
        _kill(process)


def _kill(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _greet(host, port, is_embedded):
    shown = listening.reached(host)
    shown = f"[{shown}]" if ":" in shown else shown
    print(f"\n青春兴晋已启动：http://{shown}:{port}/    按 Ctrl-C 停止\n")
    if is_embedded:
        print(f"演示账号（密码都是 {DEMO_PASSWORD}）：")
        for username, what in (*DEMO_ACCOUNTS, *DEMO_NEIGHBOURS):
            print(f"  {username:<20}{what}")
    print(flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main(sys.argv[1:]))

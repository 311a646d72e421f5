"""The whole portal in the foreground: servers if none are given, web, worker, beat.

    python -m qingchun.run          make run
    python -m qingchun.run --dev    make dev: reloads when code changes
    python -m qingchun.run --jobs   worker and beat alone, beside servers that are given

The web or a server of ours ending ends them all. A worker or beat that ends is started again:
a worker does not survive every way in which Redis can go, and nothing is lost with it.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from importlib import import_module

from qingchun import deployment, env
from qingchun.embedded import BASE_DIR, VAR, CannotStart, Servers
from qingchun.ground.demo import DEMO_ACCOUNTS, DEMO_PASSWORD


def main(arguments):
    dev, jobs_alone = "--dev" in arguments, "--jobs" in arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A shell that starts us in the background has Ctrl-C ignored; we still stop when told.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        host, port = env.text("HOST", "127.0.0.1"), env.text("PORT", "8000")
        if jobs_alone:
            _read_settings()
            return _keep([], _jobs(), None)
        ours = Servers() if deployment.wants_demo() else contextlib.nullcontext()
        _refuse_busy_port(host, port)
        with ours as servers:
            return _serve(host, port, servers, dev)
    except (CannotStart, env.Misconfigured) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _refuse_busy_port(host, port):
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT={port}：应当是 1 到 65535 的整数。")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            raise CannotStart(f"端口 {port} 已被占用，请换一个：PORT=8123 make run") from None


def _read_settings():
    """What is wrong with them is one sentence here, and a trace in each process that we start."""
    import_module("qingchun.settings")


def _manage(*arguments):
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE_DIR, check=False)
    if done.returncode:
        raise CannotStart(f"执行 manage.py {' '.join(arguments)} 时出错，见上面的说明。")


def _serve(host, port, servers, dev):
    """Run until told to stop. ``servers`` are our own, or None where others were given."""
    if dev:
        os.environ["DEBUG"] = "1"
    _read_settings()
    if not servers:
        deployment.check_roles(owner=True, jobs=True)
    _manage("prepare", *(["--demo"] if servers else []))
    return _keep(
        [_web(host, port, dev)], _jobs(), servers, lambda: _greet(host, port, bool(servers))
    )


def _keep(web, jobs, servers, greet=lambda: None):
    """Run until told to stop, or until the web or a server of ours ends."""
    with _lowered_umask():
        pages = [_start(command) for command in web]
        running = {tuple(command): _start(command) for command in jobs}
    greet()
    try:
        while all(page.poll() is None for page in pages) and (
            servers is None or servers.are_alive()
        ):
            time.sleep(0.5)
            _start_again(running)
        raise CannotStart("有一个进程意外停止，已全部停下。请重新执行 make run，数据还在。")
    finally:
        _stop([*pages, *running.values()])


def _start_again(running):
    for command, process in running.items():
        if process.poll() is not None:
            print("后台任务意外停止，正在重新启动。", file=sys.stderr, flush=True)
            time.sleep(1)
            with _lowered_umask():
                running[command] = _start(list(command))


@contextlib.contextmanager
def _lowered_umask():
    before = os.umask(0o077)
    yield
    os.umask(before)


def _web(host, port, dev):
    if dev:
        return [sys.executable, "manage.py", "runserver", f"{host}:{port}"]
    return [
        sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", f"{host}:{port}", "--workers",
        str(env.number("WEB_CONCURRENCY", 2)), "--threads", "4", "--log-level", "warning",
        "--pid", str(VAR / "gunicorn.pid"), "--no-control-socket",
    ]  # fmt: skip


def _jobs():
    # Quiet: its banners, and its warning to root, would bury the address and the accounts.
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "qingchun", "--quiet"]
    # Two: a provider that is slow must not hold up the tick.
    how_many = str(env.number("WORKER_CONCURRENCY", 2))
    worker = ["worker", "--concurrency", how_many, "--without-mingle", "--without-gossip"]
    yield [*celery, *worker, "--loglevel", "warning"]
    schedule = env.text("BEAT_SCHEDULE", str(VAR / "celerybeat-schedule"))
    yield [*celery, "beat", "--loglevel", "warning", "--schedule", schedule, "--pidfile="]


def _start(command):
    # The kernel ends them when this process dies, however it dies.
    VAR.mkdir(exist_ok=True)
    return subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "--", *command],
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop(processes):
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _greet(host, port, is_embedded):
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    print(f"\n青春兴晋已启动：http://{shown}:{port}/    按 Ctrl-C 停止\n")
    if is_embedded:
        print(f"演示账号（密码都是 {DEMO_PASSWORD}）：")
        for username, what in DEMO_ACCOUNTS:
            print(f"  {username:<20}{what}")
    print(flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main(sys.argv[1:]))

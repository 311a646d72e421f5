"""What the parts of ``make bench`` share: how a line is printed, and how a page is measured."""

import gc
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import psycopg2
from django.conf import settings
from django.db import connection, reset_queries
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"  # what takes long to make
# The addresses of the servers that the bench itself runs beside.
OURS = (
    "DATABASE_URL", "JOBS_URL", "OWNER_URL", "BACKUP_URL", "REDIS_URL", "EMBEDDED",
    "DJANGO_SETTINGS_MODULE",
)  # fmt: skip
missed = []


def line(name, value, unit, reference, ratio, goal=None, *, least=False):
    """``goal``: what the ratio is to be at most, or at ``least``; a line that misses it says so."""
    said = ""
    if goal is not None:
        is_met = ratio >= goal if least else ratio <= goal
        said = f" {'≥' if least else '≤'} {goal:<6g}{'' if is_met else '✗ 未达到'}"
        missed.extend([] if is_met else [name])
    print(f"{name:<44}{value:>12.3f} {unit:<8}{reference:>12.3f} {ratio:>10.2f}{said}", flush=True)


def median(work, times):
    """Median seconds of ``times`` runs, after one to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def signed_in(username):
    from qingchun.accounts.models import User
    from qingchun.organizations.walls import PROVINCE, rls_context

    with rls_context(scope=PROVINCE):
        user = User.objects.get(username=username)
    client = Client()
    with rls_context(person=user.pk):  # each writes down their own session
        client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def cpu_of(client, path, times=200):
    """Median CPU seconds of this process for one page, and its queries."""
    for _ in range(10):
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
    reset_queries()
    connection.force_debug_cursor = True
    client.get(path)
    queries = sum(q["sql"] not in ("BEGIN", "COMMIT") for q in connection.queries)
    connection.force_debug_cursor = False
    taken = []
    for _ in range(times):
        start = time.process_time()
        client.get(path)
        taken.append(time.process_time() - start)
    return statistics.median(taken), queries


def requests_a_second(url, cookie="", seconds=4):
    """Served by the gunicorn under test to four clients that wait for each answer.

    wrk is the client where there is one: ours take a part of the machine themselves.
    """
    if wrk := shutil.which("wrk"):
        return _by(wrk, url, cookie, seconds)
    code = (
        "import sys, time, http.client\n"
        "host, path, cookie, seconds = sys.argv[1:]\n"
        "end, n = time.time() + float(seconds), 0\n"
        "c = http.client.HTTPConnection(host)\n"
        "while time.time() < end:\n"
        "    c.request('GET', path, headers={'Cookie': cookie}); r = c.getresponse(); r.read()\n"
        "    assert r.status == 200, r.status\n"
        "    n += 1\n"
        "print(n)\n"
    )
    host, path = url
    command = [sys.executable, "-c", code, host, path, cookie, str(seconds)]
    clients = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    return sum(int(client.communicate()[0]) for client in clients) / seconds


def _by(wrk, url, cookie, seconds):
    command = [
        wrk,
        "-t1",
        "-c4",
        f"-d{seconds}s",
        "-H",
        f"Cookie: {cookie}",
        "http://" + "".join(url),
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said, said
    return float(said.partition("Requests/sec:")[2].split()[0])


@contextmanager
def serving():
    """Gunicorn as it is run, on this database. Yields: its host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", host, "--workers", "2"]
    server = subprocess.Popen(
        [
            *command,
            "--threads",
            "4",
            "--no-control-socket",
            "--log-level",
            "error",
            "--worker-class",
            "qingchun.serving.Worker",
        ],
        env=os.environ | {"TRUSTED_PROXY_COUNT": "1"},
    )
    try:
        for _ in range(100):
            try:
                urlopen(f"http://{host}/hello/").close()
                break
            except OSError:
                time.sleep(0.2)
        yield host
    finally:
        server.terminate()
        server.wait(20)


def plain_environment(**told):
    """Without those addresses."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | told


def worked(module, what, *given, **environment):
    """What a process of its own found, so that its memory is its own too."""
    command = [sys.executable, "-m", f"tests.{module}", what, *map(str, given)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{module} {what}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def alone(url, statement):
    """As the owner, outside of any transaction."""
    with closing(psycopg2.connect(url)) as own:
        own.autocommit = True
        own.cursor().execute(statement)


def memory(name):
    """Megabytes of this process, now (``VmRSS``) or at its peak (``VmHWM``)."""
    status = Path("/proc/self/status").read_text()
    return next(int(s.split()[1]) for s in status.splitlines() if s.startswith(name)) / 1024


def forget_peak():
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def earlier(commit):
    """A build of this repository's own history, checked out below var/."""
    command = ["git", "rev-parse", "--short", f"{commit}^{{commit}}"]
    name = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    folder = KEPT / f"at-{name.stdout.strip()}"
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        command = ["git", "worktree", "add", "--detach", "--force", str(folder), commit]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        furnish(folder)
    return folder


@contextmanager
def copy():
    """The tree as it stands, with a var/ of its own: what runs there meets nobody's data."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="copy-", dir=KEPT))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    try:
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
        for name in map(os.fsdecode, filter(None, names.split(b"\0"))):
            if (ROOT / name).is_file() and name not in (".venv", "node_modules"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        furnish(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def furnish(folder):
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to((ROOT / name).resolve())

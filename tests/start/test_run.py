"""Started, killed, begun anew, by two at once, on tables that do not fit: as an operator meets it."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from qingchun import reloading
from qingchun.celery import BEAT
from tests.test_embedded import TAKEN_AWAY, UP, free_port, none_left, said_until, start

HELD = "上一次的网页还没有停完"


def begin(folder, environment, *arguments):
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def answers(portal, port):
    """Whether it comes to answer, however long that takes, as long as it runs."""
    while portal.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/") as page:
                return page.read() == b"ok"
        except OSError:
            time.sleep(0.25)
    return False


def children(pid):
    """Of all its threads: each has those that it has started."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for thread in threads for one in thread.read_text().split()]


def named(pids, words):
    return [pid for pid in pids if words in Path(f"/proc/{pid}/cmdline").read_text()]


def beats(worker):
    found = []
    for pid in children(worker):
        with suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == BEAT and not is_gone(pid):
                found.append(pid)
    return found


def fetch(port, path="/health/"):
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as page:
        return page.read()


def wait_until(holds, portal):
    while not holds():
        assert portal.poll() is None
        time.sleep(0.1)


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def worker_of(portal):
    """The one that has its clock: before that it may be anything, for a moment even nameless."""
    found = []

    def is_there():
        found[:] = filter(beats, named(children(portal.pid), "\0worker\0"))
        return found

    wait_until(is_there, portal)
    (worker,) = found
    return worker


def test_whoever_is_killed_leaves_nothing_behind_and_the_next_start_works(clone):
    port = free_port()
    portal = start(clone, port)
    assert UP in said_until(portal, UP)
    assert fetch(port) == b"ok"  # not before it answers
    master = int((clone / "var/gunicorn.pid").read_text())

    # A worker of the web: another takes its place.
    (worker,) = children(master)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: is_gone(worker) and children(master), portal)
    assert answers(portal, port)

    # The jobs: begun again, and nothing of the first is left.
    celery = worker_of(portal)
    hands = children(celery)
    os.kill(celery, signal.SIGKILL)
    wait_until(lambda: all(map(is_gone, hands)), portal)
    assert fetch(port) == b"ok"

    # The clock alone, a child of the worker's: another, and the worker goes on.
    celery = worker_of(portal)
    (beat,) = beats(celery)
    os.kill(beat, signal.SIGKILL)
    wait_until(lambda: is_gone(beat) and beats(celery) not in ([], [beat]), portal)
    assert named(children(portal.pid), "\0worker\0") == [celery]

    # The head of the web: its workers held the port, and the next start found it in use. One that has
    # nothing in hand ends by itself; one that is held up, as this one, does not.
    workers = children(master)
    os.kill(workers[0], signal.SIGSTOP)
    os.kill(master, signal.SIGKILL)
    assert "有一个进程意外停止" in portal.communicate(timeout=120)[0]
    assert all(map(is_gone, workers))
    assert none_left(clone)

    # All of it: whoever starts at once waits for what is still coming to its end.
    portal = start(clone, port)
    assert UP in said_until(portal, UP)
    worker = children(int((clone / "var/gunicorn.pid").read_text()))[0]
    os.kill(worker, signal.SIGSTOP)
    portal.kill()
    portal.wait()
    portal.stdout.close()
    portal = start(clone, port)
    assert HELD in said_until(portal, HELD)
    os.kill(worker, signal.SIGCONT)
    assert UP in said_until(portal, UP)
    assert fetch(port) == b"ok"
    portal.terminate()
    portal.communicate(timeout=60)
    assert none_left(clone)


class Visitors(threading.Thread):
    """Somebody who opens a page again and again, over a new connection each time."""

    def __init__(self, port):
        super().__init__(daemon=True)  # a test that fails ends without them
        self.port, self.answered, self.failed, self.on = port, 0, [], True

    def run(self):
        while self.on:
            try:
                fetch(self.port)
                self.answered += 1
            except OSError as error:
                self.failed.append(error)


def test_new_code_comes_without_a_failed_page(clone):
    port = free_port()
    portal = start(clone, port)
    assert UP in said_until(portal, UP)
    environment = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY} | {"PORT": port}
    master = int((clone / "var/gunicorn.pid").read_text())
    before = set(children(master))
    visitors = [Visitors(port) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    pages = clone / "qingchun/operations/views.py"
    text = pages.read_text(encoding="utf-8")
    pages.write_text(text.replace('HttpResponse("ok"', 'HttpResponse("new"'), encoding="utf-8")
    # And a setting that the old code does not know: what its master has read is not the new one's.
    known, asked = clone / "qingchun/env.py", clone / "qingchun/machine_settings.py"
    known.write_text(known.read_text().replace(" ALLOWED_HOSTS ", " ALLOWED_HOSTS A_NEW_NAME ", 1))
    asked.write_text(f'{asked.read_text()}\nA_NEW_NAME = env.text("A_NEW_NAME", "")\n')
    reload = begin(clone, environment, "-m", "qingchun.reloading")
    while reload.poll() is None:  # whoever comes between old and new would wait for the new
        assert reloading._serving(children(master))
        time.sleep(0.02)
    assert "一次也没有停" in reload.communicate()[0]
    assert fetch(port) == b"new"
    after = set(children(master))
    assert len(after) == len(before)
    assert not after & before

    # Packages too: the workers share what the first one has read of them.
    (clone / ".venv").mkdir()
    (clone / ".venv/done").touch()
    reload = begin(clone, environment, "-m", "qingchun.reloading")
    assert reload.communicate(timeout=300)[0].startswith("组件也换过，只换代码不够")
    (clone / ".venv/done").unlink()

    # Whoever presses Ctrl-C while old and new stand side by side is left with neither too many.
    reload = begin(clone, environment, "-m", "qingchun.reloading")
    wait_until(lambda: len(children(master)) > len(before), reload)
    reload.send_signal(signal.SIGINT)
    assert "一次也没有停" in reload.communicate(timeout=300)[0]
    assert len(set(children(master)) - after) == len(children(master)) == len(before)
    after = set(children(master))

    # Code that does not begin is not put in its place: gunicorn would have ended with it.
    pages.write_text("import nothing_of_that_name\n", encoding="utf-8")
    reload = begin(clone, environment, "-m", "qingchun.reloading")
    assert "没有换上新代码，正在运行的照旧" in reload.communicate(timeout=300)[0]
    assert set(children(master)) == after
    for visitor in visitors:
        visitor.on = False
        visitor.join()
    assert sum(visitor.answered for visitor in visitors) > 0
    assert [visitor.failed for visitor in visitors] == [[], [], []]
    portal.terminate()
    portal.communicate(timeout=60)
    assert none_left(clone)


def test_two_begin_at_once_on_an_empty_database_and_nobody_on_one_that_does_not_fit(
    clone, tmp_path, foreign
):
    """The second died of a table that was there already; an older checkout ran as if all were well."""
    ours = foreign.settings(tmp_path) | {"PORT": free_port()}
    theirs = foreign.settings(tmp_path, owner=False) | {"PORT": free_port()}

    # Nobody has prepared it: a web that does not know the owner says who must.
    code, said = ended(begin(clone, theirs, "-m", "qingchun.run", "--web"))
    assert (code, said.partition("（")[0]) == (1, "数据库里的表还是旧版本的")
    assert "先执行 .venv/bin/python manage.py prepare。" in said

    first = begin(clone, ours, "manage.py", "prepare")
    second = begin(clone, ours, "manage.py", "prepare")
    web = begin(clone, theirs, "-m", "qingchun.run", "--web")
    jobs = begin(clone, theirs, "-m", "qingchun.run", "--jobs")
    both = [ended(first), ended(second)]
    assert [code for code, _ in both] == [0, 0], both
    assert "另一处正在做启动前的准备，等它做完…\n" in both[0][1] + both[1][1]
    assert "新增 1493 个" in both[0][1] + both[1][1]
    # The web came while it was being done, or too early, as a supervisor would start it again.
    if UP not in said_until(web, UP):
        web.communicate()
        web = begin(clone, theirs, "-m", "qingchun.run", "--web")
        assert UP in said_until(web, UP)
    assert fetch(theirs["PORT"]) == b"ok"
    for portal in (web, jobs):
        portal.terminate()
        portal.communicate(timeout=60)
    assert none_left(clone)

    # Another folder than the one that everybody shares.
    code, said = ended(
        begin(clone, theirs | {"MEDIA_ROOT": str(tmp_path / "own")}, "-m", "qingchun.run", "--web")
    )
    assert code == 1
    assert "里没有这个门户的标记" in said

    foreign.do(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('reports', '9999_x', now())"
    )
    for environment, arguments in (
        (theirs, ["-m", "qingchun.run", "--jobs"]), (ours, ["-m", "qingchun.run"]),
    ):  # fmt: skip
        code, said = ended(begin(clone, environment, *arguments))
        assert code == 1
        assert "数据库是更新的版本升级过的（这份代码没有 reports 的 9999_x）" in said


def ended(process):
    said = process.communicate(timeout=300)[0]
    return process.returncode, said

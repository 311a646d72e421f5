"""``make reload`` comes to its end also where the new code never serves, and leaves the old in its place."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from qingchun import reloading
from qingchun.embedded import CannotStart
from tests.start.test_serving import ROOT, ask, can_connect
from tests.test_embedded import free_port

CODE = """
import os, time
while os.path.exists({hangs!r}):
    time.sleep(0.1)
from tests.start.echo import page
"""


@pytest.fixture
def hangs(tmp_path):
    """As long as it is there, new code is read in for ever."""
    path = tmp_path / "hangs"
    (tmp_path / "code.py").write_text(CODE.format(hangs=str(path)), encoding="utf-8")
    return path


@pytest.fixture
def web(hangs, tmp_path):
    """gunicorn with two processes that serve; its process and its port."""
    port = int(free_port())
    (tmp_path / "reloaded.py").symlink_to("code.py")
    command = [
        sys.executable, "-m", "gunicorn", "reloaded:page", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "1", "--worker-class", "qingchun.serving.Worker",
        "--timeout", "2", "--no-control-socket", "--config", os.devnull,
    ]  # fmt: skip
    told = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    log = (tmp_path / "log").open("w")
    with log, subprocess.Popen(command, cwd=ROOT, env=told, stderr=log) as server:
        while not can_connect(port) or len(reloading._serving(workers(server))) < 2:
            assert server.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.1)
        yield server, port
        server.send_signal(signal.SIGCONT)
        server.terminate()


def workers(server):
    return reloading._workers(server.pid)


def test_new_code_that_never_serves_is_told_and_the_old_goes_on(web, hangs):
    server, port = web
    old = workers(server)
    hangs.touch()
    with pytest.raises(CannotStart, match=r"旧的照常.*再执行一次 make reload。$"):
        reloading._change_workers(server.pid)
    assert old < workers(server)
    assert ask(port)[0] == 200
    hangs.unlink()
    reloading._change_workers(server.pid)  # put right, by the same word
    now = workers(server)
    assert len(now) == len(reloading._serving(now)) == 2, "as many as before"
    assert not now & old
    assert ask(port)[0] == 200


def test_head_of_the_web_that_does_not_move_is_not_waited_for(web, monkeypatch):
    server, _ = web
    monkeypatch.setattr(reloading, "STILL", 1)
    server.send_signal(signal.SIGSTOP)
    with pytest.raises(CannotStart, match="再执行一次 make reload"):
        reloading._change_workers(server.pid)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_web_that_ends_is_told(web, hangs, monkeypatch, when):
    server, _ = web
    hangs.touch()

    def end(_=None):
        server.kill()
        server.wait()
        return set()

    if when == "before":
        end()
    else:
        monkeypatch.setattr(reloading, "_serving", end)
    with pytest.raises(CannotStart, match="网页停下了"):
        reloading._change_workers(server.pid)


@contextmanager
def somebody_reloads(path):
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def test_two_operators_do_not_reload_at_once(tmp_path, monkeypatch, capsys):
    """Each would count the other's workers among the old."""
    monkeypatch.setattr(reloading, "LOCK", tmp_path / "lock")
    with somebody_reloads(tmp_path / "lock"):
        assert reloading.main() == 1
    assert capsys.readouterr().err == "另一个 make reload 正在做，请等它做完。\n"

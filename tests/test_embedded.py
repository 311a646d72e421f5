"""The two commands, as a newcomer meets them: started, killed, started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent
TAKEN_AWAY = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMBEDDED",
    "BROKER_URL",
    "MEDIA_ROOT",
    "OUTBOX_ROOT",
    "DJANGO_SETTINGS_MODULE",
)


@pytest.fixture
def clone(tmp_path):
    """The project's files in a folder of their own, beside the installed packages."""
    for name in (
        "qingchun",
        "campaigns",
        "talent",
        "services",
        "reports",
        "templates",
        "static",
        "manage.py",
    ):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def start(clone, port):
    environment = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY}
    return subprocess.Popen(
        [sys.executable, "-m", "qingchun.run"],
        cwd=clone,
        env=environment | {"PORT": port, "WEB_CONCURRENCY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answers(port, seconds=60):
    for _ in range(seconds * 4):
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/") as page:
                return page.read() == b"ok"
        except OSError:
            time.sleep(0.25)
    return False


def processes_of(clone):
    """Process ids whose working folder or command line names this clone."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes().decode().replace("\0", " ")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                here = os.readlink(entry / "cwd")
            except OSError:
                continue
            if state != "Z" and (str(clone) in line or here.startswith(str(clone))):
                found.append(int(entry.name))
    return found


def none_left(clone):
    for _ in range(80):
        if not processes_of(clone):
            return True
        time.sleep(0.25)
    return False


def accounts(clone):
    """How many accounts the clone's database holds, asked while it runs."""
    code = (
        "import django; django.setup();"
        "from qingchun.organizations.walls import asking_as;"
        "from qingchun.accounts.models import User\n"
        "with asking_as(scope='14', sign_in=True): print(User.objects.count())"
    )
    environment = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY}
    environment["DJANGO_SETTINGS_MODULE"] = "qingchun.settings"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_run_stops_clean_and_comes_back_after_kill_9_with_nothing_lost(clone):
    port = free_port()
    portal = start(clone, port)
    assert answers(port)
    assert accounts(clone) == 5
    # A second start in the same folder says so in one line, and harms nothing.
    second = start(clone, free_port())
    assert second.communicate()[0] == "本目录里的门户已经在运行，请先在那个窗口按 Ctrl-C。\n"
    portal.send_signal(signal.SIGINT)
    said = portal.communicate(timeout=40)[0]
    assert f"http://127.0.0.1:{port}/" in said
    assert "qingchun-demo-2019" in said
    assert none_left(clone)
    assert sorted(path.name for path in clone.iterdir() if path.name not in os.listdir(ROOT)) == []

    portal = start(clone, port)
    assert answers(port)
    portal.kill()
    portal.wait()
    portal.stdout.close()
    assert none_left(clone)

    # Not the portal but its database: it says so and stops, instead of answering errors.
    portal = start(clone, port)
    assert answers(port)
    os.kill(int((clone / "var/postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert "有一个进程意外停止" in portal.communicate(timeout=60)[0]
    assert none_left(clone)

    portal = start(clone, port)
    assert answers(port)
    assert accounts(clone) == 5
    portal.terminate()
    portal.communicate(timeout=40)
    assert none_left(clone)


def test_port_in_use_says_so_in_one_line(clone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        portal = start(clone, port)
        said = portal.communicate(timeout=20)[0]
    assert said == f"端口 {port} 已被占用，请换一个：PORT=8123 make run\n"
    assert portal.returncode == 1


def settings_say(**environment):
    kept = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY}
    done = subprocess.run(
        [sys.executable, "-c", "import qingchun.settings"],
        cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr.strip().splitlines()[-1:]


@pytest.mark.parametrize("key", ["", "change-me" * 10, "short"])
def test_production_refuses_to_start_on_a_default_key(key):
    code, said = settings_say(
        DATABASE_URL="postgresql://q@h/q", REDIS_URL="redis://h", SECRET_KEY=key, ALLOWED_HOSTS="h"
    )
    assert code == 1
    assert "请设置 SECRET_KEY" in said[0]


def test_production_has_no_demo():
    environment = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY}
    done = subprocess.run(
        [sys.executable, "manage.py", "load_demo"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env=environment | {
            "DATABASE_URL": "postgresql://q@127.0.0.1:1/q", "REDIS_URL": "redis://127.0.0.1:1",
            "SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "h",
        },
    )  # fmt: skip
    assert "只能装入内置的演示环境" in done.stderr

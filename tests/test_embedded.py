"""The two commands, as a newcomer meets them: started, killed, started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.request import urlopen

import psycopg2
import pytest
from django.conf import settings

from qingchun.organizations import sealed

ROOT = Path(__file__).resolve().parent.parent
UP = "青春兴晋已启动"
TAKEN_AWAY = (
    "DATABASE_URL",
    "JOBS_URL",
    "OWNER_URL",
    "BACKUP_URL",
    "REDIS_URL",
    "DOTENV",
    "BROKER_URL",
    "MEDIA_ROOT",
    "OUTBOX_ROOT",
    "DJANGO_SETTINGS_MODULE",
)


@pytest.fixture
def clone(tmp_path):
    """The project's files in a folder of their own, beside the installed packages; what a test that
    failed has left running there ends with it."""
    copy_to(tmp_path)
    yield tmp_path
    for process in processes_of(tmp_path):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
    assert none_left(tmp_path)


def copy_to(folder):
    for name in (
        "qingchun",
        "campaigns",
        "talent",
        "services",
        "reports",
        "templates",
        "static",
        "gunicorn.conf.py",
        "manage.py",
    ):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")


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


def said_until(portal, words):
    """What it says up to these words, or to its end."""
    said = ""
    while words not in said and (line := portal.stdout.readline()):
        said += line
    return said


def stopped(portal, sign):
    """The rest of what it says once it is told to stop. Not `communicate`: given a time, it reads
    past what `said_until` has left in the buffer."""
    portal.send_signal(sign)
    said = portal.stdout.read()
    portal.wait(40)
    portal.stdout.close()
    return said


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
    """How many accounts of cadres the clone's database holds, asked while it runs."""
    code = (
        "import django; django.setup();"
        "from qingchun.organizations.walls import rls_context;"
        "from qingchun.accounts.models import User\n"
        "with rls_context(scope='14'): print(User.objects.count())"
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
    said = said_until(portal, UP)
    assert f"{UP}：http://127.0.0.1:{port}/" in said
    assert accounts(clone) == 7
    # A second start in the same folder says so in one line, and harms nothing.
    second = start(clone, free_port())
    assert second.communicate()[0] == "本目录里的门户已经在运行，请先在那个窗口按 Ctrl-C。\n"
    # What is put on paper leads to this very portal.
    with urlopen(f"http://127.0.0.1:{port}/140105/poster/") as page:
        assert f"127.0.0.1:{port}/140105" in page.read().decode()
    assert "qingchun-demo-2019" in stopped(portal, signal.SIGINT)
    assert none_left(clone)
    assert sorted(path.name for path in clone.iterdir() if path.name not in os.listdir(ROOT)) == []

    portal = start(clone, port)
    assert UP in said_until(portal, UP)
    portal.kill()
    portal.wait()
    portal.stdout.close()
    assert none_left(clone)

    # Not the portal but its database: it says so and stops, instead of answering errors.
    portal = start(clone, port)
    assert UP in said_until(portal, UP)
    os.kill(int((clone / "var/postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert "有一个进程意外停止" in said_until(portal, "有一个进程意外停止")
    portal.wait(60)
    portal.stdout.close()
    assert none_left(clone)

    portal = start(clone, port)
    assert UP in said_until(portal, UP)
    assert accounts(clone) == 7
    stopped(portal, signal.SIGTERM)
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


def say(clone, *command, **environment):
    """What a command in the clone says, and how it ends."""
    kept = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY}
    done = subprocess.run(
        [sys.executable, *command], cwd=clone, env=kept | environment, capture_output=True,
        text=True, check=False, timeout=200,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def foreign():
    """A database that we did not make, for all a portal can tell: another socket's folder, and a
    server that does not say it is ours."""
    ours, name = os.environ["OWNER_URL"], f"qingchun_foreign_{os.getpid()}"
    folder = Path(tempfile.mkdtemp())
    (folder / "pg").symlink_to(ours.partition("host=")[2])
    url = ours.replace("qingchun@", "postgres@").replace("/qingchun?", "/{}?")
    with closing(psycopg2.connect(url.format("postgres"))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE qingchun OWNER qingchun")
        cursor.execute(f"ALTER DATABASE {name} SET qingchun.embedded = 'off'")
        with closing(psycopg2.connect(url.format(name))) as own, own, own.cursor() as row:
            row.execute("DELETE FROM operations_installation")  # no key has been used there yet
        yield f"postgresql://qingchun@/{name}?host={folder / 'pg'}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(folder)


def as_web(url, role="qingchun_web"):
    return url.replace("qingchun@", f"{role}@")


def people_in(url):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        sealed.tell(cursor, ("14", "", ""))
        cursor.execute("SELECT count(*) FROM accounts_user")
        return cursor.fetchone()[0]


SERVICE = """\
# Saved by a Windows notepad.
export DATABASE_URL_FILE="{held}"   # 数据库
JOBS_URL={jobs}
OWNER_URL={owner}
REDIS_URL='{redis}'
SECRET_KEY=s3-0123456789012345678901234567890123456789 # 不要外传
INDEX_KEY=i3-0123456789012345678901234567890123456789
WALL_KEY={wall}
SMS_BACK_END=none
HTTPS=0
"""


def test_a_secret_given_by_file_does_not_turn_the_portal_into_the_open_demo(clone, foreign):
    """The documentation recommends NAME_FILE; the demo went into the operator's own database,
    with five accounts and a password that everybody knows."""
    port, held = free_port(), clone / "held"
    held.write_text(f"{as_web(foreign)}\n")
    written = SERVICE.format(
        held=held, owner=foreign, jobs=as_web(foreign, "qingchun_jobs"), wall=settings.WALL_KEY,
        redis=os.environ["REDIS_URL"],
    )  # fmt: skip
    (clone / ".env").write_bytes(b"\xef\xbb\xbf" + written.replace("\n", "\r\n").encode())
    code, said = say(clone, "-m", "qingchun.run", PORT=port)
    assert code == 1
    assert [line.split("：")[0] for line in said.splitlines()] == [
        "请设置 SITE_URL", "请设置 ALLOWED_HOSTS",
    ]  # fmt: skip

    with (clone / ".env").open("a") as file:
        file.write("SITE_URL=http://127.0.0.1\nALLOWED_HOSTS=127.0.0.1\n")
    portal = start(clone, port)
    said = said_until(portal, UP) + stopped(portal, signal.SIGINT)
    assert UP in said
    assert "演示" not in said
    assert "qingchun-demo-2019" not in said
    assert people_in(foreign) == 0
    assert not (clone / "var/postgres").exists()
    assert none_left(clone)

    # Nor by hand.
    for command in ("load_demo", "prepare --demo"):
        code, said = say(clone, "manage.py", *command.split())
        assert (code, said) == (
            1,
            "CommandError: 演示数据只能装入 make run 自带的数据库，这一个不是。\n",
        )
    assert people_in(foreign) == 0


def test_a_server_that_is_not_ours_gets_no_demo_even_where_ours_is_expected(foreign):
    """As when libpq is led elsewhere by its own variables: the server itself is asked."""
    url = foreign.partition("host=")[0] + "host=" + os.environ["DATABASE_URL"].partition("host=")[2]
    said = say(ROOT, "manage.py", "load_demo", DATABASE_URL=url, REDIS_URL=os.environ["REDIS_URL"])
    assert said == (1, "CommandError: 演示数据只能装入 make run 自带的数据库，这一个不是。\n")


def test_people_of_one_s_own_are_not_mixed_with_made_up_ones(foreign):
    ours = os.environ["DATABASE_URL"].replace(
        "/qingchun?", f"/{foreign.split('/')[3].split('?')[0]}?"
    )
    with (
        closing(psycopg2.connect(ours.replace("qingchun_web@", "postgres@"))) as connection,
        connection,
    ):
        name = connection.info.dbname
        connection.cursor().execute(f"ALTER DATABASE {name} RESET qingchun.embedded")
    both = {"DATABASE_URL": ours, "REDIS_URL": os.environ["REDIS_URL"]}
    code, said = say(ROOT, "manage.py", "open_province", "li", "李省", **both)
    assert code == 0, said
    said = say(ROOT, "manage.py", "load_demo", **both)
    assert said == (1, "CommandError: 这个数据库里已经有人员，不能再装演示数据。\n")
    assert people_in(ours) == 1


def test_start_that_cannot_be_right_stops_before_it_makes_anything(clone):
    code, said = say(clone, "-m", "qingchun.run", HOST="0.0.0.0", PORT=free_port())  # noqa: S104
    assert (code, said.split("。")[0]) == (1, "HOST=0.0.0.0：演示只给本机看")
    code, said = say(clone, "-m", "qingchun.run", ALLOWED_HOSTS="h", PORT=free_port())
    assert (code, said.split("：")[0]) == (1, "写了 ALLOWED_HOSTS，没有写 DATABASE_URL")
    (clone / ".env").write_text("export DATABSE_URL=postgresql://q@h/q\n")
    for command in (
        ["-m", "qingchun.run"],
        ["-m", "qingchun.run", "--jobs"],
        ["manage.py", "check"],
    ):
        code, said = say(clone, *command)
        assert said == ".env 第 1 行：没有 DATABSE_URL 这个设置，是不是 DATABASE_URL？\n"
        assert code == 1
    assert not (clone / "var").exists()

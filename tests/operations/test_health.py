"""Three addresses for whoever watches the portal, and what people see while the database is away."""

import datetime as dt
import logging
import re
import time

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils.timezone import now

from qingchun.notifications.actions import beat
from qingchun.notifications.choices import MessageState
from qingchun.notifications.models import Message, Pulse
from qingchun.operations import schema, views

BY_IP = {"HTTP_HOST": "10.0.0.9:8000", "REMOTE_ADDR": "10.0.0.1"}
ALL = ("/health/alive/", "/health/ready", "/health/jobs/", "/health/", "/healthz")


@pytest.fixture
def in_service(settings):
    """As in service: by name and by HTTPS alone."""
    settings.ALLOWED_HOSTS = ["qingchun.example.org"]
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def started_long_ago(monkeypatch):
    monkeypatch.setattr(views, "STARTED", float("-inf"))


@pytest.fixture
def no_database(django_db_blocker):
    """Nobody listens where PostgreSQL was."""
    with django_db_blocker.unblock():
        connection.close()
        before = connection.settings_dict
        connection.settings_dict = before | {"HOST": "/nowhere/13800001401"}
        yield
        connection.close()
        connection.settings_dict = before


@pytest.mark.django_db
@pytest.mark.parametrize("address", ALL)
def test_balancer_asks_by_ip_and_in_plain_http(client, in_service, address):
    """operations 10: 400 by address, 301 by HTTP."""
    beat("tick", now())
    answer = client.get(address, **BY_IP)
    assert (answer.status_code, answer.cookies) == (200, {})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_balancer_asks_by_its_own_method(client, db, method):
    assert client.generic(method, "/health/ready/").status_code == 200


@pytest.mark.django_db
def test_process_that_answers_is_alive_without_a_question(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/alive/").content == b"ok"


@pytest.mark.django_db
def test_ready_is_one_question_once_the_tables_are_known(client, django_assert_num_queries):
    client.get("/health/ready/")
    with django_assert_num_queries(1):
        assert client.get("/health/ready/").content == b"ok"


def test_code_that_is_newer_than_its_tables_is_not_ready(client, db, monkeypatch):
    monkeypatch.setitem(schema._known, "complete", False)
    newer = schema.of_code() | {("accounts", "9999_later")}
    monkeypatch.setattr(schema, "of_code", lambda: newer)
    answer = client.get("/health/ready/")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "why": "migrations"})
    assert answer["Retry-After"] == "5"


def test_code_that_is_older_than_its_tables_serves_on(client, db, monkeypatch):
    """While machines go from one to the next: a migration is such that the old one lives with it."""
    monkeypatch.setitem(schema._known, "complete", False)
    applied = MigrationRecorder.applied_migrations
    more = {("accounts", "9999_later"): None}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda it: applied(it) | more)
    assert client.get("/health/ready/").status_code == 200


def test_jobs_of_a_fresh_start_are_given_five_minutes(client, db, monkeypatch):
    """operations 10: 503 from the first start to the first tick."""
    Pulse.objects.all().delete()
    monkeypatch.setattr(views, "STARTED", time.monotonic())
    answer = client.get("/health/jobs/")
    assert (answer.status_code, answer.json()["tick_age_seconds"]) == (200, None)
    monkeypatch.setattr(views, "STARTED", float("-inf"))
    assert client.get("/health/jobs/").status_code == 503


def test_jobs_that_stopped_are_said_and_take_no_web_away(client, db, winter, started_long_ago):
    """operations 10: one dead machine of jobs took all webs from the balancer."""
    beat("tick", now())
    told = {"ok": True, "oldest_due_seconds": 0, "tick_age_seconds": 0}
    assert client.get("/health/jobs/").json() == told
    winter.shift(dt.timedelta(minutes=5, seconds=1))
    answer = client.get("/health/jobs/")
    assert (answer.status_code, answer.json()["tick_age_seconds"]) == (503, 301)
    assert client.get("/health/ready/").status_code == 200


def test_jobs_tell_how_long_the_oldest_message_has_waited(client, li, winter):
    Message.objects.create(
        key="one", purpose="plan_approved", channel="sms", organization_id="14", recipient=li,
        subject="试", state=MessageState.DUE, due_at=now(), try_at=now(),
    )  # fmt: skip
    beat("tick", now())
    winter.shift(dt.timedelta(seconds=90))
    assert client.get("/healthz").json()["oldest_due_seconds"] == 90


@pytest.mark.parametrize("address", ["/health/ready/", "/health/jobs/"])
def test_without_a_database_nobody_is_sent_here_and_no_log_is_filled(
    client, no_database, address, caplog
):
    """operations 10: 500 with a trace at each poll."""
    answer = client.get(address)
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "why": "database"})
    assert int(answer["Retry-After"]) > 0
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert client.get("/health/alive/").status_code == 200


def test_redis_is_no_reason_to_take_a_web_away(client, db, settings):
    gone = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": gone}
    assert client.get("/health/ready/").status_code == 200


# People, meanwhile


@pytest.mark.parametrize("address", ["/", "/140105/", "/accounts/login/", "/board/", "/health/no/"])
def test_person_is_told_calmly_that_it_comes_back(no_database, address):
    """operations 10: 500, as if something were broken for good."""
    client = Client(raise_request_exception=False)
    client.cookies["qingchun"] = "x" * 32
    answer = client.get(address)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "再点一次" in page
    assert answer["X-Request-ID"] in page
    assert "1380000" not in page


def test_program_is_told_the_same_in_json(no_database):
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/activities/", HTTP_AUTHORIZATION="Token x")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["request"] == answer["X-Request-ID"]


def test_what_is_broken_has_a_number_to_read_out(campaign, zhang, monkeypatch):
    from campaigns.views import log

    client = Client(raise_request_exception=False)
    client.force_login(zhang)
    monkeypatch.setattr(log, "render", lambda *_: 1 / 0)
    answer = client.get("/activities/")
    assert answer.status_code == 500
    number = re.search(r"报这个编号：<b>(\d{8})</b>", answer.content.decode())[1]
    assert answer["X-Request-ID"] == number

"""Whoever reads the table of sessions, or Redis, is not signed in by it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts.session_store import SessionStore, digest

DIGESTS = import_module("qingchun.accounts.migrations.0010_session_digests").DIGESTS


@pytest.fixture
def session(db):
    kept = SessionStore()
    kept["who"] = "张小店"
    kept.save()
    return kept


def test_key_of_a_session_stands_in_no_table(session):
    (kept,) = Session.objects.all()
    assert session.session_key not in (kept.session_key, kept.session_data)
    assert kept.session_key == digest(session.session_key)


def test_what_the_table_says_signs_nobody_in(client, zhang):
    client.force_login(zhang)
    thief = Client()
    thief.cookies["qingchun"] = Session.objects.get().session_key
    assert thief.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("from_redis", [True, False])
def test_session_is_found_by_its_key(session, from_redis):
    if not from_redis:
        cache.clear()
    assert SessionStore(session.session_key)["who"] == "张小店"
    assert SessionStore().exists(session.session_key)


def test_session_that_ended_is_found_no_more(session):
    key = session.session_key
    session.flush()
    assert not Session.objects.exists()
    assert SessionStore(key).get("who") is None
    assert not SessionStore().exists(key)


def test_session_whose_time_is_over_is_nobodys(session):
    Session.objects.update(expire_date=now() - timedelta(minutes=1))
    cache.clear()
    assert SessionStore(session.session_key).get("who") is None


def test_whoever_is_signed_in_stays_so_when_keys_become_digests(session):
    Session.objects.update(session_key=session.session_key)  # as it was before
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS)
    assert SessionStore(session.session_key)["who"] == "张小店"

"""A session is written once in a request, whatever happens in it: over every route, and signing in."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client

from qingchun.accounts.session_store import SessionStore, digest
from tests import test_access
from tests.accounts import desk
from tests.conftest import PASSWORD
from tests.talent.conftest import check_in_by_phone

cast, world, clients = test_access.cast, test_access.world, test_access.clients
SAID = re.compile(r'(INSERT|UPDATE|DELETE)\b.*?"django_session"')
# One who signs in where another is signed in: the other's row goes, one's own is another one.
LEAVES = ["DELETE", "INSERT"]


@pytest.fixture
def writes(monkeypatch):
    """(request, what it wrote of sessions) of each request that wrote any."""
    found, get = [], BaseHandler.get_response

    def counted(self, request):
        said = []

        def see(execute, sql, *rest):
            if match := SAID.match(sql):
                said.append(match[1])
            return execute(sql, *rest)

        with connection.execute_wrapper(see):
            answer = get(self, request)
        if said:
            found.append((f"{request.method} {request.path}", said))
        return answer

    monkeypatch.setattr(BaseHandler, "get_response", counted)
    return found


def more_than_one(writes):
    return [one for one in writes if len(one[1]) > 1 and one[1] != LEAVES]


def test_no_route_writes_a_session_twice(world, clients, writes):
    for path, name, _ in test_access.routes():
        if name.startswith("None"):
            continue
        try:
            url = test_access.url_for(path, name, world)
        except (KeyError, pytest.fail.Exception):  # of allauth, about an object of its own
            continue
        for role in ("province", "county", "youth", "anonymous"):
            for method in ("get", "post"):
                test_access.ask(clients[role], method, url)
    # One's own: others' may end with a post that is handed over.
    assert [one for one in more_than_one(writes) if set(one[1]) != {"DELETE"}] == []


def test_checking_in_signing_in_and_out_write_one_each(campaign, zhang, writes):
    check_in_by_phone(Client())
    staff = desk.signed_in(zhang.username)
    desk.authenticator_added(staff)
    words = {"oldpassword": PASSWORD, "password1": desk.NEW, "password2": desk.NEW}
    assert staff.post("/accounts/password/change/", words).status_code == 302
    assert desk.is_in(staff)
    desk.asked_again(staff, desk.NEW)
    staff.post("/accounts/2fa/totp/deactivate/")
    staff.post("/accounts/logout/")
    assert not desk.is_in(staff)
    assert len(writes) > 6
    assert more_than_one(writes) == []


def test_row_takes_the_new_key_and_the_old_one_is_nobodys(client, zhang):
    client.force_login(zhang)
    old = client.session.session_key
    session = SessionStore(old)
    session["who"] = "张小店"
    session.cycle_key()
    session.cycle_key()
    assert session.session_key != old
    assert Session.objects.get().session_key == digest(old)  # until it is saved
    session.save()
    assert Session.objects.get().session_key == digest(session.session_key)
    assert SessionStore(session.session_key)["who"] == "张小店"
    assert "who" not in SessionStore(old)
    assert client.get("/me/").status_code == 302


def test_session_that_was_ended_meanwhile_is_a_new_one(client, zhang):
    client.force_login(zhang)
    session = SessionStore(client.session.session_key)
    session["who"] = "张小店"
    Session.objects.all().delete()
    session.cycle_key()
    session.save()
    assert SessionStore(session.session_key)["who"] == "张小店"


def test_session_flushed_before_it_was_saved_leaves_no_row(client, zhang):
    client.force_login(zhang)
    session = SessionStore(client.session.session_key)
    session.cycle_key()
    session.flush()
    assert not Session.objects.exists()
    assert (session.session_key, session.is_empty()) == (None, True)

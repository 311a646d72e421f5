"""What the database shows to somebody who is nobody yet: one row looked for, and no more."""

import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.webauthn.internal import auth
from django.db import connection
from fido2.utils import websafe_encode

from qingchun.accounts import forms, middleware
from qingchun.accounts.found import NOBODY
from qingchun.accounts.models import User
from qingchun.organizations.access import routes
from qingchun.organizations.walls import current, rls_context
from tests.conftest import PASSWORD, uncounted
from tests.looking import looking


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


@pytest.fixture
def told(monkeypatch):
    """(address, person, whether everybody is shown) as each anonymous request begins."""
    found = []

    def noted(self, request):
        whole(self, request)
        with connection.cursor() as cursor:
            cursor.execute("SELECT wall.told(3)")
            found.append((request.path, current()[1], cursor.fetchone()[0] is not None))

    whole = middleware.ActingMiddleware._tell_of_stranger
    monkeypatch.setattr(middleware.ActingMiddleware, "_tell_of_stranger", noted)
    return found


def test_a13_where_strangers_knock_the_database_shows_them_nobody(client, zhang, told):
    """doors A13: on every page below /accounts/ it showed all users, posts and second factors."""
    pages = [f"/{path}" for path, _, _ in routes() if path.startswith("accounts/")]
    plain = [page for page in pages if "<" not in page]
    for page in plain:
        client.get(page)
        client.post(page, {"login": "zhang", "password": "wrong"})
    assert len(plain) > 15
    assert {seen for seen in told if seen[1] or seen[2]} == set()


def test_who_owes_a_second_factor_sees_themselves_alone(client, zhang, told):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    with looking():
        TOTP.activate(zhang, generate_totp_secret())
    client.post("/accounts/login/", {"login": "zhang", "password": PASSWORD})
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert told[-1] == ("/accounts/2fa/authenticate/", str(zhang.pk), False)


def test_older_digest_of_a_password_is_renewed_while_signing_in(client, zhang, settings):
    """The row has to be seen while it is compared, or the renewal would end the sign-in."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    answer = client.post("/accounts/login/", {"login": "zhang", "password": PASSWORD})
    assert answer.status_code == 302
    assert User.objects.get(pk=zhang.pk).password.startswith("pbkdf2_sha256")


# A passkey says itself whose it is


def handle(text):
    return {"response": {"userHandle": websafe_encode(text.encode())}}


def test_passkey_is_asked_as_whom_it_names_and_proving_nothing_as_nobody(zhang, monkeypatch):
    asked = []
    monkeypatch.setattr(
        auth,
        "parse_authentication_response",
        lambda _: asked.append((current(), User.objects.get())),
    )
    monkeypatch.setattr(auth, "get_server", lambda: None)
    monkeypatch.setattr(auth, "get_state", lambda: None)  # no question was put to any key
    with rls_context():
        key = handle(user_pk_to_url_str(zhang))
        assert not forms.KeyForm({"credential": json.dumps(key)}).is_valid()
        assert current() == ("", "", "")
        assert User.objects.count() == 0
    assert asked == [(("", str(zhang.pk), ""), zhang)]


@pytest.mark.parametrize(
    "key",
    [
        handle("zzzzzzzzzzzzz"), handle("0"), handle(""), handle("x" * 99), handle("-1"), handle("甲"),
        {"response": {"userHandle": 7}}, {"response": {"userHandle": "%"}}, {"response": []},
        {"response": {}}, {}, [], "x", 1, {"response": {"userHandle": "_w"}},
    ],
)  # fmt: skip
def test_passkey_that_names_nobody_is_none(client, db, key):
    assert forms._named_by(key) == NOBODY
    told = {"credential": json.dumps(key)}
    assert client.post("/accounts/2fa/webauthn/login/", told).url == "/accounts/login/"

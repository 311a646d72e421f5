"""What the database shows to somebody who is nobody yet: one row looked for, and no more."""

import pytest
from django.core.cache import cache
from django.db import connection

from qingchun.accounts import middleware
from qingchun.accounts.models import User
from qingchun.organizations.access import routes
from qingchun.organizations.walls import current
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


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
    asked_by_key = middleware.FOUND_BY_KEY
    plain = [page for page in pages if "<" not in page and not page.startswith(asked_by_key)]
    for page in plain:
        client.get(page)
        client.post(page, {"login": "zhang", "password": "wrong"})
    assert len(plain) > 15
    assert {seen for seen in told if seen[1] or seen[2]} == set()


def test_who_owes_a_second_factor_sees_themselves_alone(client, zhang, told):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

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

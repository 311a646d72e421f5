"""What the tests of credentials do by hand: sign in, pass a factor, make keys, and try them all."""

import re

from allauth.mfa.totp.internal import auth as totp
from django.db import transaction
from django.test import Client

from tests.conftest import PASSWORD, uncounted
from tests.looking import looking

LOGIN, DEVICE, AGAIN, ME = (
    "/accounts/login/",
    "/accounts/device/",
    "/accounts/reauthenticate/",
    "/me/",
)
NEW = "Qingchun-2020!"
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile"
OFFICE_AGENT = "Mozilla/5.0 (Windows NT 10.0) Edg/130"


def text_of(response):
    return response.content.decode()


def signed_in(username, password=PASSWORD, client=None, agent=OFFICE_AGENT):
    """A browser in which somebody has given their password."""
    client = client or Client(headers={"user-agent": agent})
    client.answer = client.post(LOGIN, {"login": username, "password": password})
    return client


def is_in(client):
    """Whether the next page still knows who it is."""
    return client.get(ME).status_code == 200


def code_from(response):
    return re.search(r"验证码是 <b>(\d{6})</b>", text_of(response))[1]


def code_sent(client, address, **values):
    """Ask for a code at an address and give it back there. Returns: the answer."""
    code = code_from(client.post(address, {"send": "1"} | values, follow=True))
    return client.post(address, {"code": code} | values)


def signed_in_by_code(phone, client=None):
    client = client or Client()
    client.answer = code_sent(client, "/sign-in/", phone=phone)
    return client


def asked_again(client, password=PASSWORD):
    """Whoever works here shows that it is still they."""
    return client.post(AGAIN, {"password": password})


def key_made(client, password=PASSWORD, **values):
    """A key for a program, made on the page; shown once."""
    asked_again(client, password)
    form = {"name": "台账程序", "days": "90"} | values
    return re.search(r"<code[^>]*>([\w-]{40,})</code>", text_of(client.post("/me/tokens/", form)))[
        1
    ]


def calendar_made(client):
    return re.search(r"/calendar/[\w-]+\.ics", text_of(client.post("/calendar/")))[0]


def by_key(key, method="get", path="/api/v1/organizations/", **values):
    headers = {"authorization": f"Token {key}"}
    return getattr(Client(), method)(path, headers=headers, **values)


def opens(key):
    return by_key(key).status_code == 200


def feed_opens(path):
    return Client().get(path).status_code == 200


def at_once(monkeypatch):
    """What a library puts off until the commit: a test has none, so it is done at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())


def totp_code(secret):
    moment = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, moment))


def authenticator_added(client, password=PASSWORD):
    """A one-time password set up on allauth's page. Returns: its secret."""
    asked_again(client, password)
    first = client.get("/accounts/2fa/totp/activate/")
    if first.status_code == 302 and "/device/" in first.url:  # the number first
        uncounted()
        code_sent(client, "/accounts/device/")
        first = client.get("/accounts/2fa/totp/activate/")
    page = text_of(first)
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    client.answer = client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)})
    return secret


def found(model, **values):
    with looking():
        return model.objects.get(**values)

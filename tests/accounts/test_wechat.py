"""WeChat sign-in, against a server that answers as WeChat's documents say."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.test import Client

from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.organizations import access
from tests.accounts.test_codes import PHONE, code_in, enter, send
from tests.conftest import PASSWORD, uncounted, with_number
from tests.looking import looking
from tests.talent.conftest import check_in_by_phone

ANSWERS = {
    "/sns/oauth2/access_token": {"access_token": "t", "openid": "o123", "scope": "snsapi_login"},
    "/sns/userinfo": {"openid": "o123", "nickname": "\u00e9\u0099\u0088"},  # UTF-8 read as Latin-1
}


class WeChat(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(ANSWERS[self.path.split("?")[0]]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *arguments):
        pass


@pytest.fixture
def wechat(db, settings, monkeypatch):
    uncounted()
    server = ThreadingHTTPServer(("127.0.0.1", 0), WeChat)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(
        WeixinOAuth2Adapter, "access_token_url", f"{address}/sns/oauth2/access_token"
    )
    monkeypatch.setattr(WeixinOAuth2Adapter, "profile_url", f"{address}/sns/userinfo")
    for name in ("weixin_login", "weixin_callback"):
        monkeypatch.setitem(access.THIRD_PARTY, name, access.PUBLIC)
    settings.WEIXIN_APP_ID = "wx123"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "weixin": {
            "APPS": [{"client_id": "wx123", "secret": "s", "key": ""}],
            "SCOPE": ["snsapi_login"],
        }
    }
    yield
    server.shutdown()
    server.server_close()


def come_by_wechat(client):
    asked = client.post("/accounts/weixin/login/")
    assert asked.url.startswith("https://open.weixin.qq.com/connect/qrconnect?appid=wx123")
    state = asked.url.split("state=")[1].split("&")[0]
    return client.get(f"/accounts/weixin/login/callback/?code=c&state={state}")


def test_button_is_shown_once_it_is_configured(client, wechat):
    assert "微信登录" in client.get("/sign-in/").content.decode()


def test_person_who_comes_by_wechat_names_their_number_and_keeps_one_account(client, wechat):
    assert come_by_wechat(client).status_code == 302
    with looking():
        user = User.objects.get(socialaccount__uid="o123")
    assert (user.phone, user.has_usable_password()) == ("", False)
    assert enter(client, code_in(send(client))).status_code == 302
    with looking():
        user.refresh_from_db()
        assert user.phone == PHONE
        assert User.objects.filter(username__startswith="q").count() == 1


def test_wechat_of_a_known_number_goes_to_its_account(client, wechat):
    other = Client()
    enter(other, code_in(send(other)))
    uncounted()
    come_by_wechat(client)
    enter(client, code_in(send(client)))
    with looking():
        known = User.objects.get(phone_mark=phone_mark(PHONE))
        assert SocialAccount.objects.get().user == known
        assert User.objects.filter(username__startswith="q").count() == 1


def test_wechat_of_a_sister_does_not_become_her_brothers(client, wechat, campaign):
    """The number is the family's, and WeChat is one person's own."""
    check_in_by_phone(Client(), PHONE, name="吉星")
    uncounted()
    come_by_wechat(client)
    asked = enter(client, code_in(send(client)))
    assert asked.url == "/sign-in/who/?next=%2F"
    page = client.get(asked.url).content.decode()
    assert "吉*" in page
    client.post(asked.url, {"person": "another"})
    with looking():
        sister = SocialAccount.objects.get().user
        assert proved_phone(sister) == PHONE
        assert User.objects.filter(phone_proved_mark=phone_mark(PHONE)).count() == 2
    assert "吉星" not in client.get("/my/", follow=True).content.decode()


def test_wechat_of_a_brother_goes_to_his_account_when_he_says_so(client, wechat, campaign):
    check_in_by_phone(Client(), PHONE, name="吉星")
    uncounted()
    come_by_wechat(client)
    asked = enter(client, code_in(send(client)))
    with looking():
        brother = User.objects.get(name="吉星")
    client.post(asked.url, {"person": brother.pk})
    assert "吉星" in client.get("/my/").content.decode()
    with looking():
        assert SocialAccount.objects.get().user == brother
        assert User.objects.filter(username__startswith="q").count() == 1


def test_no_token_of_wechat_is_kept(client, wechat):
    from allauth.socialaccount.models import SocialToken

    come_by_wechat(client)
    with looking():
        assert SocialToken.objects.count() == 0


def test_cadre_who_comes_by_wechat_on_a_new_device_gives_the_password_too(
    client, wechat, zhang, settings
):
    settings.MFA_CODE_LEVELS = ["county"]
    with_number(zhang, PHONE)
    with looking():
        SocialAccount.objects.create(user=zhang, provider="weixin", uid="o123")
    come_by_wechat(client)
    assert client.get("/messages/").url == "/accounts/device/?next=%2Fmessages%2F"
    asked = client.get("/accounts/device/?next=/messages/")
    assert asked.url.startswith("/accounts/reauthenticate/")
    back = client.post(asked.url, {"password": PASSWORD})
    assert client.get(back.url).url == "/messages/"
    assert client.get("/messages/").status_code == 200


def test_wechat_on_a_lost_phone_opens_nothing_once_the_number_was_changed(
    client, wechat, zhang, wang
):
    with_number(zhang, PHONE)
    with looking():
        SocialAccount.objects.create(user=zhang, provider="weixin", uid="o123")
    client.force_login(wang)
    post = zhang.memberships.get()
    client.post(f"/people/{post.pk}/number/", {"phone": "13800002009"})
    stranger = Client()
    come_by_wechat(stranger)
    assert stranger.get("/messages/").wsgi_request.user.pk != zhang.pk

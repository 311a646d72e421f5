"""Template messages of an official account, against a server that answers as WeChat's documents say."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from qingchun.notifications import channels, outbox
from qingchun.notifications.actions import tell_one
from qingchun.notifications.channels.weixin.channel import Weixin
from qingchun.notifications.models import Message
from talent.youth.notices import ANSWERED
from tests.looking import looking
from tests.talent.conftest import arrive  # noqa: F401


class WeChat:
    def __init__(self):
        self.asked, self.sent, self.answers = 0, [], []
        office = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                said = json.dumps(office.take(self.path, body)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, path, body):
        if path == "/cgi-bin/stable_token":
            assert body == {"grant_type": "client_credential", "appid": "wx1", "secret": "s"}
            self.asked += 1
            return {"access_token": f"t{self.asked}", "expires_in": 7200}
        self.sent.append((path, body))
        return self.answers.pop(0) if self.answers else {"errcode": 0, "msgid": 7}


@pytest.fixture
def wechat(settings, monkeypatch):
    found = WeChat()
    settings.OUTBOUND_ALLOWED = ["127.0.0.0/8"]
    settings.WEIXIN_API, settings.WEIXIN_APP_ID, settings.WEIXIN_SECRET = found.url, "wx1", "s"
    settings.WEIXIN_TEMPLATES = {"*": "TPL"}
    monkeypatch.setitem(channels.found(), "weixin", Weixin())
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def youth(arrive):  # noqa: F811
    """陈返乡, who signs in by WeChat too."""
    found = arrive("陈返乡")
    with looking():
        SocialAccount.objects.create(user=found.user, provider="weixin", uid="o123")
    return found


def tell(youth, number=1):
    tell_one(
        ANSWERED, youth.user_id, about=youth, offset=str(number), organization_id="140105",
        values={"unit": "团小店区委"},
    )  # fmt: skip
    with looking():
        return Message.objects.filter(channel="weixin").order_by("pk").last()


def again(message):
    with looking():
        return Message.objects.get(pk=message.pk)


def deliver(message):
    return outbox.deliver_due("weixin", lambda: again(message).try_at)


def test_message_reaches_whoever_signs_in_by_wechat_with_the_matters_own_address(
    wechat, youth, settings
):
    message = tell(youth)
    assert deliver(message) == 1
    [(path, body)] = wechat.sent
    assert path == "/cgi-bin/message/template/send?access_token=t1"
    assert body["url"].startswith(f"{settings.SITE_URL}/m/")
    del body["url"]
    said = {"thing1": {"value": "您问的事有了答复"}}
    assert body == {"touser": "o123", "template_id": "TPL", "data": said}
    assert again(message).answer == "微信已收下 7"
    # One token serves them all.
    deliver(tell(youth, 2))
    assert (wechat.asked, len(wechat.sent)) == (1, 2)


def test_where_no_template_is_set_it_is_no_way_and_nobody_is_asked(wechat, youth, settings):
    settings.WEIXIN_TEMPLATES = {}
    assert tell(youth) is None
    client = Client()
    client.force_login(youth.user)
    ways = client.get("/messages/settings/").context["form"].fields["ways"].choices
    assert "weixin" not in dict(ways)


def test_whoever_does_not_sign_in_by_wechat_is_reached_otherwise(wechat, arrive):  # noqa: F811
    assert tell(arrive("孙小宁")) is None


def test_whoever_switched_it_off_is_not_told_by_it(wechat, youth):
    client = Client()
    client.force_login(youth.user)
    ways = client.get("/messages/settings/").context["form"].fields["ways"].choices
    assert ("weixin", "微信") in list(ways)
    client.post("/messages/settings/", {"ways": ["sms"], "email": ""})
    assert tell(youth) is None


@pytest.mark.parametrize("code", [40001, 42001, -1, 45009])
def test_token_that_has_ended_is_asked_for_anew_and_a_busy_office_later(wechat, youth, code):
    message = tell(youth)
    wechat.answers = [{"errcode": code, "errmsg": "x"}]
    assert deliver(message) == 0
    assert (again(message).state, again(message).answer) == ("due", f"微信暂时不收（{code}）。")
    assert deliver(message) == 1
    assert wechat.asked == (2 if code in (40001, 42001) else 1)


@pytest.mark.parametrize(
    ("code", "said"),
    [(43004, "本人没有关注公众号。"), (40037, "微信不接受（40037）：invalid template_id")],
)
def test_what_will_never_arrive_says_why(wechat, youth, code, said):
    message = tell(youth)
    wechat.answers = [{"errcode": code, "errmsg": "invalid template_id"}]
    assert deliver(message) == 0
    assert (again(message).state, again(message).answer) == ("failed", said)


def test_purpose_without_a_template_and_an_office_that_gives_no_token(wechat, youth, settings):
    settings.WEIXIN_TEMPLATES = {"event_offered": "TPL"}
    message = tell(youth)
    deliver(message)
    assert again(message).answer == "这类消息还没有配置微信模板。"
    settings.WEIXIN_TEMPLATES = {"*": "TPL"}
    wechat.take = lambda path, body: {"errcode": 40125, "errmsg": "invalid appsecret"}
    message = tell(youth, 2)
    deliver(message)
    assert again(message).answer == "微信没有给凭据（40125）。"

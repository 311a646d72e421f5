"""Where nothing is really sent: nobody reads there what was meant for another."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from qingchun.notifications.actions import tell_number, tell_one
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.health import state_of_things
from qingchun.notifications.models import Message
from qingchun.notifications.outbox import deliver_due
from services.proxy.notices import MOVED, MOVED_BY_NUMBER
from tests.looking import looking

PHONE = "13800004001"
NUMBER = "8643 7506"
FACTS = {"item": "医保参保登记", "number": NUMBER, "state": "已受理", "note": ""}


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path, db):
    settings.OUTBOX_ROOT = tmp_path
    cache.clear()
    return tmp_path


def text_of(response):
    return response.content.decode()


def kept(outbox):
    return "".join(path.read_text() for path in outbox.rglob("*") if path.is_file())


def code_asked_for():
    """Somebody asks for a code to sign in with, and the worker comes by."""
    page = text_of(Client().post("/sign-in/", {"phone": PHONE, "send": "1"}, follow=True))
    deliver_due(ChannelName.CODE, now)
    return re.search(r"验证码是 <b>(\d{6})</b>", page)[1]


def test_province_cannot_read_the_code_somebody_else_asked_for(client, li, outbox):
    """It stood on the page 邮件和短信存件 for five minutes, and signed in whoever read it."""
    code = code_asked_for()
    client.force_login(li)
    assert code not in text_of(client.get("/messages/files/"))
    assert code not in text_of(client.get("/messages/log/"))
    assert code not in text_of(Client().get("/sign-in/"))
    assert kept(outbox) == ""
    row = Message.objects.get()
    assert (row.state, row.sealed, row.answer) == (
        MessageState.CANCELLED, "", "演示不发短信，只显示在获取的页面上。",
    )  # fmt: skip


def test_number_of_a_case_is_not_kept_beside_its_receiver(client, li, chen, outbox, winter):
    """The number and the last four of the phone together open /status/."""
    with looking():
        type(chen).objects.filter(pk=chen.pk).update(phone=PHONE, email="chen@example.org")
    tell_one(
        MOVED, chen.pk, about=chen, organization_id="140105", values=FACTS, link="/my/requests/7/"
    )
    assert [deliver_due(way, now) for way in (ChannelName.SMS, ChannelName.EMAIL)] == [1, 1]
    client.force_login(li)
    for text in (kept(outbox), text_of(client.get("/messages/files/"))):
        assert text.count("医保参保登记（编号 …）已受理。") == 2
        assert NUMBER not in text
        assert "/my/requests/7/" not in text.replace('href="/my/', "")
    assert "收件：138****4001" in text
    log = text_of(client.get("/messages/log/"))
    assert log.count("医保参保登记（编号 …）已受理。") == 3
    assert NUMBER not in log
    assert "群聊</th>" not in log
    # Whom it is for reads it all.
    client.force_login(chen)
    assert f"编号 {NUMBER}" in text_of(client.get("/messages/"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("验证码 123456，5 分钟内有效。", "验证码 …，5 分钟内有效。"),
        ("123456 是您的验证码", "… 是您的验证码"),
        ("请打开 https://qc.example.org/join/aB-3_x:9/ ，3月2日前", "请打开 https://qc.example.org/join/… ，3月2日前"),
        ("http://h/accounts/invitation/12:a:b/。", "http://h/accounts/…。"),
        ("进展可在 http://h/status/ 查", "进展可在 http://h/status/ 查"),
        ("收件：13800004001\n\n1月20日 9:00，2019-01-08", "收件：138****4001\n\n1月20日 9:00，2019-01-08"),
        ("收件：+85291234567", "收件：+852****4567"),
    ],
)  # fmt: skip
def test_file_of_an_older_version_is_shown_without_its_keys(client, li, outbox, text, shown):
    (outbox / "sms").mkdir()
    (outbox / "sms/old.txt").write_text(text)
    client.force_login(li)
    page = text_of(client.get("/messages/files/"))
    assert shown in page
    assert text not in page or text == shown


def test_where_no_gateway_is_wanted_the_log_says_what_became_of_a_message(
    client, li, chen, outbox, settings, winter
):
    settings.SMS_BACK_END, settings.SHOW_CODES = "none", False
    with looking():
        type(chen).objects.filter(pk=chen.pk).update(phone=PHONE)
    tell_one(MOVED, chen.pk, about=chen, organization_id="140105", values=FACTS)
    link = {"link": "http://127.0.0.1:8000/status/"}
    tell_number(
        MOVED_BY_NUMBER, PHONE, about=chen, organization_id="140105", values=FACTS | link, days=3
    )
    assert [deliver_due(way, now) for way in (ChannelName.SMS, ChannelName.CODE)] == [0, 0]
    assert kept(outbox) == ""
    assert dict(Message.objects.values_list("channel", "answer")) == {
        "inapp": "",
        "sms": "没有接通短信平台，没有发短信。",
        "code": "没有接通短信平台，没有发出。",
    }
    # It is as the portal was set up: nothing failed, and nothing is tried again.
    assert state_of_things(now()).failed == 0
    assert Message.objects.filter(state=MessageState.CANCELLED, sealed="", claim=None).count() == 2
    client.force_login(li)
    assert "没有接通短信平台，没有发短信" in text_of(client.get("/messages/log/"))
    assert "短信不发也不存" in text_of(client.get("/messages/files/"))

import datetime as dt
import json
import smtplib

import pytest
from django.core import mail

from qingchun.ground.quiet import after_quiet_hours
from qingchun.notifications import channels, outbox
from qingchun.notifications.actions import tell_one
from qingchun.notifications.channels import NotNow, Undeliverable, files, http
from qingchun.notifications.channels.group import channel as groups
from qingchun.notifications.channels.sms import channel as sms
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.drafts import ClaimedMessage, Draft
from qingchun.notifications.models import GroupChat, Message
from reports.papers.notices import PLAN_APPROVED
from tests.conftest import with_number
from tests.notifications.conftest import Provider


@pytest.fixture
def provider():
    found = Provider()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def inside(settings, provider):
    """Requests may go to this machine."""
    settings.OUTBOUND_ALLOWED = ["127.0.0.0/8"]
    settings.ROBOT_ORIGINS = dict.fromkeys(settings.ROBOT_ORIGINS, provider.url)


def parcel(recipient=None, **changes):
    values = {
        "pk": 7, "organization_id": "1401", "recipient_id": recipient and recipient.pk,
        "purpose": "plan_approved", "subject": "实施方案已通过",
        "lines": json.dumps([{"about": "x", "unit": "1401", "text": "太原市实施方案已通过。"}]),
        "link": "/plans/1/", "is_urgent": False, "attempts": 1, "resends": 0,
    }  # fmt: skip
    return ClaimedMessage(**(values | changes))


# Addresses nobody may be sent to


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x", "https://localhost/x", "http://[::1]/x", "http://169.254.169.254/x",
        "http://10.1.2.3/x", "http://192.168.0.1/x", "http://172.16.0.9/x", "http://0.0.0.0/x",
        "http://[::ffff:127.0.0.1]/x", "http://2130706433/x", "http://100.64.0.1/x",
        "http://[fe80::1]/x", "http://224.0.0.1/x", "http://[64:ff9b::7f00:1]/x",
        "http://[64:ff9b::10.0.0.1]/x", "http://[64:ff9b:1::1]/x", "http://[2002:7f00:1::]/x",
        "http://[2002:0808:0808::1]/x", "http://[::127.0.0.1]/x", "http://[::ffff:0:127.0.0.1]/x",
        "http://[2001:0:4136:e378::1]/x", "http://192.0.0.192/x", "http://[fec0::1]/x",
    ],
)  # fmt: skip
def test_no_request_leaves_for_a_private_address(url):
    with pytest.raises(Undeliverable, match="内部网络"):
        http.post(url, b"", {})


def test_public_address_stays_public_where_the_network_translates_it():
    assert http.refuse_private("64:ff9b::8.8.8.8", 443) == ["64:ff9b::808:808"]
    assert http.refuse_private("2400:3200::1", 443) == ["2400:3200::1"]


@pytest.mark.parametrize(
    ("robot", "url"),
    [
        ("wecom", "https://oapi.dingtalk.com/robot/send?access_token=x"),
        ("dingtalk", "http://oapi.dingtalk.com/robot/send?access_token=x"),
        ("wecom", "https://qyapi.weixin.qq.com.example.org/cgi-bin/webhook/send?key=x"),
        ("wecom", "https://qyapi.weixin.qq.com@example.org/x"), ("wecom", "https://example.org:8443/x"),
    ],
)  # fmt: skip
def test_administrator_cannot_have_a_robot_call_any_other_host(client, wang, robot, url):
    client.force_login(wang)
    typed = {"robot": robot, "name": "太原青年群", "url": url, "is_on": "on"}
    assert (
        "开头，请从群设置里重新复制" in client.post("/messages/group-chat/", typed).content.decode()
    )
    assert not GroupChat.objects.exists()


def test_robot_of_another_host_kept_before_is_not_called(db):
    chat = GroupChat(organization_id="1401", robot="wecom", name="群")
    chat.url = "https://example.org/robot"
    chat.save()
    with pytest.raises(Undeliverable, match=r"以 https://qyapi\.weixin\.qq\.com/ 开头"):
        groups.GroupChats().deliver(parcel())


@pytest.mark.parametrize(
    "url", ["ftp://x.org/", "file:///etc/passwd", "x", "", "http://a:b@x.org/"]
)
def test_only_web_addresses_are_called(url):
    with pytest.raises(Undeliverable, match="https://"):
        http.post(url, b"", {})


def test_address_is_checked_again_when_it_is_called(provider, monkeypatch):
    """A name that was public when it was saved may point inside a moment later."""
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def resolve(host, port, **_):
        return [(2, 1, 6, "", (next(answers), port))]

    monkeypatch.setattr(http.socket, "getaddrinfo", resolve)
    http.refuse_private("robot.example.org", 80)
    with pytest.raises(Undeliverable, match="内部网络"):
        http.post("http://robot.example.org/x", b"", {})


def test_group_chat_form_refuses_a_private_address_and_keeps_what_was_typed(client, wang):
    client.force_login(wang)
    typed = {"robot": "wecom", "name": "太原青年群", "url": "http://10.0.0.8/send", "is_on": "on"}
    page = client.post("/messages/group-chat/", typed).content.decode()
    assert "企业微信群机器人的网址以 https://qyapi.weixin.qq.com/ 开头" in page
    assert "太原青年群" in page
    assert not GroupChat.objects.exists()


def test_group_chat_is_kept_sealed_and_its_address_never_shown(
    client, wang, settings, provider, inside
):
    client.force_login(wang)
    url = f"{provider.url}/robot?key=geheim"
    client.post(
        "/messages/group-chat/", {"robot": "wecom", "name": "群", "url": url, "is_on": "on"}
    )
    chat = GroupChat.objects.get()
    assert "geheim" not in chat.sealed_url
    assert chat.url == url
    assert "geheim" not in client.get("/messages/group-chat/").content.decode()
    # Renamed without typing the address again.
    client.post("/messages/group-chat/", {"robot": "wecom", "name": "新群名", "is_on": "on"})
    chat.refresh_from_db()
    assert (chat.name, chat.url) == ("新群名", url)


# Providers


def test_robot_takes_a_message_and_its_refusals_are_told_apart(db, provider, inside, monkeypatch):
    chat = GroupChat(organization_id="1401", robot="wecom", name="群")
    chat.url = f"{provider.url}/robot"
    chat.save()
    assert groups.GroupChats().deliver(parcel()) == "企业微信群机器人已收下"
    assert list(provider.delivered) == ["太原市实施方案已通过。"]
    monkeypatch.setattr(http, "post_json", lambda *_: {"errcode": 45009})
    with pytest.raises(NotNow):
        groups.GroupChats().deliver(parcel())
    monkeypatch.setattr(http, "post_json", lambda *_: {"errcode": 93000, "errmsg": "invalid"})
    with pytest.raises(Undeliverable, match="93000"):
        groups.GroupChats().deliver(parcel())


def test_dingtalk_is_signed_as_its_documents_say(monkeypatch):
    """Checked against openssl: printf '1546308000000\\nSECxyz' | openssl dgst -sha256 -hmac."""
    monkeypatch.setattr(groups.time, "time", lambda: 1546308000)
    chat = GroupChat(robot="dingtalk")
    chat.url, chat.secret = "https://oapi.dingtalk.com/robot/send?access_token=t", "SECxyz"
    head, _, sign = groups.signed(chat).partition("&sign=")
    assert head == "https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1546308000000"
    assert sign == "xWI5WmnXsMG0hGR4wY6PgcXjnhLyVNKBL9D3LHRTWrM%3D"


def test_aliyun_signature_is_that_of_its_documents(settings):
    """The worked example of "Request syntax and signature method V3"."""
    settings.SMS_KEY, settings.SMS_SECRET = "YourAccessKeyId", "YourAccessKeySecret"
    query = {
        "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai",
    }  # fmt: skip
    headers = sms.Aliyun.signed(
        "RunInstances", "2014-05-26", query, host="ecs.cn-shanghai.aliyuncs.com",
        nonce="3156853299f313e23d1673dc12e1703d", date="2023-10-26T10:22:32Z",
    )  # fmt: skip
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencent_signature_is_that_of_its_documents(settings):
    """The worked example of "Signature v3"."""
    settings.SMS_KEY = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
    settings.SMS_SECRET = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )
    headers = sms.Tencent.signed(
        body, host="cvm.tencentcloudapi.com", service="cvm", stamp=1551113065
    )
    assert headers["Authorization"].endswith(
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


@pytest.mark.parametrize(
    ("back_end", "status", "answer", "outcome"),
    [
        (sms.Aliyun, 200, {"Code": "OK", "BizId": "9"}, "9"),
        (sms.Aliyun, 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, NotNow),
        (sms.Aliyun, 400, {"Code": "Throttling.User"}, NotNow),
        (sms.Aliyun, 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, Undeliverable),
        (sms.Aliyun, 503, {}, NotNow),
        (sms.Tencent, 200, {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "9"}]}}, "9"),
        (sms.Tencent, 200, {"Response": {"Error": {"Code": "InternalError"}}}, NotNow),
        (sms.Tencent, 200, {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.x"}]}}, NotNow),
        (sms.Tencent, 200, {"Response": {"Error": {"Code": "AuthFailure"}}}, Undeliverable),
    ],
)
def test_cloud_answers_are_read(settings, monkeypatch, back_end, status, answer, outcome):
    settings.SMS_TEMPLATES = {"*": "T1"}
    monkeypatch.setattr(http, "post", lambda *_: (status, json.dumps(answer)))
    if isinstance(outcome, str):
        assert back_end().send(parcel(), "13800000001", "文") == outcome
    else:
        with pytest.raises(outcome):
            back_end().send(parcel(), "13800000001", "文")


def test_purpose_without_an_approved_template_says_so(settings):
    with pytest.raises(Undeliverable, match="短信模板"):
        sms.Aliyun().send(parcel(), "13800000001", "文")


def test_gateway_knows_a_message_by_its_key(provider, inside, settings):
    settings.SMS_URL = f"{provider.url}/sms"
    for _ in range(2):
        sms.Gateway().send(parcel(), "13800000001", "文")
    assert (provider.calls["qingchun-7-0"], provider.delivered["qingchun-7-0"]) == (2, 1)


def test_sms_and_email_go_to_files_without_a_provider(settings, tmp_path, wang):
    settings.OUTBOX_ROOT = tmp_path
    wang.phone, wang.email = "13800000001", "wang@example.org"
    wang.save()
    for name in (ChannelName.SMS, ChannelName.EMAIL, ChannelName.SMS):
        channels.get(name).deliver(parcel(wang))
    assert sorted(name for name, _ in files.newest()) == [
        "email/qingchun-7-0.txt", "sms/qingchun-7-0.txt",
    ]  # fmt: skip
    text = dict(files.newest())["sms/qingchun-7-0.txt"]
    assert text == "收件：138****0001\n\n【青春兴晋】太原市实施方案已通过。\n"
    assert "13800000001" in (tmp_path / "sms/qingchun-7-0.txt").read_text()


@pytest.mark.parametrize("phone", ["12345678901", "1380000000x", "0351-404040"])
def test_phone_that_is_no_phone_is_not_sent_to(wang, phone):
    type(wang).objects.filter(pk=wang.pk).update(phone=phone)
    with pytest.raises(Undeliverable, match="手机号不对"):
        channels.get(ChannelName.SMS).deliver(parcel(wang))


def test_email_by_smtp_carries_our_key(settings, wang, monkeypatch):
    settings.EMAIL_HOST = "smtp.example.org"
    wang.email = "wang@example.org"
    wang.save()
    assert channels.get(ChannelName.EMAIL).deliver(parcel(wang)) == "邮件服务器已收下"
    (sent,) = mail.outbox
    assert sent.subject == "【青春兴晋】实施方案已通过"
    assert sent.extra_headers["Message-ID"] == "<qingchun-7-0@localhost>"
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send",
        lambda self: (_ for _ in ()).throw(smtplib.SMTPServerDisconnected()),
    )
    with pytest.raises(NotNow):
        channels.get(ChannelName.EMAIL).deliver(parcel(wang))


def test_person_without_a_number_is_said_so_in_the_log(wang, winter):
    tell_one(PLAN_APPROVED, wang.pk, **about(wang))
    assert {m.channel for m in Message.objects.all()} == {"inapp"}
    assert outbox.post([draft(wang)], winter_now()) == 1
    assert outbox.deliver_due(ChannelName.SMS, winter_now) == 0
    row = Message.objects.get(channel=ChannelName.SMS)
    assert (row.state, row.answer) == (MessageState.FAILED, "本人没有填写手机号。")


def winter_now():
    from django.utils.timezone import now

    return now()


def about(user):
    return {
        "about": user.acting, "organization_id": "1401",
        "values": {"unit": "太原市", "campaign": "2019年春节"},
    }  # fmt: skip


def draft(user, **changes):
    values = {
        "key": "k", "purpose": "plan_approved", "channel": ChannelName.SMS, "organization_id": "1401",
        "recipient_id": user.pk, "subject": "试", "due_at": winter_now(),
        "lines": [{"about": "x", "unit": "1401", "text": "试\t一\\下\n再试"}],
    }  # fmt: skip
    return Draft(**(values | changes))


# Rows


def test_text_comes_back_as_it_was_written(wang, winter):
    outbox.post([draft(wang)], winter_now())
    assert Message.objects.get().text == "试\t一\\下\n再试"


def test_same_key_is_written_once(wang, winter):
    assert outbox.post([draft(wang), draft(wang, key="k2")], winter_now()) == 2
    assert outbox.post([draft(wang), draft(wang, key="k3")], winter_now()) == 1
    assert Message.objects.count() == 3


def test_message_that_breaks_its_channel_is_put_off_and_the_rest_go(
    wang, winter, monkeypatch, settings, tmp_path
):
    settings.OUTBOX_ROOT = tmp_path
    with_number(wang, "13800000001")
    outbox.post([draft(wang), draft(wang, key="k2", purpose="digest")], winter_now())
    whole = files.write

    def write(channel, parcel, text):
        if parcel.purpose == "digest":
            raise ZeroDivisionError
        return whole(channel, parcel, text)

    monkeypatch.setattr(files, "write", write)
    assert outbox.deliver_due(ChannelName.SMS, winter_now) == 1
    broken = Message.objects.get(key="k2")
    assert (broken.state, broken.answer) == (MessageState.DUE, "发送时出错：ZeroDivisionError")
    assert broken.try_at == winter_now() + dt.timedelta(minutes=1)


def test_provider_that_never_takes_it_is_given_up_at_last(wang, winter, monkeypatch):
    outbox.post([draft(wang, is_urgent=True)], winter_now())
    monkeypatch.setattr(sms.Sms, "deliver", lambda *_: (_ for _ in ()).throw(NotNow("忙")))
    for _ in range(8):
        outbox.deliver_due(ChannelName.SMS, winter_now)
        winter.shift(dt.timedelta(hours=13))
    row = Message.objects.get()
    assert (row.state, row.attempts, row.answer) == (MessageState.FAILED, 8, "忙")


@pytest.mark.parametrize("hours", [-1, 1])
def test_row_stuck_in_sending_is_recovered_whichever_way_the_clock_went(
    wang, winter, hours, settings, tmp_path
):
    settings.OUTBOX_ROOT = tmp_path
    with_number(wang, "13800000001")
    outbox.post([draft(wang, is_urgent=True)], winter_now())
    outbox._turn(ChannelName.SMS, None, [], 1, winter_now())
    assert Message.objects.get().state == MessageState.SENDING
    assert outbox.deliver_due(ChannelName.SMS, winter_now) == 0
    winter.shift(dt.timedelta(hours=hours))
    if hours < 0:
        Message.objects.update(due_at=winter_now())
    assert outbox.deliver_due(ChannelName.SMS, winter_now) == 1


@pytest.mark.parametrize(
    ("at", "goes"),
    [("21:59", "21:59"), ("22:00", "08:00"), ("07:59", "08:00"), ("08:00", "08:00")],
)
def test_quiet_hours(at, goes):
    moment = dt.datetime.fromisoformat(f"2019-01-08T{at}+08:00")
    after = after_quiet_hours(moment, is_urgent=False)
    assert f"{after:%H:%M}" == goes
    assert dt.timedelta() <= after - moment <= dt.timedelta(hours=10)
    assert after_quiet_hours(moment, is_urgent=True) == moment


def test_inbox_tells_at_night_what_somebody_did(wang, winter):
    winter.move_to(dt.datetime.fromisoformat("2019-01-08T23:30+08:00"))
    wang.phone, wang.email = "13800000001", "wang@example.org"
    wang.save()
    tell_one(PLAN_APPROVED, wang.pk, **about(wang))
    states = dict(Message.objects.values_list("channel", "state"))
    assert states.pop("inapp") == "sent"
    assert set(states.values()) == {"due"}
    assert sum(outbox.deliver_due(way, winter_now) for way in states) == 0


def test_channels_have_one_base_and_a_name_each():
    assert channels.names() == [
        ChannelName.INAPP,
        ChannelName.EMAIL,
        ChannelName.SMS,
        ChannelName.GROUP,
        ChannelName.CODE,
        "weixin",
    ]
    assert all(isinstance(channels.get(name), channels.Channel) for name in channels.names())

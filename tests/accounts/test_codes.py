"""Sign-in by a number and a code: limits, tries, time, and nothing told to strangers."""

import base64
import html
import json
import re

import altcha
import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts import challenges
from qingchun.accounts.models import User
from qingchun.accounts.phones import clean_phone, masked, phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.accounts.session_store import digest
from qingchun.notifications.channels.code.channel import unseal
from qingchun.notifications.models import Message
from qingchun.notifications.outbox import deliver_due
from tests.conftest import person, uncounted, with_number
from tests.looking import looking
from tests.notifications.conftest import Provider

PHONE = "13800002001"
SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def send(client, phone=PHONE, **values):
    return client.post(SIGN_IN, {"phone": phone, "send": "1"} | values, follow=True)


def code_in(response):
    return re.search(r"验证码是 <b>(\d{6})</b>", response.content.decode())[1]


def enter(client, code, phone=PHONE):
    return client.post(SIGN_IN, {"phone": phone, "code": code})


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800002001", "13800002001"),
        (" 138 0000 2001 ", "13800002001"),
        ("+86 138-0000-2001", "13800002001"),
        ("008613800002001", "13800002001"),
        ("86 13800002001", "13800002001"),
        ("\u202d138 0000 2001\u202c", "13800002001"),  # as a phone's address book copies it
        ("１３８００００２００１", "13800002001"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
    ],
)
def test_number_is_kept_one_way_however_it_is_typed(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize("typed", ["1380000200", "23800002001", "+86 12345", "abc", "+0123456789"])
def test_what_is_no_number_is_refused_with_a_hint(typed):
    with pytest.raises(ValidationError, match="手机号不对"):
        clean_phone(typed)


def test_number_is_masked():
    assert (masked("13800002001"), masked("+85291234567"), masked("")) == (
        "138****2001", "+85****4567", "",
    )  # fmt: skip


def test_unknown_number_gets_an_account_and_is_signed_in(client):
    assert enter(client, code_in(send(client))).status_code == 302
    with looking():
        user = User.objects.get(phone_mark=phone_mark(PHONE))
    assert (user.has_usable_password(), user.memberships.exists()) == (False, False)
    assert client.get("/me/").status_code == 200


def test_answer_never_tells_whether_a_number_is_known(zhang):
    with_number(zhang, "13800002002")
    known, unknown = (send(Client(), phone) for phone in ("13800002002", "13800002003"))
    strip = r"<b>\d{6}</b>|csrfmiddlewaretoken\" value=\"\w+\"|1380000200\d"
    assert re.sub(strip, "", text_of(known)) == re.sub(strip, "", text_of(unknown))
    wrong = [text_of(enter(client, "000000", phone)) for client, phone in (
        (Client(), "13800002002"), (Client(), "13800002003"))]  # fmt: skip
    assert "请先点“获取验证码”" in wrong[0]
    assert re.sub(strip, "", wrong[0]) == re.sub(strip, "", wrong[1])


def test_code_is_spent_once(client):
    code = code_in(send(client))
    assert enter(client, code).status_code == 302
    assert "请先点“获取验证码”" in text_of(enter(client, code))


def test_code_of_another_session_is_none_here(client):
    code = code_in(send(client))
    assert "请先点“获取验证码”" in text_of(enter(Client(), code))


def test_code_ends_after_five_minutes(client):
    with time_machine.travel("2019-01-08 09:00+08:00", tick=False) as clock:
        code = code_in(send(client))
        clock.shift(301)
        assert "验证码过期了" in text_of(enter(client, code))
        assert "请先点“获取验证码”" in text_of(enter(client, code))


def test_code_ends_after_five_wrong_tries(client):
    code = code_in(send(client))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert "验证码不对" in text_of(enter(client, wrong))
    assert "已经输错 5 次" in text_of(enter(client, code))
    assert "请先点“获取验证码”" in text_of(enter(client, code))


def test_code_for_one_number_opens_no_other(client):
    code = code_in(send(client))
    assert "手机号改过了" in text_of(enter(client, code, phone="13800002009"))


def test_neither_number_nor_code_can_be_read_in_database_or_session(client):
    code = code_in(send(client))
    message = Message.objects.get(channel="code")
    row = " ".join(str(value) for value in vars(message).values())
    assert PHONE not in row
    assert code not in row
    assert code in unseal(message.sealed, "code")
    session = Session.objects.get(pk=digest(client.session.session_key)).get_decoded()
    assert PHONE not in json.dumps(session)
    assert code not in json.dumps(session)


@pytest.fixture
def gateway(settings):
    """A gateway that takes short messages, really connected."""
    provider = Provider()
    settings.SMS_BACK_END, settings.SMS_URL = "gateway", f"{provider.url}/sms"
    settings.CODES_ARE_SENT, settings.OUTBOUND_ALLOWED = True, ["127.0.0.0/8"]
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


def test_code_goes_out_to_the_number_and_is_wiped(client, gateway):
    code_in(send(client))
    assert deliver_due("code", now) == 1
    message = Message.objects.get(channel="code")
    assert (message.state, message.sealed) == ("sent", "")
    assert gateway.delivered[f"qingchun-{message.pk}-0"] == 1


def test_code_that_waited_too_long_is_not_sent(client, gateway):
    with time_machine.travel("2019-01-08 09:00+08:00", tick=False) as clock:
        send(client)
        clock.shift(301)
        assert deliver_due("code", now) == 0
        message = Message.objects.get(channel="code")
    assert (message.state, message.sealed) == ("failed", "")


@pytest.fixture
def no_pause(settings):
    """A minute between two codes for a number goes by at once: Redis has a clock of its own."""
    settings.CODE_PAUSE = 0


def asked(client, phones):
    """Ask for a code for each number. Returns: the answers."""
    return [text_of(send(client() if callable(client) else client, phone)) for phone in phones]


def test_second_code_within_the_minute_is_refused(client):
    code_in(send(client))
    assert "获取验证码太频繁" in text_of(send(client))


def test_number_is_protected_from_many_devices(no_pause):
    answers = asked(Client, [PHONE] * 4)
    assert ["请先完成下面的验证" in answer for answer in answers] == [False] * 3 + [True]


def test_device_cannot_ask_for_many_numbers():
    answers = asked(Client(), [f"138000020{n}" for n in range(10, 17)])
    assert ["请先完成下面的验证" in answer for answer in answers] == [False] * 6 + [True]


def test_address_cannot_ask_for_many_numbers(settings):
    settings.CODE_LIMITS = settings.CODE_LIMITS | {"address": (4, 300, 3600)}
    answers = asked(Client, [f"138000020{n}" for n in range(10, 15)])
    assert ["请先完成下面的验证" in answer for answer in answers] == [False] * 4 + [True]


@pytest.fixture
def challenged(settings, no_pause):
    """Every code needs the human check."""
    settings.CODE_LIMITS = {k: (0, most, s) for k, (_, most, s) in settings.CODE_LIMITS.items()}


def sum_done(response):
    """What the widget sends once the device has done the sum."""
    widget = re.search(r'challenge="([^"]+)"', text_of(response))[1]
    asked = json.loads(html.unescape(widget))
    found = altcha.solve_challenge_v1(
        asked["challenge"], asked["salt"], asked["algorithm"], asked["maxNumber"], 0
    )
    asked["number"] = found.number
    return base64.b64encode(json.dumps(asked).encode()).decode()


def test_sum_done_by_the_device_lets_the_code_go(client, challenged):
    asked = send(client)
    assert not Message.objects.filter(channel="code").exists()
    answer = send(client, altcha=sum_done(asked))
    assert code_in(answer)


def test_sum_counts_once_and_forged_not_at_all(client, challenged):
    payload = sum_done(send(client))
    code_in(send(client, altcha=payload))
    assert "请先完成下面的验证" in text_of(send(client, altcha=payload))
    for forged in ("", "x", base64.b64encode(b"{}").decode(), base64.b64encode(b"[]").decode()):
        assert "请先完成下面的验证" in text_of(send(client, altcha=forged))


def test_picture_read_without_a_script_lets_the_code_go_once(client, challenged, monkeypatch):
    drawn = []
    generate = challenges._drawing.generate
    monkeypatch.setattr(
        challenges._drawing, "generate", lambda digits: drawn.append(digits) or generate(digits)
    )
    send(client)
    picture = client.get("/sign-in/picture.png")
    assert picture.content[:4] == b"\x89PNG"
    assert "请先完成下面的验证" in text_of(send(client, picture="0000"))
    client.get("/sign-in/picture.png")
    assert code_in(send(client, picture=drawn[-1]))
    assert "请先完成下面的验证" in text_of(send(client, picture=drawn[-1]))


def test_no_check_lets_more_than_ten_codes_a_day_go_to_a_number(client, challenged):
    payloads = [sum_done(send(client, f"138000030{n:02}")) for n in range(11)]
    for payload in payloads[:10]:
        code_in(send(Client(), altcha=payload))
    assert "获取验证码太频繁" in text_of(send(Client(), altcha=payloads[10]))


def test_cadre_with_a_second_factor_passes_it_after_the_code(client, li):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    with_number(li, PHONE)
    with looking():
        TOTP.activate(li, generate_totp_secret())
    answer = enter(client, code_in(send(client)))
    assert answer.url == "/accounts/2fa/authenticate/"
    assert client.get("/me/").status_code == 302


def test_suspended_account_is_not_opened(client):
    user = person("gone", "离岗人")
    with_number(user, PHONE)
    with looking():
        User.objects.filter(pk=user.pk).update(is_active=False)
    assert "这个账号已经停用" in text_of(enter(client, code_in(send(client))))


def test_wechat_is_hidden_until_it_is_configured(client):
    assert "微信登录" not in text_of(client.get(SIGN_IN))
    assert client.get("/accounts/weixin/login/").status_code == 404


def test_young_persons_page_asks_for_a_code_and_leads_back(client):
    asked = client.get("/my/questions/")
    assert asked.url == "/sign-in/?next=%2Fmy%2Fquestions%2F"
    code = code_in(client.post(asked.url, {"phone": PHONE, "send": "1"}, follow=True))
    assert client.post(asked.url, {"phone": PHONE, "code": code}).url == "/my/questions/"


def test_sign_in_leads_to_no_other_site(client):
    address = f"{SIGN_IN}?next=https://example.org/"
    code = code_in(client.post(address, {"phone": PHONE, "send": "1"}, follow=True))
    assert client.post(address, {"phone": PHONE, "code": code}).url == "/"


def test_a8_strangers_who_solve_nothing_take_no_code_from_the_owner(client, no_pause):
    """doors A8: ten anonymous requests locked anybody's number out for a day."""
    answers = asked(Client, [PHONE] * 20)
    assert ["请先完成下面的验证" in answer for answer in answers] == [False] * 3 + [True] * 17
    assert code_in(send(client, altcha=sum_done(send(client))))


def test_a8_refused_codes_are_not_counted_for_device_and_address(settings, no_pause):
    settings.CODE_LIMITS = settings.CODE_LIMITS | {"address": (4, 5, 3600)}
    asked(Client, [PHONE] * 12)
    answers = asked(Client, ["13800002051", "13800002052"])
    assert ["请先完成下面的验证" in answer for answer in answers] == [False, True]


def test_a8_owner_keeps_a_way_in_on_a_day_when_strangers_ask(client, no_pause, settings):
    """The device on which somebody of the number has signed in has a few codes of its own."""
    enter(client, code_in(send(client)))
    client.post("/accounts/logout/")
    settings.CODE_LIMITS = settings.CODE_LIMITS | {"phone": (4, 4, 24 * 60 * 60)}
    strangers = asked(Client, [PHONE] * 4)
    assert "获取验证码太频繁" in strangers[-1]
    assert enter(client, code_in(send(client))).status_code == 302
    settings.CODES_OF_OWN_DEVICE = 1
    assert "获取验证码太频繁" in text_of(send(client))


def test_portal_sends_so_many_a_day_and_tells_the_province_before(li, settings, no_pause):
    settings.CODES_A_DAY = 5
    answers = asked(Client, [f"138000020{n}" for n in range(60, 66)])
    assert ["今天全省发出的验证码已到上限" in answer for answer in answers] == [False] * 5 + [True]
    (told,) = Message.objects.filter(purpose="codes_run_out", channel="inapp")
    assert (told.recipient, "已经发出 4 个" in told.text) == (li, True)


def test_without_a_gateway_codes_are_refused_in_words(client, settings):
    settings.SHOW_CODES = settings.CODES_ARE_SENT = settings.CODES_CAN_BE_USED = False
    assert "这里没有接通短信，不能用验证码" in text_of(client.get(SIGN_IN))
    assert "这里没有接通短信，不能用验证码" in text_of(send(client))
    assert Message.objects.filter(channel="code").count() == 0


def test_code_says_which_message_proved_the_number(client):
    enter(client, code_in(send(client)))
    with looking():
        user = User.objects.get(phone_mark=phone_mark(PHONE))
        message = Message.objects.get(channel="code")
    assert (proved_phone(user), user.phone_proof) == (PHONE, f"message {message.pk}")


def test_proof_falls_away_with_the_number_however_it_is_changed(chen):
    for phone in ("13800002090", "", "13800002091"):
        with_number(chen, "13800002001")
        with looking():
            User.objects.filter(pk=chen.pk).update(phone=phone)
            chen.refresh_from_db()
        proof = (chen.phone_proved_mark, chen.phone_proved_at, chen.phone_proof)
        assert proof == (None, None, "")
        with looking():
            User.objects.filter(pk=chen.pk).update(phone="13800002001")
            chen.refresh_from_db()
        assert chen.phone_proved_mark is None

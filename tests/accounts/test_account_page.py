"""账号安全: what somebody sees of their own sessions, keys and number, and ends there."""

import pytest
from django.test import Client

from qingchun.accounts import sign_ins
from qingchun.accounts.credential_models import ApiToken, SignIn
from qingchun.accounts.models import User
from qingchun.accounts.proving import proved_phone
from qingchun.notifications.models import Message
from tests.accounts import desk
from tests.accounts.desk import by_key, is_in, key_made, opens, signed_in, text_of
from tests.conftest import uncounted, with_number
from tests.looking import looking


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def row_of(client):
    return client.session[sign_ins.ROW]


def test_cadre_sees_each_device_and_which_of_them_is_here(zhang):
    phone, office = signed_in("zhang", agent=desk.PHONE_AGENT), signed_in("zhang")
    page = office.get("/me/")
    assert [(s.device, s.is_here) for s in page.context["in_use"]] == [
        ("Windows 电脑 · Edge", True), ("安卓手机 · Chrome", False),
    ]  # fmt: skip
    assert text_of(page).count("这台设备") == 2
    assert "127.0.0.1" in text_of(page)
    assert is_in(phone)


def test_cadre_ends_the_session_on_a_lost_phone_at_once(zhang):
    phone, office = signed_in("zhang", agent=desk.PHONE_AGENT), signed_in("zhang")
    office.post(f"/me/sessions/{row_of(phone)}/end/")
    assert (is_in(phone), is_in(office)) == (False, True)


def test_cadre_ends_all_sessions_but_the_one_here(zhang):
    others, office = [signed_in("zhang") for _ in range(3)], signed_in("zhang")
    office.post("/me/sessions/end/")
    assert ([is_in(other) for other in others], is_in(office)) == ([False] * 3, True)


def test_session_that_was_ended_is_a_stranger_on_its_device_too(zhang):
    phone, office = signed_in("zhang"), signed_in("zhang")
    with looking():
        digest = SignIn.objects.get(pk=row_of(phone)).device_digest
        SignIn.objects.filter(pk=row_of(phone)).update(factor_at="2019-01-01T00:00Z")
    office.post(f"/me/sessions/{row_of(phone)}/end/")
    with looking():
        assert not SignIn.objects.of_known_device(zhang, digest).exists()
        assert SignIn.objects.get(pk=row_of(office)).device_digest


def test_nobody_ends_a_colleagues_session(zhang, sun):
    hers, his = signed_in("zhang"), signed_in("sun")
    his.post(f"/me/sessions/{row_of(hers)}/end/")
    assert is_in(hers)


def test_session_that_fell_asleep_is_not_shown_as_in_use(zhang, winter):
    signed_in("zhang")
    winter.shift(31 * 60)
    page = signed_in("zhang").get("/me/")
    assert [s.is_here for s in page.context["in_use"]] == [True]
    assert "已超时" in text_of(page)


def test_ended_sign_ins_are_shown_too_and_twenty_at_most(zhang):
    for _ in range(25):
        signed_in("zhang").post("/accounts/logout/")
    page = signed_in("zhang").get("/me/")
    assert len(page.context["latest"]) == 20
    assert "退出</td>" in text_of(page)


def test_young_person_sees_their_own_devices_and_no_keys():
    page = text_of(desk.signed_in_by_code("13800002001").get("/me/"))
    assert ("正在登录的设备" in page, "138****2001" in page) == (True, True)
    assert ("接口密钥" in page, "修改密码" in page) == (False, False)


@pytest.mark.parametrize("many", [1, 4])
def test_page_costs_the_same_for_one_session_and_key_and_for_many(
    zhang, django_assert_num_queries, many
):
    for number in range(many):
        client = signed_in("zhang")
        key_made(client, name=f"程序{number}")
    client.get("/me/")
    with django_assert_num_queries(8):
        page = client.get("/me/")
    assert (len(page.context["in_use"]), len(page.context["tokens"])) == (many, many)


# Keys


def test_cadre_sees_their_keys_and_where_each_was_used_last(zhang):
    client = signed_in("zhang")
    key = key_made(client)
    assert "还没有用过" in text_of(client.get("/me/"))
    assert opens(key)
    page = text_of(client.get("/me/"))
    assert ("台账程序" in page, "最近使用" in page, "来自 127.0.0.1" in page, key in page) == (
        True, True, True, False,
    )  # fmt: skip


def test_key_that_is_suddenly_used_from_elsewhere_shows_it_at_once(zhang, winter):
    client = signed_in("zhang")
    key = key_made(client)
    assert opens(key)
    stranger = {"REMOTE_ADDR": "203.0.113.7", "headers": {"authorization": f"Token {key}"}}
    assert Client().get("/api/v1/organizations/", **stranger).status_code == 200
    assert "来自 203.0.113.7" in text_of(client.get("/me/"))


def test_revoked_key_opens_nothing(zhang):
    client = signed_in("zhang")
    key, other = key_made(client), key_made(client)
    token = ApiToken.objects.order_by("pk").first()
    client.post(f"/me/tokens/{token.pk}/revoke/")
    assert (opens(key), opens(other)) == (False, True)


def test_nobody_revokes_a_colleagues_key(zhang, sun):
    key = key_made(signed_in("zhang"))
    token = ApiToken.objects.get()
    assert signed_in("sun").post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    assert opens(key)


def test_owner_is_told_when_a_key_is_made(zhang):
    User.objects.filter(pk=zhang.pk).update(email="zhang@example.org")
    key_made(signed_in("zhang"), is_read_only="on")
    told = Message.objects.filter(purpose="key_made", recipient=zhang)
    assert sorted(told.values_list("channel", flat=True)) == ["email", "inapp"]
    assert "能以“团小店区委 管理员”的身份读取数据" in told.first().lines[0]["text"]


def test_key_is_made_only_by_somebody_who_has_just_given_the_password(zhang):
    client = signed_in("zhang")
    asked = client.post("/me/tokens/", {"name": "台账程序", "days": "90"})
    assert asked.url == "/accounts/reauthenticate/?next=%2Fme%2Ftokens%2F"
    assert not ApiToken.objects.exists()


def test_key_lives_a_year_at_most(zhang, winter):
    client = signed_in("zhang")
    desk.asked_again(client)
    client.post("/me/tokens/", {"name": "台账程序", "days": "9999"})
    assert not ApiToken.objects.exists()
    key = key_made(client, days="365")
    winter.shift(364 * 86400)
    assert opens(key)
    winter.shift(2 * 86400)
    assert not opens(key)


def test_read_only_key_reads_and_is_refused_in_words_when_it_writes(zhang, campaign):
    client = signed_in("zhang")
    key = key_made(client, is_read_only="on")
    assert opens(key)
    answer = by_key(key, "post", "/api/v1/activities/", data={}, content_type="application/json")
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "这个接口密钥只能读取，不能改。",
    )  # fmt: skip
    assert not ApiToken.objects.filter(used_at=None).exists()
    assert client.post("/act-for/", {"organization": "140105"}).status_code == 302


# The number


def test_own_number_is_changed_by_a_code_to_the_new_one_and_this_session_stays(zhang):
    with_number(zhang, "13800002002")
    here, elsewhere = signed_in("zhang"), signed_in("zhang")
    key, feed = key_made(here), desk.calendar_made(here)
    answer = desk.code_sent(here, "/me/number/", phone="13800002003")
    assert answer.url == "/me/"
    zhang.refresh_from_db()
    assert (zhang.phone, proved_phone(zhang)) == ("13800002003", "13800002003")
    assert (is_in(here), is_in(elsewhere), opens(key), desk.feed_opens(feed)) == (
        True, False, False, False,
    )  # fmt: skip
    assert signed_in("13800002003").answer.status_code == 302


def test_number_is_not_changed_in_a_session_that_somebody_left_open(zhang):
    with_number(zhang, "13800002002")
    client = signed_in("zhang")
    asked = client.post("/me/number/", {"phone": "13800002003", "send": "1"})
    assert asked.url == "/accounts/reauthenticate/?next=%2Fme%2Fnumber%2F"


def test_number_without_its_code_is_not_changed(zhang):
    client = signed_in("zhang")
    desk.asked_again(client)
    client.post("/me/number/", {"phone": "13800002003", "send": "1"}, follow=True)
    page = client.post("/me/number/", {"phone": "13800002003", "code": "000000"})
    assert "验证码不对" in text_of(page)
    zhang.refresh_from_db()
    assert zhang.phone == ""


def test_page_says_whether_the_number_was_proved(zhang):
    User.objects.filter(pk=zhang.pk).update(phone="13800002002")
    client = signed_in("zhang")
    assert "还没有验证" in text_of(client.get("/me/"))
    with_number(zhang, "13800002002")
    page = text_of(client.get("/me/"))
    assert ("已验证" in page, "13800002002" in page) == (True, False)

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import connection

from qingchun.accounts.models import Membership
from qingchun.organizations.choices import Role
from tests.conftest import PASSWORD, uncounted, unit, with_number
from tests.looking import looking

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def test_cadre_signs_in_by_username(client, zhang, campaign):
    response = client.post(LOGIN, {"login": "zhang", "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == "/today/"
    assert "团小店区委到今天" in response.content.decode()


def test_cadre_signs_in_by_phone(client, zhang):
    with_number(zhang, "13800001234")
    assert sign_in(client, "13800001234").status_code == 302


def test_wrong_password_says_so_in_chinese(client, zhang):
    text = sign_in(client, "zhang", "wrong").content.decode()
    assert "不正确" in text


def test_lock_out_after_five_wrong_passwords(client, zhang):
    for _ in range(5):
        sign_in(client, "zhang", "wrong")
    response = sign_in(client, "zhang")
    assert response.status_code != 302
    assert "_auth_user_id" not in client.session
    assert "登录失败次数过多" in response.content.decode()


WAYS_TO_ASK = (
    ("zhang", {"HTTP_HOST": "localhost"}),
    ("zhang", {"HTTP_HOST": "127.0.0.1:8123"}),
    ("ZHANG", {}),
    ("　ｚｈａｎｇ ", {}),
    ("13800001234", {}),
    ("+86 138 0000 1234", {}),
    ("zhang", {"REMOTE_ADDR": "10.1.2.3"}),
    ("zhang", {"HTTP_X_FORWARDED_FOR": "10.9.9.9"}),
)


@pytest.mark.parametrize(("login", "more"), WAYS_TO_ASK)
def test_a5_locked_account_stays_locked_however_it_is_asked_for(client, zhang, login, more):
    """doors A5: what counted failures held what the visitor chooses, the host and the spelling."""
    with_number(zhang, "13800001234")
    for _ in range(5):
        sign_in(client, "zhang", "wrong")
    answer = client.post(LOGIN, {"login": login, "password": PASSWORD}, **more)
    assert "登录失败次数过多" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a5_failures_of_one_account_are_counted_together(client, zhang):
    with_number(zhang, "13800001234")
    for login, more in WAYS_TO_ASK[:5]:
        client.post(LOGIN, {"login": login, "password": "wrong"}, **more)
    assert "登录失败次数过多" in sign_in(client, "zhang").content.decode()


def test_failures_of_one_account_lock_no_other(client, zhang, wang):
    for _ in range(5):
        sign_in(client, "zhang", "wrong")
    assert sign_in(client, "wang").status_code == 302


def test_number_that_was_not_proved_is_nobodys_sign_in_name(client, zhang):
    zhang.phone = "13800001234"
    zhang.save()
    assert sign_in(client, "13800001234").status_code == 200
    assert sign_in(client, "zhang").status_code == 302


def test_signing_in_goes_on_where_the_person_wanted_to_go(client, zhang):
    response = client.get("/activities/new/")
    assert response.url == "/accounts/login/?next=%2Factivities%2Fnew%2F"
    assert sign_in(client, "zhang", next="/activities/new/").url == "/activities/new/"


def test_session_ends_after_idle_time(client, zhang, winter):
    client.force_login(zhang)
    assert client.get("/board/", follow=True).status_code in (200, 404)
    winter.shift(31 * 60)
    assert client.get("/activities/new/").status_code == 302
    assert client.get("/me/").status_code == 302


def test_session_lives_while_somebody_works(client, zhang, campaign, winter):
    client.force_login(zhang)
    for _ in range(4):
        winter.shift(20 * 60)
        assert client.get("/board/").status_code == 200


def test_suspended_account_is_out_at_once(client, zhang, campaign):
    client.force_login(zhang)
    assert client.get("/board/").status_code == 200
    Membership.objects.filter(user=zhang).update(state="suspended")
    assert client.get("/board/").status_code == 403


def test_province_must_have_a_second_factor_where_the_setting_says(client, li, campaign, settings):
    settings.MFA_REQUIRED_LEVELS = ["province"]
    client.force_login(li)
    assert client.get("/board/").url == "/accounts/2fa/"


def test_county_need_not_have_one(client, zhang, campaign, settings):
    settings.MFA_REQUIRED_LEVELS = ["province"]
    client.force_login(zhang)
    assert client.get("/board/").status_code == 200


def test_totp_secret_is_encrypted_at_rest(li):
    secret = totp.generate_totp_secret()
    with looking():
        totp.TOTP.activate(li, secret)
    with looking(), connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", [li.pk])
        assert secret not in cursor.fetchone()[0]
    with looking():
        kept = Authenticator.objects.get(user=li)
    code = totp.format_hotp_value(
        totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__())
    )
    assert totp.TOTP(kept).validate_code(code)


def test_person_of_two_units_chooses_whom_they_act_for(client, zhang, campaign):
    Membership.objects.create(user=zhang, organization=unit("1401"), role=Role.EDITOR)
    client.force_login(zhang)
    assert "太原市进展" in client.get("/board/").content.decode()
    client.post("/act-for/", {"organization": "140105"})
    assert "小店区进展" in client.get("/board/").content.decode()


def test_nobody_acts_for_a_unit_they_hold_no_post_in(client, zhang, campaign):
    client.force_login(zhang)
    response = client.post("/act-for/", {"organization": "14"}, follow=True)
    assert "您在这个单位没有岗位" in response.content.decode()
    assert "小店区进展" in client.get("/board/").content.decode()


def test_pages_speak_chinese_whatever_the_browser_prefers(client, db):
    text = client.get(LOGIN, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    body = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", "", text, flags=re.S)
    assert re.findall(r"[A-Za-z]{4,}", body) == []


@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/inactive/"])
def test_address_to_go_on_to_that_cannot_be_read_is_passed_over(client, db, page):
    assert client.get(f"{page}?next=http://[::1").status_code == 200

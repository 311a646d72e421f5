"""The second factor: who needs which, what passes, and what it opens and ends."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from qingchun.accounts.credential_models import SignIn
from qingchun.accounts.models import AuditEvent, Membership, User
from qingchun.accounts.proving import proved_phone
from qingchun.notifications.models import Message
from qingchun.organizations.choices import Role
from tests.accounts import desk
from tests.accounts.desk import (
    DEVICE,
    authenticator_added,
    is_in,
    key_made,
    opens,
    signed_in,
    signed_in_by_code,
    text_of,
)
from tests.conftest import PASSWORD, person, uncounted, unit, with_number
from tests.looking import looking

LEVELS = {
    "province": "14",
    "department": "140001",
    "city": "1401",
    "county": "140105",
    "township": "140105001",
}
PHONE = "13800002001"
MFA = "/accounts/2fa/"


@pytest.fixture(autouse=True)
def required(db, settings, monkeypatch):
    uncounted()
    settings.CODE_PAUSE = 0
    settings.MFA_REQUIRED_LEVELS = ["province", "department", "city"]
    settings.MFA_CODE_LEVELS = ["county", "township"]
    desk.at_once(monkeypatch)


@pytest.fixture
def zhang(zhang):
    return with_number(zhang, PHONE)


def works(client):
    """Whether this session may do what it is for."""
    return client.get("/messages/").status_code == 200


def sent_to(client, path="/messages/"):
    return client.get(path).url.split("?")[0]


def on_same_device(client):
    """Another session in the same browser: of all cookies, the device's mark is left."""
    other = Client()
    other.cookies["qingchun-device"] = client.cookies["qingchun-device"].value
    return other


@pytest.mark.parametrize("level", ["province", "department", "city"])
def test_those_above_need_a_passkey_or_a_one_time_password(level):
    person("cadre", "某", LEVELS[level])
    client = signed_in("cadre")
    assert sent_to(client) == MFA
    authenticator_added(client)
    assert works(client)


@pytest.mark.parametrize("level", ["province", "department", "city"])
def test_a_code_to_the_number_is_not_enough_above(level):
    with_number(person("cadre", "某", LEVELS[level]), PHONE)
    client = signed_in_by_code(PHONE)
    desk.asked_again(client)
    assert sent_to(client) == MFA
    client.get(DEVICE)
    assert sent_to(client) == MFA


@pytest.mark.parametrize("level", ["county", "township"])
def test_county_and_township_give_a_code_on_a_new_device_and_it_proves_the_number(level):
    cadre = person("cadre", "某", LEVELS[level])
    User.objects.filter(pk=cadre.pk).update(phone=PHONE)
    client = signed_in("cadre")
    asked = client.get("/activities/?page=1")
    assert asked.url == "/accounts/device/?next=%2Factivities%2F%3Fpage%3D1"
    assert "138****2001" in text_of(client.get(asked.url))
    assert desk.code_sent(client, asked.url).url == "/activities/?page=1"
    assert works(client)
    cadre.refresh_from_db()
    assert proved_phone(cadre) == PHONE


@pytest.mark.parametrize("level", ["county", "township"])
def test_county_and_township_may_use_an_authenticator_instead(level):
    person("cadre", "某", LEVELS[level])
    client = signed_in("cadre")
    authenticator_added(client)
    assert works(client)


def test_whoever_has_no_number_sets_up_an_authenticator(db):
    person("cadre", "某", "140105")
    assert sent_to(signed_in("cadre")) == MFA


def test_same_device_is_not_asked_within_thirty_days_and_is_asked_after(zhang, winter):
    client = signed_in("zhang")
    desk.code_sent(client, DEVICE)
    winter.shift(dt.timedelta(days=29))
    again = signed_in("zhang", client=on_same_device(client))
    assert works(again)
    winter.shift(dt.timedelta(days=31))
    late = signed_in("zhang", client=on_same_device(client))
    assert sent_to(late) == DEVICE


def test_device_known_for_one_cadre_is_new_for_another(zhang, sun):
    with_number(sun, "13800002002")
    client = signed_in("zhang")
    desk.code_sent(client, DEVICE)
    assert sent_to(signed_in("sun", client=on_same_device(client))) == DEVICE


def test_device_that_shows_no_mark_is_new_however_many_marks_were_wiped(zhang):
    client = signed_in("zhang")
    desk.code_sent(client, DEVICE)
    assert works(client)
    # Whatever ends credentials wipes the marks of all known devices.
    client.post("/accounts/password/change/", {
        "oldpassword": PASSWORD, "password1": desk.NEW, "password2": desk.NEW,
    })  # fmt: skip
    SignIn.objects.filter(user=zhang).update(device_digest="")
    stranger = signed_in("zhang", desk.NEW)
    del stranger.cookies["qingchun-device"]
    assert sent_to(stranger) == DEVICE


def test_whoever_comes_by_a_code_alone_on_a_new_device_gives_the_password_too(zhang):
    client = signed_in_by_code(PHONE)
    asked = client.get("/activities/")
    assert asked.url.startswith(DEVICE)
    asked = client.get(asked.url)
    assert asked.url.startswith(desk.AGAIN)
    back = client.post(asked.url, {"password": PASSWORD})
    # The number was shown by the code that signed them in: it is not asked for twice.
    assert client.get(back.url).url == "/activities/"
    assert works(client)


def test_whoever_comes_by_a_code_and_has_no_password_is_told_whom_to_ask(zhang):
    zhang.set_unusable_password()
    zhang.save()
    client = signed_in_by_code(PHONE)
    page = client.get(DEVICE)
    assert "请向本单位管理员要一个设密码的链接" in text_of(page)
    assert not works(client)


def test_wrong_password_after_a_code_opens_nothing(zhang):
    client = signed_in_by_code(PHONE)
    client.post(desk.AGAIN, {"password": "wrong"})
    assert sent_to(client) == DEVICE


@pytest.mark.parametrize(
    "path",
    [
        "/", "/me/", "/board/", "/activities/", "/youth/", "/people/", "/messages/", "/140105/",
        "/lists/activities/", "/my/data.json", "/api/v1/organizations/", "/find/", "/act-for/",
        "/calendar/", "/me/tokens/", "/me/number/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_session_that_has_not_passed_opens_no_page_no_api_and_no_file(zhang, path, method):
    client = signed_in("zhang")
    assert getattr(client, method)(path).url.startswith(DEVICE)


@pytest.mark.parametrize("path", [MFA, f"{MFA}totp/activate/", f"{MFA}webauthn/add/"])
def test_stolen_password_alone_sets_up_no_authenticator(zhang, path, settings):
    """Whoever has the password enrolled their own, and so passed what was asked of the owner."""
    for levels in ([], ["county"]):
        settings.MFA_REQUIRED_LEVELS = levels
        client = signed_in("zhang")
        desk.asked_again(client)
        assert client.get(path).url.startswith(DEVICE)
        assert client.get("/accounts/password/change/").url.startswith(DEVICE)


def test_code_alone_does_not_pass_on_a_known_device(zhang):
    """A sister on the same phone: the code is one factor wherever it is given."""
    client = signed_in("zhang")
    desk.code_sent(client, DEVICE)
    client.post("/accounts/logout/")
    uncounted()
    signed_in_by_code(PHONE, client=client)
    assert client.get("/activities/").url.startswith(DEVICE)


def test_session_that_has_not_passed_can_sign_out_and_set_up_a_factor(zhang):
    client = signed_in("zhang")
    assert client.get(DEVICE).status_code == 200
    desk.code_sent(client, DEVICE)
    desk.asked_again(client)
    assert [client.get(path).status_code for path in (MFA, f"{MFA}totp/activate/")] == [200] * 2
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_switch_from_a_township_to_a_city_asks_for_the_stronger_factor(zhao):
    with_number(zhao, PHONE)
    client = signed_in("zhao")
    desk.code_sent(client, DEVICE)
    assert works(client)
    Membership.objects.create(user=zhao, organization=unit("1401"), role=Role.EDITOR)
    client.session["acting_for"] = "140105001"
    session = client.session
    session["acting_for"] = "140105001"
    session.save()
    assert works(client)
    client.post("/act-for/", {"organization": "1401"})
    assert sent_to(client) == MFA
    authenticator_added(client)
    assert works(client)


# What a factor ends


def test_session_from_before_does_not_pass_by_an_authenticator_added_since(zhang):
    stranger, owner = signed_in("zhang"), signed_in("zhang")
    authenticator_added(owner)
    assert (works(owner), is_in(stranger)) == (True, False)


def test_having_an_authenticator_does_not_pass_a_session_that_never_showed_it(wang, client):
    from allauth.mfa.totp.internal import auth as totp

    client.force_login(wang)
    with looking():
        totp.TOTP.activate(wang, totp.generate_totp_secret())
    assert sent_to(client) == MFA


@pytest.mark.parametrize("path", ["totp/deactivate/", "recovery-codes/generate/"])
def test_factor_removed_or_renewed_ends_other_sessions_and_keys(zhang, path):
    owner = signed_in("zhang")
    secret = authenticator_added(owner)
    stranger = signed_in("zhang")
    stranger.post(f"{MFA}authenticate/", {"code": desk.totp_code(secret)})
    key = key_made(owner)
    assert (works(stranger), opens(key)) == (True, True)
    owner.post(MFA + path)
    assert (is_in(stranger), opens(key)) == (False, False)
    assert "_auth_user_id" in owner.session
    with looking():
        assert SignIn.objects.open().filter(user=zhang).count() == 1


def test_whoever_removes_the_last_factor_sets_one_up_again_before_working(wang):
    client = signed_in("wang")
    authenticator_added(client)
    assert works(client)
    client.post(f"{MFA}totp/deactivate/")
    assert not Authenticator.objects.filter(user=wang).exists()
    assert sent_to(client) == MFA
    authenticator_added(client)
    assert works(client)


@pytest.mark.parametrize("path", ["totp/deactivate/", "recovery-codes/generate/"])
def test_page_that_asks_before_it_removes_a_factor_shows_its_button(wang, path):
    client = signed_in("wang")
    authenticator_added(client)
    page = text_of(client.get(MFA + path))
    around = re.search(rf'<div([^>]*)>\s*<section[^>]*>\s*<form[^>]*action="{MFA}{path}"', page)
    assert around[1] == ""


def test_signing_in_asks_for_the_authenticator_by_password_and_by_code(zhang):
    owner = signed_in("zhang")
    secret = authenticator_added(owner)
    for client in (signed_in("zhang"), signed_in_by_code(PHONE)):
        assert client.answer.url == f"{MFA}authenticate/"
        assert "_auth_user_id" not in client.session
    uncounted()
    client.post(f"{MFA}authenticate/", {"code": desk.totp_code(secret)})
    assert works(client)


# Keys


def test_key_made_before_the_factor_was_required_does_not_go_round_it(zhang, settings):
    settings.MFA_CODE_LEVELS = []
    key = key_made(signed_in("zhang"))
    assert opens(key)
    settings.MFA_CODE_LEVELS = ["county"]
    answer = desk.by_key(key)
    assert (answer.status_code, "要求第二道验证之前生成的" in answer.json()["detail"]) == (
        401,
        True,
    )


def test_key_made_by_the_weaker_factor_does_not_do_where_the_stronger_is_asked(zhang, settings):
    client = signed_in("zhang")
    desk.code_sent(client, DEVICE)
    key = key_made(client)
    assert opens(key)
    settings.MFA_REQUIRED_LEVELS = ["county"]
    assert desk.by_key(key).status_code == 401


def test_key_made_after_the_factor_was_passed_works(zhang):
    client = signed_in("zhang")
    desk.code_sent(client, DEVICE)
    assert opens(key_made(client))


def test_whoever_signs_in_where_another_was_is_known_by_how_they_came(zhang, sun):
    with_number(sun, "13800002002")
    before = signed_in("sun")
    desk.code_sent(before, DEVICE)
    client = signed_in_by_code(PHONE, client=before)
    with looking():
        assert SignIn.objects.get(user=zhang).how == "code"
        assert SignIn.objects.get(user=sun).ended_at is not None
    assert sent_to(client) == DEVICE


# A lost one


def removed_by(admin, user, **where):
    """An administrator takes somebody's authenticators away on their page."""
    above = signed_in(admin)
    authenticator_added(above)
    post = Membership.objects.get(user=user, **where)
    has_button = "factors/remove/" in text_of(above.get(f"/people/{post.pk}/"))
    return has_button, above.post(f"/people/{post.pk}/factors/remove/", follow=True)


def test_lost_authenticator_is_taken_away_by_whoever_looks_after_every_post(wang, zhang):
    """Whoever lost the phone with their one-time password could not work for ever."""
    owner = signed_in("zhang")
    authenticator_added(owner)
    assert removed_by("wang", zhang)[0]
    with looking():
        assert not Authenticator.objects.filter(user=zhang).exists()
    assert not is_in(owner)
    assert sent_to(signed_in("zhang")) == DEVICE
    event = AuditEvent.objects.get(verb="移除第二因素")
    assert (event.actor, event.organization_id) == (wang, "140105")
    (told,) = Message.objects.filter(purpose="factors_removed", channel="inapp")
    assert (told.recipient, "王太原" in str(told.lines)) == (zhang, True)


def test_authenticator_is_not_taken_away_below_from_somebody_who_works_above_too(wang, zhang):
    Membership.objects.create(user=zhang, organization=unit("1402"), role=Role.EDITOR)
    authenticator_added(signed_in("zhang"))
    _, page = removed_by("wang", zhang, organization="140105")
    assert "在别的单位还有岗位" in text_of(page)
    with looking():
        assert Authenticator.objects.filter(user=zhang).exists()


def test_where_there_is_no_authenticator_none_is_offered_to_be_taken_away(wang, zhang):
    has_button, page = removed_by("wang", zhang)
    assert (has_button, "没有设置" in text_of(page)) == (False, True)


def test_nobody_takes_their_own_authenticator_away_as_an_administrator(li):
    client = signed_in("li")
    authenticator_added(client)
    post = Membership.objects.get(user=li)
    page = client.post(f"/people/{post.pk}/factors/remove/", follow=True)
    assert "自己的" in text_of(page)
    with looking():
        assert Authenticator.objects.filter(user=li).exists()

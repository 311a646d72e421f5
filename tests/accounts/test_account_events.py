"""What happens to an account is written down, with the address it came from."""

import ast
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingchun.accounts.choices import VERBS
from qingchun.accounts.credential_models import SignIn
from qingchun.accounts.models import AuditEvent, Membership
from qingchun.organizations.choices import Role
from tests.conftest import PASSWORD, person, uncounted, unit, with_number
from tests.looking import looking

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_limits(db):
    uncounted()


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def told(**filters):
    """(unit, who, what) of each row, in order."""
    rows = AuditEvent.objects.filter(**filters).order_by("pk")
    return list(rows.values_list("organization_id", "actor_name", "verb"))


def newest():
    return AuditEvent.objects.order_by("-pk").first()


def test_who_signs_in_and_out_is_written_in_the_unit_they_work_for(client, zhang):
    sign_in(client, "zhang")
    client.post("/accounts/logout/")
    assert told() == [("140105", "张小店", "登录"), ("140105", "张小店", "退出登录")]
    assert AuditEvent.objects.first().facts["how"] == "密码"


def test_address_written_down_is_the_visitors_and_not_the_proxys(client, zhang, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    sign_in(client, "zhang", HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert newest().address == "203.0.113.7"
    post = Membership.objects.create(user=zhang, organization=unit("1401"), role=Role.EDITOR)
    client.post(
        "/act-for/", {"organization": post.organization_id}, HTTP_X_FORWARDED_FOR="203.0.113.8"
    )
    assert (newest().verb, newest().address) == ("切换岗位", "203.0.113.8")


def test_a_header_that_the_visitor_made_up_is_not_the_address(client, zhang):
    sign_in(client, "zhang", HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert newest().address == "127.0.0.1"


def test_what_a_young_person_does_with_their_account_leaves_no_row(client, chen):
    """Rows are never removed and the person may be."""
    sign_in(client, "chen")
    assert client.get("/me/").status_code == 200
    client.post("/accounts/logout/")
    assert told() == []


def test_failure_and_lock_out_of_a_cadre_are_written_in_their_unit(client, zhang):
    for _ in range(6):
        sign_in(client, "zhang", "wrong")
    assert told() == [("140105", "未登录", "登录失败")] * 5 + [("140105", "未登录", "登录锁定")]
    assert {event.subject for event in AuditEvent.objects.all()} == {f"accounts.user:{zhang.pk}"}


def test_unknown_name_leaves_a_mark_and_never_what_was_typed(client, db):
    for name in ("My-Password-2019", " my-password-2019"):
        sign_in(client, name, "wrong")
    events = list(AuditEvent.objects.all())
    assert [(e.organization_id, e.verb) for e in events] == [("14", "登录失败")] * 2
    assert len({event.subject for event in events}) == 1
    text = str(list(AuditEvent.objects.values())).lower()
    assert "my-password" not in text


def test_young_persons_number_that_fails_is_as_unknown_as_any(client, chen):
    with_number(chen, "13800009001")
    sign_in(client, "13800009001", "wrong")
    assert told() == [("14", "未登录", "登录失败")]
    assert "13800009001" not in str(list(AuditEvent.objects.values()))


def test_wrong_code_is_a_failure_like_a_wrong_password(client, zhang, chen):
    """A cadre's stands in their unit; of a young person only the mark that a stranger leaves."""
    with_number(zhang, "13800001234")
    with_number(chen, "13800009001")
    for phone in ("13800001234", "13800009001", "13800009002"):
        client.post("/sign-in/", {"phone": phone, "code": "000000"})
    assert [unit for unit, _, _ in told()] == ["140105", "14", "14"]
    assert {(who, verb) for _, who, verb in told()} == {("未登录", "登录失败")}
    assert "1380000" not in str(list(AuditEvent.objects.values()))


def test_known_and_unknown_names_cost_the_same_questions(client, zhang):
    def questions(name):
        with CaptureQueriesContext(connection) as seen:
            sign_in(Client(), name, "wrong")
        return sum("accounts_auditevent" in q["sql"] for q in seen), len(seen)

    questions("zhang")
    assert questions("zhang") == questions("nobody")


def test_session_that_ended_by_itself_says_so(client, zhang, winter):
    client.force_login(zhang)
    client.get("/me/")
    winter.shift(31 * 60)
    client.get("/me/")
    assert told() == [("140105", "张小店", "超时退出")]


def test_changed_password_is_written_down(client, zhang):
    sign_in(client, "zhang")
    new = "Another-Winter-2019"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert told()[-1] == ("140105", "张小店", "修改密码")


def _code(user):
    with looking():
        secret = totp.TOTP(Authenticator.objects.get(user=user, type="totp")).instance
    from allauth.mfa.utils import decrypt

    key = decrypt(secret.data["secret"])
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(key, counter))


def test_second_factor_stands_in_the_sign_in_and_its_failure_beside_it(client, zhang):
    with looking():
        totp.TOTP.activate(zhang, totp.generate_totp_secret())
    sign_in(client, "zhang")
    assert told() == []  # half a sign-in is none
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": _code(zhang)})
    assert [verb for _, _, verb in told()] == ["第二因素验证失败", "登录"]
    assert newest().facts["how"] == "密码、动态口令"


def test_recovery_code_that_was_used_is_told_apart(client, zhang):
    with looking():
        totp.TOTP.activate(zhang, totp.generate_totp_secret())
        code = RecoveryCodes.activate(zhang).get_unused_codes()[0]
    sign_in(client, "zhang")
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert [verb for _, _, verb in told()] == ["使用恢复码", "登录"]


def test_factor_that_is_taken_away_is_written_down(client, zhang):
    with looking():
        totp.TOTP.activate(zhang, totp.generate_totp_secret())
    sign_in(client, "zhang")
    client.post("/accounts/2fa/authenticate/", {"code": _code(zhang)})
    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert [verb for _, _, verb in told()] == [
        "登录", "重新验证失败", "重新验证身份", "移除动态口令",
    ]  # fmt: skip


def test_refused_page_is_written_down_once_for_a_cadre_and_not_for_the_young(client, zhang, chen):
    client.force_login(zhang)
    assert client.get("/formalism/").status_code == 403
    assert told() == [("140105", "张小店", "无权访问")]
    assert client.get("/no-such-page/").status_code == 404
    client.force_login(chen)
    assert client.get("/formalism/").status_code == 403
    assert len(told()) == 1


def test_what_is_refused_to_a_program_is_written_down_too(client, zhao):
    from qingchun.accounts.actions.credentials import make_token

    key = make_token(zhao.acting, name="试")
    client.get("/api/v1/plans/", HTTP_AUTHORIZATION=f"Token {key}")
    assert told()[-1] == ("140105001", "赵坞城", "无权访问")


def test_cadre_whose_post_was_suspended_still_leaves_a_row(client, db):
    user = person("gao", "高停用", "140105")
    Membership.objects.filter(user=user).update(state="suspended")
    sign_in(client, "gao")
    assert told() == [("140105", "高停用", "登录")]


def test_session_ended_from_elsewhere_and_a_password_set_by_a_link_are_written_down(client, zhang):
    from qingchun.accounts.actions.credentials import password_link

    sign_in(client, "zhang")
    sign_in(Client(), "zhang")
    with looking():
        other = SignIn.objects.filter(user=zhang).first()
    client.post(f"/me/sessions/{other.pk}/end/")
    link = f"/accounts/password/{password_link(zhang)}/"
    new = "Another-Winter-2019"
    Client().post(link, {"password": new, "again": new})
    assert [verb for _, _, verb in told()] == ["登录", "登录", "结束登录", "设置密码"]


def test_every_verb_of_an_account_has_a_kind_that_an_auditor_finds_it_by():
    """A verb that no list names would be read as work."""
    named = {verb for verbs in VERBS.values() for verb in verbs}
    written = set()
    for path in Path("qingchun/accounts").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                says = name.startswith(("write_", "record_")) or name in ("step", "plain_step")
                given = call.args if says else []
                given = [*given, *(k.value for k in call.keywords if k.arg == "verb")]
                written |= {a.value for a in given if isinstance(a, ast.Constant) and a.value}
    assert len(written) > 20
    assert {verb for verb in written if isinstance(verb, str)} - named == set()

"""A cadre comes, moves and is suspended; what was opened before is dead; an auditor finds it all."""

import re
from contextlib import closing
from http.client import HTTPConnection

from tests.browser.conftest import a_minute_passes, shown_code

PHONE, AUDITOR, SECRET = "13800007501", "13800007502", "Qingchun-2019!"


def invite(seat, unit, name, phone, role="填报员"):
    """Invite somebody. Returns: the address, which the demo shows to whoever invites."""
    page = seat.go("/people/invite/")
    page.fill("#id_organization", unit)
    page.fill("#id_name", name)
    page.fill("#id_phone", phone)
    page.select_option("#id_role", label=role)
    page.get_by_role("button", name="发出邀请").click()
    link = page.locator("code").inner_text()
    return link[link.index("/accounts/") :]


def take_up(seat, path, name):
    """Prove the number, set a password."""
    page = seat.go(path)
    page.get_by_role("button", name="获取验证码").click()
    page.fill("#id_code", shown_code(page))
    seat.shoot(f"{name}-code")
    page.get_by_role("button", name="下一步").click()
    page.fill("#id_password", SECRET)
    page.fill("#id_again", SECRET)
    seat.shoot(f"{name}-password")
    page.get_by_role("button", name="开通").click()
    page.get_by_text("和密码登录").wait_for()


def sign_in(seat, phone):
    page = seat.page
    page.goto(f"{seat.server}/accounts/login/")
    page.fill("#id_login", phone)
    page.fill("#id_password", SECRET)
    page.click("button[data-once]")
    return page


def make_key(seat):
    page = seat.go("/me/tokens/")
    if page.locator("#id_password").count():  # asked once more
        page.fill("#id_password", SECRET)
        page.locator("main form button").first.click()
    page.fill("#id_name", "台账程序")
    page.get_by_role("button", name="生成").click()
    return page.locator(".q-note code").inner_text()


def answer_to(server, key):
    """What the API says to a key: its status."""
    with closing(HTTPConnection(server.removeprefix("http://"))) as connection:
        connection.request("GET", "/api/v1/activities/", headers={"Authorization": f"Token {key}"})
        return connection.getresponse().status


def is_out(seat):
    seat.page.goto(f"{seat.server}/activities/")
    return "/accounts/login/" in seat.page.url


def person_of(seat, name):
    seat.go("/people/")
    seat.page.get_by_role("link", name=name).click()
    return seat.page


def test_cadre_is_invited_moves_is_suspended_and_an_auditor_finds_all_of_it(desk):
    city, phone, tablet = desk("city1401"), desk(width=390), desk()
    path = invite(city, "小店区", "周新来", PHONE)
    city.shoot("doors-invited")
    take_up(phone, path, "doors")
    sign_in(phone, PHONE).wait_for_url("**/today/")
    assert "小店区" in phone.page.inner_text(".q-brand")
    sign_in(tablet, PHONE).wait_for_url("**/today/")
    key = make_key(phone)
    assert answer_to(city.server, key) == 200
    phone.go("/me/")
    phone.shoot("doors-me")

    page = person_of(city, "周新来")
    city.shoot("doors-person")
    page.get_by_role("link", name="调到别的单位").click()
    page.fill("#id_organization", "迎泽区")
    page.get_by_role("button", name="办理调动").click()
    page.get_by_text("已调到").wait_for()
    assert (is_out(phone), is_out(tablet), answer_to(city.server, key)) == (True, True, 401)
    phone.page.goto(f"{phone.server}{path}")
    phone.page.get_by_text("已经用过、撤回或过期").wait_for()

    sign_in(phone, PHONE).wait_for_url("**/today/")
    assert "迎泽区" in phone.page.inner_text(".q-brand")
    key = make_key(phone)
    page = person_of(city, "周新来")
    page.get_by_role("button", name="停用").click()
    page.get_by_text("账号已停用").wait_for()
    assert (is_out(phone), answer_to(city.server, key)) == (True, 401)
    sign_in(phone, PHONE)
    phone.page.get_by_text("这个账号已经停用").first.wait_for()

    _appoint_auditor(desk, city)
    auditor = desk(width=390)
    page = sign_in(auditor, AUDITOR)
    page.wait_for_url("**/audit/")
    assert auditor.page.goto(f"{auditor.server}/youth/").status == 403
    auditor.go(f"/audit/?person={'周新来'}")
    auditor.shoot("doors-audit")
    done = {
        "周新来": ("接受邀请", "登录", "生成接口密钥"),
        "段晓琳": ("发出邀请", "调出", "停用账号"),
    }
    for name, verbs in done.items():
        auditor.go(f"/audit/?person={name}")
        found = page.inner_text("tbody")
        assert [verb for verb in verbs if verb not in found] == [], name
    auditor.go("/audit/?unit=小店区")
    assert "发出邀请" in page.inner_text("tbody")
    assert not re.search(rf"{PHONE}|{AUDITOR}", page.content())


def _appoint_auditor(desk, city):
    """Named by one administrator, agreed to by another."""
    a_minute_passes()
    seat = desk()
    take_up(seat, invite(city, "太原市", "钱审计", AUDITOR), "doors-auditor")
    page = person_of(city, "钱审计")
    page.get_by_role("button", name="提名为审计员").click()
    page.get_by_text("已提名。").wait_for()
    province = desk("province")
    page = person_of(province, "钱审计")
    province.shoot("doors-appointed")
    page.get_by_role("button", name="确认任审计员").click()
    page.get_by_text("审计员").first.wait_for()

"""What stays on a phone: nothing once it was sent, signed out, deleted, or a day has gone by."""

import os
import subprocess
import sys

from tests.browser.conftest import PASSWORD, ROOT
from tests.browser.test_check_in import fill_first_step, tap

KEPT = """async () => ({
    local: {...localStorage}, tab: {...sessionStorage}, caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"local": {}, "tab": {}, "caches": [], "workers": 0}
HALF_TYPED = "写了一半的问题"


def left_on(page):
    return page.evaluate(KEPT)


def words_on(page):
    """Everything the phone keeps, as one text to look for words in."""
    return str(left_on(page))


def session(seat, statement):
    """Do to the session of this browser, on the server, what time or somebody else would do."""
    (cookie,) = [c for c in seat.context.cookies() if c["name"].endswith("qingchun")]
    script = (
        "import django; django.setup()\n"
        "from qingchun.accounts.session_store import SessionStore\n"
        f"session = SessionStore({cookie['value']!r})\n{statement}"
    )
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def time_out(seat):
    session(seat, "session['seen'] = 1; session.save()")


def sign_in_again(page, username):
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("body[data-person]").wait_for()


def sign_out(page):
    page.locator(".q-menu summary").click()
    page.get_by_role("button", name="退出登录").click()


def delete_account(seat):
    page = seat.go("/my/delete/")
    page.check("#sure")
    page.get_by_role("button", name="删除账号").click()
    page.get_by_text("您的资料和账号已经删除").wait_for()
    return page


def checked_in(desk, phone, name):
    """Somebody who has just checked in at 小店, by a code, on a phone. Returns: the seat."""
    seat = desk(width=390)
    fill_first_step(seat.go("/140105/check-in/"), phone, name)
    return seat


def half_type_a_question(seat):
    page = seat.go("/my/questions/")
    page.fill("#id_text", HALF_TYPED)
    assert HALF_TYPED in words_on(page)
    return page


def half_type_a_check_in(seat, county="140105"):
    page = seat.go(f"/{county}/check-in/")
    page.fill("#id_name", "写一半")
    page.check("#id_agree_basic")
    assert "写一半" in words_on(page)
    return page


def test_phone_keeps_nothing_of_what_was_sent(desk):
    seat = checked_in(desk, "13800007401", "孟已送")
    page = seat.page
    assert left_on(page) == NOTHING
    tap(page, "实习实践")
    page.fill("#id_school", "山西大学")
    page.get_by_role("button", name="完成").click()
    page.get_by_role("heading", name="孟已送，欢迎回家").wait_for()
    assert left_on(page) == NOTHING

    page = half_type_a_question(seat)
    tap(page, "咨询")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("前答复您").first.wait_for()
    assert left_on(page) == NOTHING

    page = seat.go("/events/1/join/")
    tap(page, "人社局")
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("报上了").wait_for()
    assert left_on(page) == NOTHING

    page = seat.go("/services/10/ask/")
    page.fill("#id_asker_name", "孟已送")
    tap(page, "祖父母或外祖父母", "老人", "送到服务点", "一个月")
    page.fill("#id_name", "孟奶奶")
    page.check("#id_agree")
    page.check("#id_agree_family")
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记，编号").wait_for()
    assert left_on(page) == NOTHING

    # Back to the first form by the browser's own way: it holds nothing and has agreed to nothing.
    page = seat.go("/my/questions/")
    page.fill("#id_text", "退回来不该还在")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("前答复您").first.wait_for()
    page.go_back()
    assert page.input_value("#id_text") == ""
    delete_account(seat)


def test_deleted_account_leaves_nothing_for_the_next_person_on_that_phone(desk):
    seat = checked_in(desk, "13800007402", "吴已删")
    half_type_a_question(seat)
    assert left_on(delete_account(seat)) == NOTHING
    page = seat.go("/140106/check-in/")
    assert page.get_by_text("已找回").count() == 0
    assert (page.input_value("#id_name"), page.is_checked("#id_agree_basic")) == ("", False)


def test_signing_out_leaves_nothing_on_the_phone(desk):
    seat = checked_in(desk, "13800007403", "郝已退")
    page = half_type_a_question(seat)
    sign_out(page)
    page.wait_for_url("**/accounts/login/")
    assert left_on(page) == NOTHING


def test_signing_in_by_code_takes_away_what_nobody_in_particular_had_typed(desk):
    seat = desk(width=390)
    half_type_a_check_in(seat)
    page = seat.go("/sign-in/")
    page.fill("#id_phone", "13800007404")
    page.get_by_role("button", name="获取验证码").click()
    page.fill("#id_code", page.get_by_text("验证码是").locator("b").inner_text())
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("body[data-person]").wait_for()
    assert left_on(page) == NOTHING


def test_refused_form_is_kept_without_its_code_and_its_consents(desk):
    seat = desk(width=390)
    page = half_type_a_check_in(seat)
    page.fill("#id_phone", "13800007405")
    page.fill("#id_code", "424242")
    page.check("#id_agree_messages")
    page.get_by_role("button", name="提交报到").click()
    page.locator(".is-invalid").first.wait_for()
    assert "写一半" in words_on(page)
    assert [word for word in ("424242", "agree", "code") if word in words_on(page)] == []

    page = seat.go("/140105/check-in/")
    page.get_by_text("已找回上次没有提交的内容").wait_for()
    assert (page.input_value("#id_name"), page.input_value("#id_code")) == ("写一半", "")
    ticked = [page.is_checked(f"#id_agree_{which}") for which in ("basic", "messages")]
    assert ticked == [False, False]


def test_what_was_typed_for_one_county_is_not_in_anothers_form(desk):
    seat = desk(width=390)
    half_type_a_check_in(seat)
    page = seat.go("/140106/check-in/")
    assert page.get_by_text("已找回").count() == 0
    assert (page.input_value("#id_name"), page.is_checked("#id_agree_basic")) == ("", False)


def test_after_a_day_the_phone_has_forgotten(desk):
    seat = desk(width=390)
    seat.page.clock.install()
    page = half_type_a_check_in(seat)
    page.clock.fast_forward("23:00:00")
    assert seat.go("/140105/check-in/").input_value("#id_name") == "写一半"
    page.clock.fast_forward("02:00:00")
    page = seat.go("/")
    assert left_on(page) == NOTHING
    assert seat.go("/140105/check-in/").input_value("#id_name") == ""


def half_log(seat):
    page = seat.go("/activities/new/")
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", "没写完的地点")
    assert "没写完的地点" in words_on(page)
    return page


def test_next_person_on_the_phone_finds_nothing_of_the_one_before(desk):
    seat = desk("county140105", 390)
    half_log(seat)
    time_out(seat)
    page = seat.go("/activities/new/")
    sign_in_again(page, "township140105001")
    page = seat.go("/activities/new/")
    assert page.input_value("#id_place") == ""
    assert "没写完的地点" not in words_on(page)


def test_same_person_finds_a_half_written_entry_after_a_pause(desk):
    seat = desk("county140105", 390)
    half_log(seat)
    time_out(seat)
    page = seat.go("/activities/new/")
    page.get_by_text("留在这台设备上").wait_for()
    seat.shoot("130-timed-out")
    seat.go("/")
    seat.go("/accounts/login/?next=/activities/new/")
    sign_in_again(page, "county140105")
    page.get_by_text("已找回上次没有提交的内容").wait_for()
    assert page.input_value("#id_place") == "没写完的地点"


def test_session_that_others_ended_leaves_nothing(desk):
    seat = desk("county140105", 390)
    half_log(seat)
    session(seat, "session.delete()")
    page = seat.go("/board/")
    page.get_by_role("button", name="登录", exact=True).wait_for()
    assert left_on(page) == NOTHING


def test_scans_at_the_door_outlast_a_pause_and_are_named_before_signing_out(desk):
    seat = desk("county140105", 390)
    page = seat.go("/desk/events/1/door/")
    seat.context.set_offline(True)
    page.evaluate(
        "qingchun.store.set('door::1', [{code: 'qingchun:x', scan: crypto.randomUUID(), at: ''}])"
    )
    page.goto("about:blank")
    seat.context.set_offline(False)  # with no page of the door open that would send it
    time_out(seat)
    page = seat.go("/")
    seat.go("/accounts/login/")
    assert "qingchun:x" in words_on(page)
    # Whoever takes over the door has them, and hears of them before leaving.
    sign_in_again(page, "county140105")
    assert "qingchun:x" in words_on(page)
    sign_out(page)
    page.get_by_text("还有 1 个签到没有送出").wait_for()
    seat.shoot("131-not-yet-sent")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/")
    assert left_on(page) == NOTHING

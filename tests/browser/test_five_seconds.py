"""Somebody who gives a page five seconds: few taps, what is wrong in view, a way back."""

import pytest

from tests.browser.conftest import Desk, a_minute_passes, shown_code
from tests.browser.test_check_in import tap

IN_VIEW = """() => { const box = document.getElementById("refused").getBoundingClientRect();
return box.top >= 0 && box.top < innerHeight && document.activeElement.id }"""
CODE_BUTTON = "获取验证码"


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_refused_form_begins_with_what_is_wrong(browser, server, has_scripts):
    seat = Desk(browser, server, 360, java_script_enabled=has_scripts)
    try:
        page = seat.go("/140105/check-in/")
        page.fill("#id_name", "···")
        page.get_by_role("button", name="提交报到").click()
        page.locator("#refused").wait_for()
        if has_scripts:
            assert page.evaluate(IN_VIEW) == "refused"
            seat.shoot("46-refused")
        lines = page.locator("#refused li")
        assert lines.count() >= 7
        assert lines.first.is_visible()
        # Each line leads to its field.
        page.locator("#refused a", has_text="现在住在哪里").click()
        assert page.url.endswith("#id_lives_at")
        assert page.evaluate("document.activeElement.id") == "id_lives_at" if has_scripts else True
        assert page.input_value("#id_name") == "···"
    finally:
        seat.context.close()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_back_after_a_code_was_asked_for_meets_a_page(browser, server, has_scripts):
    a_minute_passes()
    phone = f"1380000751{has_scripts:d}"
    seat = Desk(browser, server, 360, java_script_enabled=has_scripts)
    try:
        seat.go("/140105/")
        page = seat.go("/140105/check-in/")
        page.fill("#id_name", "常回来")
        page.fill("#id_phone", phone)
        page.get_by_role("button", name=CODE_BUTTON).click()
        page.get_by_text("验证码已发送").wait_for()
        assert (page.input_value("#id_name"), page.input_value("#id_phone")) == ("常回来", phone)
        if has_scripts:
            again = page.locator("button[data-wait]")
            assert "秒后重新获取" in again.inner_text()
            assert again.is_disabled()
            page.fill("#id_phone", "13800007519")
            assert again.is_enabled()
        page.goto(f"{server}/privacy/")
        page.go_back()
        page.get_by_role("heading", name="向团组织报到").wait_for()
        page.go_back()
        page.get_by_role("heading", name="小店区欢迎您回家").wait_for() if not page.locator(
            "h1", has_text="向团组织报到"
        ).count() else page.go_back()
        assert page.url.startswith(server)
    finally:
        seat.context.close()


class Taps:
    """Counts what is tapped; what is typed goes on with the keyboard."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def button(self, name):
        self.count += 1
        self.page.get_by_role("button", name=name).click()

    def link(self, name):
        self.count += 1
        self.page.get_by_role("link", name=name).first.click()

    def chips(self, *names):
        self.count += len(names)
        tap(self.page, *names)

    def code(self, phone):
        self.page.fill("#id_phone", phone)
        self.button(CODE_BUTTON)
        self.page.get_by_text("验证码已发送").wait_for()
        self.page.fill("#id_code", shown_code(self.page))


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_newcomer_in_eight_taps_and_a_returner_in_three(browser, server, has_scripts):
    phone = f"1380000752{has_scripts:d}"
    a_minute_passes()
    seat = Desk(browser, server, 360, java_script_enabled=has_scripts)
    page, taps = seat.go("/140105/"), Taps(seat.page)
    taps.link("向团组织报到（约 1 分钟）")
    taps.code(phone)
    page.fill("#id_name", "常回来")
    taps.chips("务工青年", "18 周岁以上", "一到两周")
    page.fill("#id_lives_at", "广州市")
    page.check("#id_agree_basic")
    taps.count += 1
    taps.button("提交报到")
    taps.link("跳过")
    page.get_by_role("heading", name="常回来，欢迎回家").wait_for()
    assert taps.count <= 8
    seat.context.close()

    a_minute_passes()
    seat = Desk(browser, server, 360, java_script_enabled=has_scripts)
    try:
        page, taps = seat.go("/140105/check-in/"), Taps(seat.page)
        taps.code(phone)
        assert page.get_by_text("常回来").count() == 0
        taps.button("报到过的，下一步")
        page.get_by_text("常回来，欢迎又回来").wait_for()
        assert page.locator(".q-before li").all_inner_texts() == [
            "常回来", "务工青年", "18 周岁以上", "广州市", "一到两周",
        ]  # fmt: skip
        if has_scripts:
            seat.shoot("47-as-last-time")
        taps.button("和上次一样，报到")
        page.get_by_role("heading", name="常回来，欢迎回家").wait_for()
        assert taps.count == 3
        if has_scripts:
            seat.shoot("48-done-again")
            with page.expect_response("**/invitation.jpg") as sent:
                page.get_by_role("link", name="叫上同乡").click()
            assert sent.value.headers["content-type"] == "image/jpeg"
    finally:
        seat.context.close()


FORM = """document.querySelector("main").insertAdjacentHTML("beforeend",
'<form method="post" action="/sign-in/" data-ask="删除后不能恢复，确定吗？"><button class="btn">删除</button></form>')"""


def test_where_a_browser_asks_nothing_the_page_does(browser, server):
    """youth A14: some browsers inside of other apps say no to confirm() by themselves."""
    seat = Desk(browser, server, 360)
    try:
        page = seat.go("/privacy/")
        page.evaluate("window.confirm = () => false")
        page.evaluate(FORM)
        page.get_by_role("button", name="删除").click()
        page.get_by_text("删除后不能恢复，确定吗？确定的，再点一次“删除”。").wait_for()
        assert page.url.endswith("/privacy/")
        page.get_by_role("button", name="删除").click()
        page.wait_for_url("**/sign-in/")
    finally:
        seat.context.close()


def test_whoever_says_no_is_asked_again_the_next_time(browser, server):
    seat = Desk(browser, server, 360)
    try:
        page = seat.go("/privacy/")
        slowly = "window.confirm = () => { const till = performance.now() + 60; while (performance.now() < till); return false; }"
        page.evaluate(slowly)
        page.evaluate(FORM)
        for _ in range(2):
            page.get_by_role("button", name="删除").click()
        assert page.url.endswith("/privacy/")
        assert page.get_by_text("再点一次").count() == 0
    finally:
        seat.context.close()

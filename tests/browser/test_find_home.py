"""Somebody who left years ago finds home by what they call it, with a script and without."""

import pytest

from tests.browser.conftest import Desk
from tests.browser.test_log_quickly import HEARS, SAYS

SIZE = 360
DEAF = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
PLAIN_HTTP = f"{HEARS} Object.defineProperty(window, 'isSecureContext', {{ value: false }});"


def ask(page, words, field="#q"):
    page.fill(field, words)
    page.get_by_role("button", name="找家乡").click()
    page.get_by_role("heading", name=f"“{words}”").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_migrant_who_left_in_2015_finds_home_by_its_old_name_by_pinyin_and_by_ear(
    browser, server, script
):
    young = Desk(browser, server, SIZE, java_script_enabled=script)
    try:
        page = young.go("/")
        ask(page, "长治县")
        row = page.locator(".q-row").first
        assert "上党区" in row.inner_text()
        assert "原长治县（2018年以前）" in row.inner_text()
        if script:
            young.shoot("37-find-by-an-old-name")
        for words, shown, code in (
            ("changzhixian", "上党区", "140404"),
            ("hai zhou", "解州镇", "140802100"),
            ("潞城市", "潞城区", "140406"),
            ("太原小店坞城", "坞城街道", "140105001"),
        ):
            ask(page, words)
            first = page.locator(".q-row").first
            assert shown in first.inner_text()
            assert first.get_attribute("href") == f"/{code}/"
        ask(page, "xd")
        if script:
            young.shoot("38-find-several")
        ask(page, "x")
        page.get_by_text("再多写一个字").wait_for()
        ask(page, "没有这里")
        page.get_by_role("link", name="从市开始找").wait_for()
        if script:
            young.shoot("39-find-nothing")
        ask(page, "长治县")
        page.locator(".q-row").first.click()
        page.get_by_role("link", name="向团组织报到（约 1 分钟）").wait_for()
        assert page.url.endswith("/140404/")
    finally:
        young.context.close()


def test_home_is_found_by_saying_its_name(browser, server):
    young = Desk(browser, server, SIZE)
    young.page.add_init_script(HEARS)
    try:
        page = young.go("/find/?q=xd")
        page.get_by_role("button", name="用说的填家乡的名字").click()
        page.get_by_text("正在听").wait_for()
        assert page.evaluate("heard.lang") == "zh-CN"
        young.shoot("49-find-by-voice")
        page.evaluate(SAYS, "长治县。")
        assert page.input_value("#q") == "长治县"  # not behind what was looked for before
        page.get_by_role("button", name="找家乡").click()
        page.get_by_role("heading", name="“长治县”").wait_for()
        assert "上党区" in page.locator(".q-row").first.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") == SIZE
    finally:
        young.context.close()


@pytest.mark.parametrize("way", [DEAF, PLAIN_HTTP, ""])
def test_where_nothing_hears_the_keyboards_own_microphone_is_named(browser, server, way):
    """``way``: the browser cannot, or may not on plain http; or there is no script at all."""
    young = Desk(browser, server, SIZE, java_script_enabled=bool(way))
    if way:
        young.page.add_init_script(way)
    try:
        page = young.go("/find/")
        page.get_by_text("点键盘上的话筒").wait_for()
        assert page.get_by_role("button", name="用说的填").count() == 0
    finally:
        young.context.close()

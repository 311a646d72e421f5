"""Somebody who left years ago finds home by what they call it, with a script and without."""

import pytest

from tests.browser.conftest import Desk

SIZE = 360


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

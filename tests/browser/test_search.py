"""查找 from wherever somebody is, by a key and by a tap, and back again."""

import pytest


@pytest.mark.parametrize("width", [390, 1440])
def test_case_is_found_from_any_page_and_gone_back_to(desk, width):
    seat = desk("county140105", width)
    page = seat.page
    if width == 390:
        page.get_by_role("link", name="查找").click()
    else:
        page.keyboard.press("/")
    page.wait_for_url("**/search/")
    box = page.get_by_label("找什么")
    assert box.evaluate("box => box === document.activeElement")
    assert box.input_value() == ""
    seat.shoot(f"search-empty-{width}")

    # Nothing is sent without a word, and one is too little.
    box.fill("王")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("一个字找出来的太多").wait_for()
    assert box.input_value() == "王"

    # By letters; whoever is served stands there masked.
    box.fill("wang")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?w=*")
    seat.shoot(f"search-found-{width}")
    assert "**" in page.inner_text("main")
    page.get_by_role("heading", name="人才库").wait_for()
    record = (
        page.locator("section", has=page.get_by_role("heading", name="人才库")).locator("a").first
    )
    record.click()
    page.wait_for_url("**/pool/*/")
    page.go_back()
    assert box.input_value() == "wang"
    assert record.is_visible()

    # The key goes to the box where there is one.
    box.blur()
    page.keyboard.press("/")
    page.keyboard.type("djhd")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="登记活动").first.click()
    page.get_by_role("button", name="提交登记").wait_for()
    # Whoever types a date or a place types it.
    page.fill("#id_place", "")
    page.locator("#id_place").press("/")
    assert page.input_value("#id_place") == "/"
    assert seat.errors == []


def test_nothing_found_says_what_to_do_next(desk):
    for username in ("province", "township140105001"):
        seat = desk(username, 390)
        page = seat.go("/search/")
        page.get_by_label("找什么").fill("月球车")
        page.keyboard.press("Enter")
        page.get_by_text("没有找到含有这些字的内容").wait_for()
        seat.shoot(f"search-nothing-{username}")


def test_search_works_without_script(browser, server):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server}/accounts/login/")
    page.fill("#id_login", "county140105")
    page.fill("#id_password", "qingchun-demo-2019")
    page.click("button[data-once]")
    page.get_by_role("link", name="查找").click()
    page.get_by_label("找什么").fill("小店区")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("共青团太原市小店区委员会").first.wait_for()
    context.close()

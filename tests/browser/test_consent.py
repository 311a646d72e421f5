"""On a phone of 360 px: agreed with the text on the screen, taken back, nothing left."""

import os
import re

import pytest

from tests.browser.conftest import Desk, shown_code
from tests.browser.test_check_in import tap, traces
from tests.looking import looked_into

PHONE, TEEN = "13800007301", "13800007302"


@pytest.fixture
def desk(browser, server):
    seats = []

    def sit_down(**options):
        seats.append(Desk(browser, server, 360, **options))
        return seats[-1]

    yield sit_down
    for seat in seats:
        assert seat.errors == []
        seat.context.close()


def reads(page, box):
    """The text is opened beside its box; its first and last line have been on the screen."""
    consent = page.locator(".q-consent").filter(has=page.locator(box))
    lines = consent.locator("details p")
    assert not lines.first.is_visible()
    consent.locator("summary").click()
    for line in (lines.first, lines.last):
        line.scroll_into_view_if_needed()
        seen = line.bounding_box()
        assert seen["x"] >= 0
        assert seen["x"] + seen["width"] <= 360
        assert -1 <= seen["y"] <= 844
    page.check(box)


def first_step(page, phone, name, age):
    page.fill("#id_phone", phone)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_text("验证码已发送").wait_for()
    page.fill("#id_code", shown_code(page))
    page.fill("#id_name", name)
    tap(page, "务工青年", age, "一到两周")
    page.fill("#id_lives_at", "北京市海淀区")


def rows(statement, *values):
    with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def test_agreed_with_the_text_on_the_screen_and_taken_back(desk):
    seat = desk()
    page = seat.go("/140105/check-in/")
    assert page.get_by_text("手机号要交给短信公司").is_visible()
    seat.shoot("200-before-a-code")
    first_step(page, PHONE, "盖同意", "18 周岁以上")
    assert not page.locator("#id_guardian_name").is_visible()
    reads(page, "#id_agree_basic")
    seat.shoot("201-notice-open")
    page.get_by_role("button", name="提交报到").click()
    page.get_by_role("heading", name="报到成功，再多说几句？").wait_for()
    tap(page, "加入人才库")
    reads(page, "#id_agree_pool")
    seat.shoot("202-second-step")
    page.get_by_role("button", name="完成").click()
    page.wait_for_url("**/check-in/done/")
    kept = "SELECT count(*) FROM talent_talentrecord WHERE name = '盖同意'"
    assert rows(kept) == [(1,)]

    page = seat.go("/my/")
    seat.shoot("203-mine")
    page.locator("li", has_text="接收家乡消息").get_by_role("link", name="查看").click()
    reads(page, "#id_agree")
    seat.shoot("204-one-consent")
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_text("已同意，随时可以撤回").wait_for()

    for purpose in ("接收家乡消息", "加入乡村振兴青年人才库"):
        page.locator("li", has_text=purpose).get_by_role("button", name="撤回").click()
        page.get_by_text("已撤回，依它保存的内容也去掉了").wait_for()
    assert rows(kept) == [(0,)]
    stands = "SELECT c.purpose FROM talent_consent c JOIN talent_youth y ON y.id = c.youth_id"
    assert rows(f"{stands} WHERE y.name = '盖同意' AND c.withdrawn_at IS NULL") == [("basic",)]

    page = seat.go("/mine/voice/")
    seat.shoot("205-voice")
    page = seat.go("/my/delete/")
    page.check("#sure")
    page.get_by_role("button", name=re.compile("删除")).click()
    page.wait_for_load_state()
    assert traces("盖同意", PHONE) == []


def test_under_age_on_a_phone(desk):
    """A child's form is gone, from the device too; somebody of 15 has their mother beside them."""
    seat = desk()
    page = seat.go("/140105/check-in/")
    first_step(page, TEEN, "盖小小", "不满 14 周岁")
    reads(page, "#id_agree_basic")
    page.get_by_role("button", name="提交报到").click()
    page.get_by_text("未满 14 周岁不能在网上登记").wait_for()
    seat.shoot("206-too-young")
    page = seat.go("/140105/check-in/")
    assert (page.input_value("#id_name"), page.input_value("#id_phone")) == ("", "")

    tap(page, "14 至 17 周岁")
    assert page.locator("#id_guardian_name").is_visible()
    seat.shoot("207-guardian")

"""A county puts up a vacancy; somebody on a small phone, with scripts and without, finds it and asks."""

import re

import pytest

from tests.browser.conftest import Desk, shown_code
from tests.browser.test_check_in import tap, traces

PHONES = {(360, True): "13800007321", (390, False): "13800007322"}


@pytest.fixture(params=PHONES, ids=["360 with scripts", "390 without"])
def young(request, browser, server):
    width, has_scripts = request.param
    seat = Desk(browser, server, width, java_script_enabled=has_scripts)
    yield seat, PHONES[request.param], has_scripts
    assert seat.errors == []
    seat.context.close()


def looks(seat, has_scripts):
    if has_scripts:
        assert seat.axe() == []
        assert seat.overflow() == 0


def put_up(county, title):
    page = county.go("/desk/vacancies/new/")
    page.fill("#id_title", title)
    page.fill("#id_employer", "试办机械厂")
    page.select_option("#id_trade", label="制造维修")
    page.fill("#id_place", "真武路 9 号")
    page.fill("#id_pay_from", "6000")
    page.fill("#id_pay_to", "9000")
    page.fill("#id_people", "2")
    page.fill("#id_until", "明天")
    page.get_by_role("button", name="发布").click()
    page.get_by_text("请先核实用人单位和岗位，再勾选。").first.wait_for()
    assert page.input_value("#id_employer") == "试办机械厂"
    page.check("#id_vouch")
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已保存，青年马上能看到").wait_for()
    return re.search(r"/desk/vacancies/(\d+)/", page.url)[1]


def test_vacancy_from_the_county_to_who_asked_for_it_and_back(desk, young):
    seat, phone, has_scripts = young
    county = desk("county140105", 1440)
    number = put_up(county, f"试办焊工{phone[-1]}")
    county.shoot(f"140-vacancy-desk-{phone[-1]}")

    page = seat.go("/140105/")
    page.get_by_role("link", name="家乡岗位").click()
    looks(seat, has_scripts)
    page.select_option("#id_trade", label="制造维修")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name=f"试办焊工{phone[-1]}").click()
    page.get_by_text("月薪 6,000—9,000 元").first.wait_for()
    looks(seat, has_scripts)
    page.get_by_role("link", name="我想去").click()
    # Nobody yet: signed in by the number, checked in, and back here.
    page.fill("#id_phone", phone)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_text("验证码已发送").wait_for()
    page.fill("#id_code", shown_code(page))
    page.locator("main button[data-once]").last.click()
    page.wait_for_url("**/140105/check-in/")
    check_in_signed_in(page)
    page.get_by_role("link", name="看家乡的岗位").wait_for()
    page.get_by_role("link", name="回到刚才那一页").click()
    page.get_by_role("link", name="我想去").click()
    page.fill("#id_words", "干过三年")
    page.get_by_role("button", name="告诉他们，我想去").click()
    page.get_by_text("请先看过同意书再勾选").first.wait_for()
    assert page.input_value("#id_words") == "干过三年"
    page.locator(".q-consent summary").click()
    assert page.get_by_text("谁也不知道我在找工作").is_visible()
    page.check("#id_agree_work")
    looks(seat, has_scripts)
    page.get_by_role("button", name="告诉他们，我想去").click()
    page.get_by_text("已告诉发布岗位的团委").wait_for()

    tap(page, "制造维修", "太原市")
    page.get_by_role("button", name="有合适的告诉我").click()
    page.get_by_text("现在：制造维修，太原市。").wait_for()
    looks(seat, has_scripts)

    page = county.go("/today/")
    page.get_by_text(f"想去“试办焊工{phone[-1]}”").first.wait_for()
    page = county.go(f"/desk/vacancies/{number}/")
    page.locator("summary", has_text="写答复").click()
    page.locator("textarea[name=said]").fill("后天上午来面试。")
    page.locator("details.q-step button[data-once]").first.click()
    page.get_by_text("已答复，告诉了本人").wait_for()
    county.shoot(f"141-vacancy-answered-{phone[-1]}")

    page = seat.go("/my/vacancies/")
    page.get_by_text("后天上午来面试。").wait_for()
    page.get_by_role("button", name="收回", exact=True).click()
    page.get_by_text("已收回，您留的都删除了").wait_for()
    page.get_by_role("button", name="不用再告诉我").click()
    page.get_by_text("不再告诉您了").wait_for()
    assert {table for table, _ in traces("景试工")} & {"vacancies_interest"} == set()


def check_in_signed_in(page):
    """The number is proved already."""
    page.fill("#id_name", "景试工")
    tap(page, "务工青年", "18 周岁以上", "一到两周")
    page.fill("#id_lives_at", "北京市海淀区")
    page.check("#id_agree_basic")
    page.get_by_role("button", name="提交报到").click()
    page.get_by_role("heading", name="报到成功，再多说几句？").wait_for()
    tap(page, "找工作")
    page.locator("main form button[data-once]").last.click()
    page.get_by_role("heading", name="欢迎回家").wait_for()

"""The province reminds by hand, the city sees the bell and goes where it leads."""

import datetime as dt
import re

from tests.browser.conftest import put_back, send_due

BELL = re.compile(r"^消息，(\d+) 条未读$")


def unread(page):
    """The number beside the bell."""
    return int(BELL.match(page.get_by_role("link", name=BELL).get_attribute("aria-label"))[1])


def test_province_previews_and_reminds_and_the_city_sees_the_bell(desk):
    # 大同 still owes its plan, whether or not the story has been told before.
    put_back(
        "UPDATE reports_paper SET state = 'draft', number = 0, first_sent_at = NULL,"
        " sent_at = NULL, decided_at = NULL WHERE organization_id = '1402'"
        " AND campaign_id = 2 AND purpose = 'plan'"
    )
    province = desk("province", 1440)
    page = province.go("/plans/")
    page.get_by_role("link", name="提醒还没有报送的").click()
    page.get_by_role("heading", name="立即提醒未报实施方案的单位").wait_for()
    # 朔州 has nobody to remind, and the page says so.
    assert page.get_by_text("没有可提醒的账号").count() == 1
    assert page.get_by_text("发给：贾云飞").count() == 1
    province.shoot("20-remind-now")
    page.get_by_role("checkbox", name="大同市").check()
    page.get_by_role("button", name="给勾选的发提醒").click()
    page.get_by_text("已提醒 1 个市：大同市。").wait_for()
    assert page.get_by_text("一小时内已提醒").count() == 1

    page = province.go("/campaigns/2/reminders/")
    page.get_by_role("heading", name="谁会在什么时候收到").wait_for()
    before = page.get_by_text("贾云飞").count()
    page.fill("#id_days_before", "2、1")
    page.get_by_role("button", name="预览").click()
    page.get_by_text("这是预览，还没有保存").wait_for()
    assert page.get_by_text("贾云飞").count() < before
    province.shoot("21-schedule-preview")

    # Two days before its own last day 大同 is reminded by the schedule that is saved.
    page.get_by_role("button", name="保存").click()
    page.get_by_text("提醒安排已保存").wait_for()
    city = desk("city1402", 390)
    before = unread(city.page)
    assert before >= 1
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8)))
    send_due(f"{today + dt.timedelta(days=2):%Y-%m-%dT09:00+08:00}")
    page = city.go("/board/")
    waiting = unread(page)
    assert waiting > before
    page.get_by_role("link", name=BELL).click()
    page.get_by_text("还有 2 天").first.wait_for()
    city.shoot("22-inbox")
    page.locator(".q-msg.new").first.click()
    page.wait_for_url("**/plans/**")
    assert unread(page) == waiting - 1

    page = province.go("/messages/log/?purpose=deadline")
    assert page.get_by_text("贾云飞").count() >= 2
    province.shoot("23-log")
    province.go("/messages/files/")
    province.shoot("24-files")


def test_everybody_sets_what_reaches_them(desk):
    city = desk("city1401", 390)
    page = city.go("/messages/settings/")
    page.fill("#id_email", "wang@example.org")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("接收设置已保存").wait_for()
    assert page.input_value("#id_email") == "wang@example.org"
    page.get_by_role("button", name="生成日历网址").click()
    page.get_by_label("网址（只显示这一次）").wait_for()
    city.shoot("25-calendar")
    city.go("/messages/settings/")
    city.shoot("26-settings")
    put_back("UPDATE accounts_user SET email = ''")

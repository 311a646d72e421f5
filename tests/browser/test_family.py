"""Brother and sister check in under one number, each on a phone; each takes only their own along."""

import json
from io import BytesIO

from openpyxl import load_workbook

from tests.browser.conftest import a_minute_passes, shown_code
from tests.browser.test_check_in import tap

PHONE = "13800007401"


def fill(page, name, kind, lives_at):
    page.fill("#id_phone", PHONE)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_text("验证码已发送").wait_for()
    page.fill("#id_code", shown_code(page))
    page.fill("#id_name", name)
    tap(page, kind, "18 周岁以上", "一到两周")
    page.fill("#id_lives_at", lives_at)
    page.check("#id_agree_basic")
    page.get_by_role("button", name="提交报到").click()


def taken(page):
    """What both exports say, as one text each."""
    with page.expect_download() as download:
        page.get_by_role("link", name="导出数据文件").click()
    with open(download.value.path(), encoding="utf-8") as file:
        told = json.load(file)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出表格").click()
    sheet = load_workbook(BytesIO(download.value.path().read_bytes())).active
    return json.dumps(told, ensure_ascii=False), str(list(sheet.values))


def test_two_of_a_family_check_in_under_one_number_and_each_takes_their_own(desk):
    brother, sister = desk(width=390), desk(width=390)
    page = brother.go("/140105/check-in/")
    fill(page, "吉星", "务工青年", "广州市天河区")
    page.get_by_role("heading", name="报到成功，再多说几句？").wait_for()

    a_minute_passes()
    page = sister.go("/140106/check-in/")
    fill(page, "王小妹", "在校学生", "北京市海淀区")
    page.get_by_role("heading", name="请确认是哪一位").wait_for()
    sister.shoot("44-who-checks-in")
    assert page.get_by_text("吉* · 小店区").count() == 2
    assert page.get_by_text("吉星").count() == 0
    page.goto(f"{sister.server}/privacy/")
    page.go_back()
    page.get_by_role("heading", name="请确认是哪一位").wait_for()
    page.go_back()
    page.get_by_role("heading", name="向团组织报到").wait_for()
    page.go_forward()
    page.get_by_role("heading", name="请确认是哪一位").wait_for()
    page.get_by_label("另一位家人").check()
    page.get_by_role("button", name="继续报到").click()
    page.get_by_role("heading", name="报到成功，再多说几句？").wait_for()

    for seat, own, other in ((brother, "吉星", "王小妹"), (sister, "王小妹", "吉星")):
        page = seat.go("/my/")
        for told in taken(page):
            assert own in told
            assert other not in told

    # On one phone they change places, without a code, since it proved the number today.
    page.get_by_role("link", name="换一位家人").click()
    page.get_by_role("heading", name="您是哪一位？").wait_for()
    sister.shoot("45-who-is-here")
    page.get_by_role("button", name="吉* · 小店区").click()
    page.get_by_role("heading", name="吉星").wait_for()
    for told in taken(page):
        assert "王小妹" not in told
    sister.shoot("46-mine-of-a-family")
    assert brother.errors == sister.errors == []

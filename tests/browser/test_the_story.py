"""The main job, told by three people at three screens."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from tests.browser.conftest import work


def picture(colour):
    body = BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(body, "JPEG")
    return body.getvalue()


@pytest.mark.notice("4.2.1")
def test_a_plan_reaches_approval_and_an_activity_reaches_the_map(desk):
    wang, li, zhang = desk("city1402"), desk("province"), desk("county140213", 390)
    li.go("/board/")
    li.shoot("01-province-board-before")
    before = _count_on_map(li, "1402")

    # The city writes what is left of its plan, and sends it.
    page = wang.go("/plans/")
    page.get_by_role("link", name="继续写").click()
    wang.shoot("02-city-writes")
    _save_each(page, lambda: _write_the_rest(page))
    _meet_a_colleague(wang, desk("city1402"))
    page.get_by_role("link", name="写完了，去核对报送").click()
    page.get_by_text("各部分都写好了，可以报送。").wait_for()
    wang.shoot("03-city-checks")
    page.get_by_role("button", name="报送团省委").click()
    page.get_by_text("已报送团省委基层组织建设部").wait_for()
    wang.shoot("04-city-has-sent")

    # The province returns it with a remark tied to a part.
    page = li.go("/plans/")
    li.shoot("05-province-queue")
    page.get_by_role("row", name="大同市").get_by_role("link").click()
    page.get_by_role("button", name="开始审阅").click()
    page.get_by_text("对“统一行动日”写意见").click()
    page.fill("#remark_action_day", "请写明各县分会场的时间。")
    li.shoot("06-province-reviews")
    page.get_by_role("button", name="退回修改").click()
    page.get_by_text("大同市实施方案已退回修改").or_(
        page.get_by_text("已退回修改")
    ).first.wait_for()
    li.shoot("07-province-returned")

    # The city mends it and sends it again.
    page = wang.go("/plans/")
    wang.shoot("08-city-reads-remark")
    page.get_by_role("link", name="继续写").click()
    _save_each(page, lambda: page.fill("#action_text", "各县分会场上午九点同时开始。"))
    page.get_by_role("link", name="写完了，去核对报送").click()
    page.get_by_role("button", name="报送团省委").click()
    page.get_by_text("已报送团省委基层组织建设部").wait_for()

    # The province compares the versions and approves.
    page = li.go("/plans/")
    page.get_by_role("row", name="大同市").get_by_role("link").click()
    page.get_by_role("link", name="各版对照").click()
    li.shoot("09-province-compares")
    page.go_back()
    page.get_by_role("button", name="开始审阅").click()
    page.get_by_role("button", name="通过").click()
    page.get_by_text("已下达到承担单位").wait_for()
    li.shoot("10-province-approved")
    page.get_by_role("link", name="打印稿").click()
    li.shoot("11-print")

    # The county finds its kinds, and logs one with two photos on a phone.
    page = zhang.go("/board/")
    zhang.shoot("12-county-board")
    page.get_by_role("link", name="登记").first.click()
    page.locator(".q-chips label").first.click()
    page.fill("#id_place", "平城区政务大厅")
    page.fill("#id_participants", "46")
    files = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour)}
        for n, colour in enumerate(("#c8102e", "#17794a"))
    ]
    page.set_input_files("#id_photos", files)
    page.locator("#photo-list img").nth(1).wait_for()
    zhang.shoot("13-county-logs")
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记，县、市、省的进展已经更新").wait_for()
    zhang.shoot("14-county-has-logged")
    work()

    # The province sees the number change on the map, and opens it down to the photo.
    page = li.go("/board/")
    assert _count_on_map(li, "1402") == before + 1
    li.shoot("15-province-board-after")
    page.locator('.q-map a[data-unit="1402"]').click()
    page.get_by_role("heading", name="大同市进展").wait_for()
    li.shoot("16-city-opened")
    page.locator("#counties").get_by_role("row", name="平城区").get_by_role("link").nth(1).click()
    li.shoot("17-rows-behind-the-number")
    page.get_by_role("link", name="平城区政务大厅").first.click()
    assert page.locator(".q-photos img").count() == 2
    li.shoot("18-the-photos")
    page.locator(".q-photos a").first.click()
    assert page.evaluate("document.contentType") == "image/jpeg"


def _count_on_map(seat, code):
    return int(seat.page.locator(f'.q-map a[data-unit="{code}"] text').last.text_content())


def _save_each(page, write):
    """Write, and wait until every part that was touched says it is saved."""
    write()
    for _ in range(50):
        page.wait_for_timeout(200)
        said = [text for text in page.locator(".q-saved").all_text_contents() if text]
        if said and all("已保存" in text for text in said):
            return
    raise AssertionError(f"not saved: {said}")


def _write_the_rest(page):
    day = date.today() + timedelta(10)
    page.fill("#action_day input[name=on]", f"{day:%Y.%m.%d}")
    page.fill("#action_text", "市里设主会场。")
    for field in page.locator("#people input[name$=_name]").all():
        field.fill("刘强")


def _meet_a_colleague(wang, colleague):
    """Two people write one part at once: both contents are shown, nothing is lost."""
    colleague.go(wang.page.url.removeprefix(wang.server))
    wang.page.fill("#media_text", "甲写的策划")
    wang.page.locator("#media .q-saved", has_text="已保存").wait_for()
    colleague.page.fill("#media_text", "乙写的策划")
    colleague.page.get_by_text("甲写的策划").wait_for()
    colleague.shoot("02b-two-write-at-once")
    colleague.page.get_by_role("button", name="用我的").click()
    colleague.page.locator("#media .q-saved", has_text="已保存").wait_for()
    wang.page.reload()
    assert wang.page.input_value("#media_text") == "乙写的策划"

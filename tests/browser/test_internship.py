"""An internship from wishes to the certificate: a county's desk, two students' phones."""

import re

import pytest

from tests.browser.conftest import put_back
from tests.browser.test_evening import tap


def recruit(desk):
    """The county offers two posts. Returns: the seat and the event's number."""
    seat = desk("county140105", 1440)
    page = seat.go("/desk/events/new/?kind=internship")
    page.fill("#id_title", "寒假实践·试办")
    page.fill("#id_place", "各用人单位")
    for row, (name, host) in enumerate((("编辑助理", "区融媒体中心"), ("窗口引导", "区政务大厅"))):
        page.fill(f"#id_rows-{row}-name", name)
        page.fill(f"#id_rows-{row}-host", host)
    page.fill("#id_contact_name", "团小店区委")
    page.fill("#id_contact_phone", "0351-7175001")
    seat.shoot("120-posts-form")
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布，可以报名了").wait_for()
    return seat, re.search(r"/desk/events/(\d+)/", page.url)[1]


def arrive(desk, name, phone):
    """A student who checks in by phone. Returns: the seat."""
    seat = desk(width=390)
    page = seat.go("/140105/check-in/")
    page.fill("#id_phone", phone)
    page.get_by_role("button", name="获取验证码").click()
    code = page.locator("b", has_text=re.compile(r"^\d{6}$")).inner_text()
    page.fill("#id_code", code)
    page.fill("#id_name", name)
    tap(page, "在校学生", "18 周岁以上", "一到两周")
    page.fill("#id_lives_at", "北京市海淀区")
    page.check("#id_agree_basic")
    page.get_by_role("button", name="提交报到").click()
    page.wait_for_url("**/check-in/more/")
    return seat


def wish(seat, event, *posts):
    page = seat.go(f"/events/{event}/")
    page.get_by_role("link", name="填志愿").click()
    for number, post in enumerate(posts, 1):
        option = page.locator(f"#id_wish{number} option", has_text=post)
        page.select_option(f"#id_wish{number}", value=option.get_attribute("value"))
    page.get_by_role("button", name="保存志愿").click()
    page.get_by_text("志愿已保存").wait_for()
    return re.search(r"/my/events/\d+/", page.url)[0]


@pytest.mark.notice("3.3.1")
def test_internship_from_wishes_to_certificate(desk):
    county, event = recruit(desk)
    first = arrive(desk, "梁试学", "13800006701")
    second = arrive(desk, "康试学", "13800006702")
    own = {seat: wish(seat, event, "编辑助理", "窗口引导") for seat in (first, second)}
    first.shoot("121-wishes")

    page = county.go(f"/desk/events/{event}/posts/")
    county.shoot("122-before-placing")
    page.get_by_role("button", name="安排岗位").click()
    page.get_by_text("安排好了：2 人有岗位").wait_for()
    county.shoot("123-placed")
    why = {seat: seat.go(own[seat]).locator("main").inner_text() for seat in own}
    lucky = next(seat for seat in own if "安排在您的第一志愿" in why[seat])
    other = next(seat for seat in own if seat is not lucky)
    assert "“编辑助理”第一志愿 2 人、名额 1 个" in why[other]
    other.shoot("124-why")

    put_back(
        "UPDATE events_event SET opens_at = now() - interval '2 days',"
        " starts_at = now() - interval '1 hour', closes_at = now() - interval '2 hours',"
        f" ends_at = now() + interval '1 day' WHERE id = {event}"
    )  # the first day has come
    page = county.go(f"/desk/events/{event}/people/")
    for name in ("梁", "康"):
        row = page.locator(".q-row", has_text=f"{name}试学")  # from the day before on, by name
        row.get_by_role("button", name="今天到岗").click()
        page.get_by_text("今天的到岗记下了").wait_for()
    row = page.locator(".q-row", has_text="编辑助理")
    row.locator("summary", has_text="鉴定").click()
    row.get_by_label("评语").fill("踏实肯干")
    row.get_by_role("button", name="鉴定").click()
    page.get_by_text("鉴定已记下").wait_for()
    county.shoot("125-people")
    page = county.go(f"/desk/events/{event}/")
    page.get_by_role("button", name="已经举办").click()
    page.get_by_text("人数已计入").wait_for()

    page = lucky.go(own[lucky])
    tap(page, "满意")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("谢谢您的评价").wait_for()
    page.get_by_role("link", name="实习证明").click()
    assert "鉴定为“完成得好”：踏实肯干" in page.locator("main").inner_text()
    number = page.locator(".num").last.inner_text()
    lucky.shoot("126-certificate")
    # The other was not judged, and has none.
    assert other.go(own[other]).get_by_role("link", name="实习证明").count() == 0
    anybody = desk(width=390)
    page = anybody.go("/certificates/")
    page.fill("#id_number", number)
    page.get_by_role("button", name="核验").click()
    page.get_by_text("编号有效").wait_for()
    assert "梁试学" not in page.content()
    assert "康试学" not in page.content()
    anybody.shoot("127-verified")
    put_back(f"UPDATE events_event SET campaign_id = NULL WHERE id = {event}")

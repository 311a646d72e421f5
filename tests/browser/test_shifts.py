"""Volunteers for a night train, from the county's form to the door, and what the camera lacks."""

import re

PLAIN = "Object.defineProperty(window, 'isSecureContext', {value: false})"
DENIED = """
() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "%s"));
}
"""


def write_the_event(seat):
    page = seat.go("/desk/events/new/?kind=warmth")
    page.fill("#id_title", "夜班列车引导")
    page.fill("#id_place", "太原南站")
    page.fill("#id_rows-0-name", "太原南站")
    page.get_by_text("上午 8:00—12:00").click()
    page.fill("#id_own_hours", "晚上")
    page.fill("#id_contact_name", "团小店区委")
    page.fill("#id_contact_phone", "0351-7175001")
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_text("请写起止时间").first.wait_for()
    seat.shoot("shifts-form")
    page.fill("#id_own_hours", "22:00—06:00、18:00—20:00")
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("次日 06:00").wait_for()
    return re.search(r"/desk/events/(\d+)/", page.url)[1]


def test_night_shift_is_moved_another_called_off_and_the_door_says_why_it_sees_nothing(desk):
    wide = desk("county140105", 1440)
    event = write_the_event(wide)
    wide.shoot("shifts-desk")
    page = wide.page
    page.get_by_role("link", name=re.compile("改这一班.*22:00")).click()
    wide.shoot("shifts-one")
    page.fill("#id_begins", "23:00")
    page.get_by_role("button", name="改时间").click()
    page.get_by_text("班次的时间已改").wait_for()
    page.get_by_role("link", name=re.compile("改这一班.*18:00")).click()
    page.fill("#id_why", "列车停运")
    page.get_by_role("button", name="取消这一班").click()
    page.get_by_text("已取消：列车停运").wait_for()
    wide.shoot("shifts-after")

    phone = desk("county140105", 390)
    phone.go(f"/desk/events/{event}/")
    phone.shoot("shifts-desk-390")
    page = phone.go(f"/desk/events/{event}/door/")
    for name, said in (
        ("NotAllowedError", "浏览器设置里允许"),
        ("NotFoundError", "没有摄像头"),
        ("NotReadableError", "被别的程序占用"),
    ):
        page.evaluate(DENIED % name)
        page.get_by_role("button", name="打开摄像头").click()
        page.get_by_text(said).wait_for()
    page.add_init_script(PLAIN)
    phone.go(f"/desk/events/{event}/door/")
    page.get_by_text("改设置也没有用").wait_for()
    assert not page.get_by_role("button", name="打开摄像头").is_visible()
    phone.shoot("shifts-door-plain")

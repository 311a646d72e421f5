"""青春有约 from the county's form to the log, with six people on six phones."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.browser.conftest import ARGUMENTS, CHROMIUM, Desk, put_back
from tests.events.scene import identity_number

MEN, WOMEN = ("贺一", "贺二", "贺三"), ("柳一", "柳二", "柳三")
# By number on the lapel: 1 and 4, 2 and 5 choose each other; 3 chooses 4 and 6, 6 chooses 1.
CHOICES = {1: (4,), 2: (5,), 3: (4, 6), 4: (1,), 5: (2,), 6: (1,)}


def tap(page, *labels):
    for label in labels:
        page.locator(".q-chips label", has_text=re.compile(f"^{label}$")).first.click()


def open_the_evening(desk):
    """The county writes the event, looks at it, and opens it. Returns: its number."""
    seat = desk("county140105", 1440)
    page = seat.go("/desk/events/new/")
    page.get_by_role("link", name="青春有约").last.click()
    page.fill("#id_title", "青春有约·试办专场")
    page.fill("#id_place", "区文化馆三楼")
    page.fill("#id_men", "5")
    page.fill("#id_women", "5")
    page.fill("#id_rounds", "3")
    page.fill("#id_contact_name", "团小店区委")
    seat.shoot("100-evening-form")
    # The telephone is forgotten: it is said, and nothing typed is lost.
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_text("请填写联系电话").first.wait_for()
    assert page.input_value("#id_place") == "区文化馆三楼"
    page.fill("#id_contact_phone", "0351-7175001")
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布，可以报名了").wait_for()
    seat.shoot("101-evening-desk")
    return re.search(r"/desk/events/(\d+)/", page.url)[1]


def join_on_a_phone(desk, event, name, number, is_man):
    """Somebody comes to the public page, checks in, comes back and signs up. Returns: the seat."""
    seat = desk(width=390)
    page = seat.go(f"/events/{event}/")
    if number == 0:
        seat.shoot("102-evening-public")
    page.get_by_role("link", name="报名", exact=True).click()
    page.fill("#id_phone", f"1380000{6600 + number:04}")
    page.get_by_role("button", name="获取验证码").click()
    code = page.locator("b", has_text=re.compile(r"^\d{6}$")).inner_text()
    page.fill("#id_code", code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("报名要先向家乡团组织报到").wait_for()
    page = seat.go("/140105/check-in/")
    page.fill("#id_name", name)
    tap(page, "务工青年", "18 周岁以上", "一到两周")
    page.fill("#id_lives_at", "北京市海淀区")
    page.check("#id_agree_basic")
    page.get_by_role("button", name="报到").click()
    page.wait_for_url("**/check-in/more/")
    page = seat.go("/check-in/done/")
    page.get_by_role("link", name="回去报名").click()
    page.get_by_role("link", name="报名", exact=True).click()
    tap(page, "男青年" if is_man else "女青年")
    page.fill("#id_identity_number", identity_number(1994, is_man, number))
    page.fill("#id_trade", "教师")
    page.check("#id_is_single")
    if number == 0:
        seat.shoot("103-evening-join")
        page.get_by_role("button", name="提交报名").click()
        page.get_by_text("请先阅读并勾选同意").first.wait_for()
        assert page.input_value("#id_trade") == "教师"
    page.check("#id_agree")
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("报上了").wait_for()
    if number == 0:
        seat.shoot("104-evening-code")
    return seat


def film(seats, path):
    """What the camera at the door sees: each phone's code for a second, over and over."""
    frames = []
    for seat in seats:
        shot = Image.open(BytesIO(seat.page.locator(".q-ticket").screenshot())).convert("RGB")
        frame = Image.new("RGB", (640, 480), "white")
        shot.thumbnail((420, 420))
        frame.paste(shot, ((640 - shot.width) // 2, (480 - shot.height) // 2))
        body = BytesIO()
        frame.save(body, "JPEG", quality=90)
        frames += [body.getvalue()] * 30
    path.write_bytes(b"".join(frames))


@pytest.fixture
def door(server, browser, tmp_path):
    """The county's phone at the door, whose camera sees what ``film`` made."""
    opened = []

    def sit_down(seats):
        film(seats, tmp_path / "door.mjpeg")
        chromium = browser.browser_type.launch(
            executable_path=CHROMIUM,
            args=[
                *ARGUMENTS,
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={tmp_path / 'door.mjpeg'}",
            ],
        )
        opened.append(chromium)
        return Desk(chromium, server, 390, permissions=["camera"]).sign_in("county140105")

    yield sit_down
    for chromium in opened:
        chromium.close()


def check_in_by_camera(door, seats, event):
    """The network is gone while the first are scanned; nothing is lost."""
    seat = door(seats)
    page = seat.go(f"/desk/events/{event}/door/")
    seat.context.set_offline(True)
    page.get_by_role("button", name="打开摄像头").click()
    page.locator("#door-waiting").wait_for()
    page.get_by_text("留在本机").wait_for()
    seat.context.set_offline(False)
    page.locator("#door-here", has_text=re.compile("^6$")).wait_for(timeout=60_000)
    assert page.locator("#door-said .q-wrong").count() == 0
    seat.shoot("105-door")
    # The video goes round: codes that were let in are told apart from new ones.
    page.locator("#door-said .q-wrong", has_text="签过到了").first.wait_for(timeout=60_000)


def meet(desk, seats, event):
    seat = desk("county140105", 1440)
    page = seat.go(f"/desk/events/{event}/evening/")
    page.get_by_role("button", name="排座").click()
    page.get_by_text("没有人重复").wait_for()
    for label in ("开始第一轮", "下一轮", "下一轮"):
        page.get_by_role("button", name=label).click()
        page.locator("table").wait_for()
    seat.shoot("106-rounds")
    tables = {}
    for phone in seats:
        text = phone.go(my_page(phone)).locator("#tables").inner_text()
        tables[number_of(phone)] = [int(n) for n in re.findall(r"(\d+) 号", text)]
    assert {n: sorted(t) for n, t in tables.items()} == {
        1: [4, 5, 6], 2: [4, 5, 6], 3: [4, 5, 6], 4: [1, 2, 3], 5: [1, 2, 3], 6: [1, 2, 3],
    }  # fmt: skip
    seats[0].shoot("107-my-tables")
    return seat


def my_page(phone):
    return re.search(r"/my/events/\d+/", phone.page.url)[0]


def number_of(phone):
    return int(phone.page.locator(".q-number").inner_text())


def choose(seats):
    for phone in seats:
        page = phone.page
        tap(page, *[f"{number} 号" for number in CHOICES[number_of(phone)]])
        page.get_by_role("button", name="保存选择").click()
        page.get_by_text("选择已保存").wait_for()
    seats[0].shoot("108-choices")


@pytest.mark.notice("3.9.1")
def test_evening_from_the_form_to_the_log(desk, door):
    event = open_the_evening(desk)
    seats = [
        join_on_a_phone(desk, event, name, number, name in MEN)
        for number, name in enumerate((*MEN, *WOMEN))
    ]
    put_back(
        "UPDATE events_event SET opens_at = now() - interval '2 days',"
        " starts_at = now() - interval '5 minutes', closes_at = now() - interval '20 minutes',"
        f" ends_at = now() + interval '3 hours' WHERE id = {event}"
    )  # the day has come
    check_in_by_camera(door, seats, event)
    county = meet(desk, seats, event)
    choose(seats)
    page = county.page
    page.get_by_role("button", name="提前截止并告知").click()
    page.get_by_text("每个人都收到了看结果的通知").wait_for()
    shown = page.locator(".q-kpi", has_text="互选成功").locator(".q-kpi-v").inner_text()
    assert shown == "2"
    assert not [name for name in (*MEN, *WOMEN) if name in page.content()]
    county.shoot("109-two-pairs")
    told = {}
    for phone in seats:
        text = phone.go(my_page(phone)).locator("#result").inner_text()
        told[number_of(phone)] = [int(n) for n in re.findall(r"您和 (\d+) 号", text)]
        assert not [name for name in (*MEN, *WOMEN) if name in text]
    assert told == {1: [4], 2: [5], 3: [], 4: [1], 5: [2], 6: []}
    seats[2].shoot("110-quiet-word")
    agree(seats)
    write_it_down(county, event)
    put_back(f"UPDATE events_event SET campaign_id = NULL WHERE id = {event}")


def agree(seats):
    """1 and 4 both agree, and only then see each other's name and number."""
    by_number = {}
    for phone in seats:
        phone.go(my_page(phone))
        by_number[number_of(phone)] = phone
    one, other = by_number[1], by_number[4]
    one.page.get_by_role("button", name="同意互相看到").click()
    one.page.get_by_text("对方也同意以后").first.wait_for()
    assert not [name for name in WOMEN if name in one.page.content()]
    other.page.get_by_role("button", name="同意互相看到").click()
    other.page.locator("#result a[href^='tel:']").wait_for()
    assert [name for name in MEN if name in other.page.locator("#result").inner_text()]
    other.shoot("111-both-agreed")


def write_it_down(county, event):
    page = county.go(f"/desk/events/{event}/")
    page.get_by_role("button", name="已经举办").click()
    page.get_by_text("人数已计入").wait_for()
    page.get_by_role("link", name="记入台账").click()
    county.shoot("112-entry")
    page.get_by_role("button", name="记入台账").click()
    page.get_by_text("已记入台账").wait_for()
    assert "青春有约·试办专场" in page.locator("main").inner_text()
    assert "6" in page.locator("main").inner_text()
    county.shoot("113-log")

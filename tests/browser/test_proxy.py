"""The green channel from a county's list to the city's figures, as each of them does it."""

import re
from io import BytesIO

from PIL import Image

from tests.browser.conftest import put_back
from tests.browser.test_pool import tap


def photo(colour):
    body = BytesIO()
    Image.new("RGB", (900, 600), colour).save(body, "JPEG")
    return {"name": "证件.jpg", "mimeType": "image/jpeg", "buffer": body.getvalue()}


def number_on(page):
    return re.search(r"编号 (\d{4} \d{4})", page.locator("[data-done]").inner_text())[1]


def adopt_and_publish(desk):
    """The county takes up the province's template, changes it, has it confirmed, publishes it."""
    seat = desk("county140105", 1440)
    page = seat.go("/proxy/items/")
    seat.shoot("70-checklist")
    page.get_by_role("button", name="采用新生儿户口登记").click()
    page.get_by_text("已采用").wait_for()
    page.get_by_role("link", name="修改").click()
    seat.shoot("71-item-form")
    page.fill("#id_place", "坞城派出所户籍窗口")
    page.get_by_role("button", name="再加一行").first.click()
    rows = page.locator("[data-rows=materials] .q-rowform")
    rows.last.locator("input").first.fill("父母居民身份证")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()
    page.get_by_label("部门和确认人").fill("坞城派出所 王警官")
    page.get_by_role("button", name="部门确认了最新一版").click()
    page.get_by_text("已记下部门确认").wait_for()
    page.get_by_role("button", name="公开最新一版").click()
    page.get_by_text("已公开。").wait_for()
    seat.shoot("72-item-desk")
    page = seat.go("/140105/services/")
    seat.shoot("73-public-list")
    page.get_by_role("link", name="新生儿户口登记").click()
    assert "父母居民身份证原件 1 份" in page.locator("main").inner_text()
    seat.shoot("74-public-item")


def ask_for_grandmother(desk):
    """A young person on a phone, for a grandparent, with two photos. Returns: seat and number."""
    seat = desk(width=390).sign_in("youth", lands="")
    page = seat.go("/140105/services/")
    page.get_by_role("link", name="城乡居民医保参保登记").click()
    seat.shoot("75-item")
    page.get_by_role("link", name="登记").click()
    seat.shoot("76-ask")
    tap(page, "祖父母或外祖父母", "老人", "送到服务点", "两个月")
    page.fill("#id_name", "陈奶奶")
    page.locator(".q-day:visible summary").first.click()
    page.locator(".q-day label:visible").first.click()
    seat.shoot("76-hours")
    page.check("#id_agree")
    # One thing is forgotten: it is said, and nothing typed is lost.
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("请先征得本人同意").first.wait_for()
    assert page.input_value("#id_name") == "陈奶奶"
    page.check("#id_agree_family")
    page.get_by_role("button", name="提交登记").click()
    page.get_by_text("已登记，编号").wait_for()
    number = number_on(page)
    for place, colour in enumerate(("#cc8866", "#8899aa")):
        page.locator("input[type=file]").nth(place).set_input_files([photo(colour)])
        page.get_by_text("照片已保存").wait_for()
        page.get_by_role("link", name="第 1 张").nth(place).wait_for()
    seat.shoot("77-my-request")
    link = page.get_by_role("link", name="第 1 张").first.get_attribute("href")
    shown = seat.page.request.get(f"{seat.server}{link}")
    assert shown.headers["content-type"] == "image/jpeg"
    return seat, number


def register_at_the_door(desk):
    """A liaison with the same item, for an old person who left a child's number."""
    seat = desk("township140105001", 390)
    page = seat.go("/proxy/register/")
    page.get_by_role("link", name="城乡居民医保参保登记").click()
    page.fill("#id_name", "李试婆")
    page.fill("#id_phone", "13800005123")
    page.fill("#id_asker_name", "李小宁")
    tap(page, "父母", "老人", "上门取件", "一个月")
    page.fill("#id_place", "北营村 5 排")
    page.set_input_files("#id_paper", [photo("#eeeeee")])
    seat.shoot("78-door")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("请把登记单打印给本人").wait_for()
    number = number_on(page)
    page.get_by_role("link", name="登记单").click()
    assert number in page.locator(".q-number").inner_text()
    seat.shoot("79-slip")
    return number


def find(seat, number):
    page = seat.go("/proxy/cases/")
    page.fill("#id_q", number)
    page.get_by_role("button", name="查找").click()
    page.locator("a.q-row").click()
    return page


def take_and_check(seat, number):
    """The agent takes a case, looks at its papers, receives them and gives a slip."""
    page = find(seat, number)
    page.get_by_role("button", name="我来办").click()
    page.get_by_text("这件由您来办了").wait_for()
    for button in ("核对选中的", "收下选中的"):
        for box in page.locator("#papers input[type=checkbox]").all():
            box.check()
        page.get_by_role("button", name=button).click()
        page.locator("[data-done]").wait_for()
    page.get_by_role("button", name="开收件收据").click()
    page.get_by_role("heading", name="材料接收收据").wait_for()


def carry(desk, numbers):
    """A trip with both: one is done, one waits for papers and ends afterwards."""
    seat = desk("county140105", 1440)
    for number in numbers:
        take_and_check(seat, number)
    page = seat.go("/proxy/")
    seat.shoot("80-board")
    page = seat.go("/proxy/cases/?state=accepted")
    for number in numbers:
        page.locator(f"[aria-label^='选 {number}']").check()
    page.select_option("#id_trip_office", label="医保")
    seat.shoot("81-cases")
    page.get_by_role("button", name="开跑办单").click()
    page.get_by_text("跑办单已开，共 2 件").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    seat.shoot("82-trip")
    first = page.locator(".border-bottom", has_text=numbers[0])
    first.locator(".q-chips label", has_text="已办结").click()
    second = page.locator(".border-bottom", has_text=numbers[1])
    second.locator(".q-chips label", has_text="等补材料").click()
    second.locator("summary").click()
    second.get_by_label("户口簿").select_option(label="看不清或不完整")
    page.get_by_role("button", name="记下结果").click()
    page.get_by_text("2 件的结果已记下").wait_for()
    page = find(seat, numbers[1])
    assert "户口簿：看不清或不完整" in page.locator("main").inner_text()
    seat.shoot("83-waiting")
    page.get_by_role("button", name="受理", exact=True).click()
    page.get_by_text("已受理，本人会收到通知").wait_for()
    page.get_by_role("button", name="办结", exact=True).click()
    page.get_by_text("还有材料没有核对：户口簿").first.wait_for()
    for box in page.locator("#papers input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="核对选中的").click()
    page.locator("[data-done]").wait_for()
    page.get_by_role("button", name="办结", exact=True).click()
    page.get_by_text("已办结，本人会收到通知").wait_for()
    # Originals are with us still: given back, with a slip, before the day is closed.
    for box in page.locator("#papers input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="退还选中的").click()
    page.get_by_text("已退还").wait_for()
    page.get_by_role("button", name="开退件收据").click()
    page.get_by_role("heading", name="材料退还收据").wait_for()
    seat.shoot("84-receipt")
    seat.go("/proxy/day/")
    seat.shoot("85-day")


def rate(seat, number):
    """The young person hears of it, sees the way it went, and says how it was."""
    page = seat.go("/my/requests/")
    seat.shoot("86-my-requests")
    page.locator("a.q-row", has_text=number).click()
    tap(page, "很满意")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("谢谢您的评价").wait_for()
    seat.shoot("87-rated")


def rate_by_code(desk, number):
    """The absent child: by number and last four, then by a code sent to the phone."""
    seat = desk(width=390)
    page = seat.go("/status/")
    page.fill("#id_number", number)
    page.fill("#id_last_four", "5123")
    page.get_by_role("button", name="查进展").click()
    page.get_by_text("已办结").first.wait_for()
    assert "李试婆" not in page.content()
    seat.shoot("88-status")
    page.get_by_role("link", name="用验证码登录看全部").click()
    page.fill("#id_phone", "13800005123")
    page.get_by_role("button", name="获取验证码").click()
    code = page.locator("b", has_text=re.compile(r"^\d{6}$")).inner_text()
    page.fill("#id_code", code)
    page.get_by_role("button", name="登录", exact=True).click()
    # The number alone does not open it: the name it was left with does.
    page.fill("#id_registered_name", "李小宁")
    page.get_by_role("button", name="核对").click()
    page.locator("a.q-row", has_text=number).click()
    tap(page, "满意")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("谢谢您的评价").wait_for()


def test_request_from_the_countys_list_to_the_citys_figures(desk):
    adopt_and_publish(desk)
    young, first = ask_for_grandmother(desk)
    second = register_at_the_door(desk)
    city = desk("city1401", 1440)
    before = figures(city)
    carry(desk, (first, second))
    rate(young, first)
    rate_by_code(desk, second)
    after = figures(city)
    assert {key: after[key] - before[key] for key in after} == {
        "办结": 2, "老人": 2, "已评": 2, "满意": 2,
    }  # fmt: skip
    city.shoot("89-figures")
    province = desk("province", 1440)
    province.go("/proxy/")
    province.shoot("90-province")
    forget()


def figures(seat):
    page = seat.go("/proxy/")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="小店区"))
    cells = dict(
        zip(
            row.locator("td").evaluate_all("cells => cells.map(cell => cell.dataset.l)"),
            row.locator("td").all_inner_texts(),
            strict=True,
        )
    )
    happy, rated = map(int, cells["满意"].split("/"))
    return {"办结": int(cells["办结"]), "老人": int(cells["老人"]), "已评": rated, "满意": happy}


def forget():
    """The next test finds the demo as it was but for what was counted."""
    put_back(
        "UPDATE proxy_serviceitem SET published_id = NULL WHERE template_id IN"
        " (SELECT item_id FROM proxy_itemversion WHERE title = '新生儿户口登记')"
    )

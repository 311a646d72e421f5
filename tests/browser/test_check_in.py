"""From a county's poster to a deleted account, on a phone; and the same without a script."""

import json
import os
import re

import pytest

from tests.browser.conftest import Desk, shown_code
from tests.looking import looked_into

PHONE, NO_SCRIPT_PHONE = "13800007001", "13800007002"


def tap(page, *labels):
    for label in labels:
        page.locator(".q-chips label", has_text=label).first.click()


def fill_first_step(page, phone, name):
    page.fill("#id_phone", phone)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_text("验证码已发送").wait_for()
    page.fill("#id_code", shown_code(page))
    page.fill("#id_name", name)
    tap(page, "在校学生", "18 周岁以上", "一到两周")
    page.fill("#id_lives_at", "北京市海淀区")
    page.check("#id_agree_basic")
    page.check("#id_agree_messages")
    page.get_by_role("button", name="提交报到").click()
    page.get_by_role("heading", name="报到成功，再多说几句？").wait_for()


def traces(*words):
    """Where in the whole database any of the words stands, in every unit."""
    found = []
    with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE ANY(%s)',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone()[0]:
                found.append((table, column))
    return found


def test_young_person_from_poster_to_deleted_account(desk):
    young = desk(width=390)
    page = young.go("/140105/poster/")
    young.shoot("30-poster")
    link = page.locator(".q-poster .link").inner_text()
    page = young.go("/")
    young.shoot("31-home")
    page.fill("#q", "xdq")
    page.get_by_role("button", name="找家乡").click()
    page.get_by_role("link", name="小店区").first.wait_for()
    young.shoot("32-find")

    page.goto(f"http://{link}/")
    young.shoot("33-county")
    page.get_by_role("link", name="向团组织报到（约 1 分钟）").click()
    young.shoot("34-first-step")
    fill_first_step(page, PHONE, "李𠮷乡")
    young.shoot("35-second-step")
    tap(page, "实习实践", "志愿服务")
    page.fill("#id_school", "山西大学")
    page.get_by_role("button", name="完成").click()
    page.get_by_role("heading", name="李𠮷乡，欢迎回家").wait_for()
    # The group and the person.
    assert page.get_by_role("heading", name="小店区返乡学子群").count() == 1
    assert page.get_by_text("郭丽敏").count() == 1
    page.wait_for_load_state("load")
    shown = "document.querySelector('.q-groupcode').naturalWidth"
    assert page.evaluate(shown) > 100
    young.shoot("36-done")
    page.get_by_role("button", name="我已入群").click()
    page.get_by_text("已入群").first.wait_for()

    page = young.go("/my/questions/")
    tap(page, "咨询")
    page.fill("#id_text", "李𠮷乡想问：实习去哪里报名？")
    page.get_by_role("button", name="以后再写").click()
    page.get_by_text("写的内容已经存好").wait_for()
    page = young.go("/my/questions/")
    assert page.input_value("#id_text") == "李𠮷乡想问：实习去哪里报名？"
    young.shoot("37-ask")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("前答复您").first.wait_for()
    number = page.url.rstrip("/").rsplit("/", 1)[1]

    neighbour = desk("city1401", 1440)
    assert neighbour.page.goto(f"{neighbour.server}/inquiries/{number}/").status == 404
    cadre = desk("county140105", 390)
    page = cadre.go("/inquiries/")
    cadre.shoot("38-inquiries")
    page.get_by_text("李𠮷乡想问").click()
    page.get_by_label("内容").first.fill("正月十五前到团区委报名，带学生证。")
    cadre.shoot("39-inquiry")
    page.get_by_role("button", name="答复", exact=True).click()
    page.get_by_text("已答复，本人会收到通知").wait_for()

    page = young.go("/")
    page.get_by_role("link", name=re.compile("条未读")).click()
    page.get_by_text("您问的事有了答复").first.click()
    page.wait_for_url(f"**/my/questions/{number}/")
    tap(page, "解决了")
    young.shoot("40-answered")
    page.get_by_role("button", name="告诉家乡").click()
    page.get_by_text("您的反馈：解决了。").wait_for()

    page = young.go("/my/")
    young.shoot("41-mine")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出数据文件").click()
    with open(download.value.path(), encoding="utf-8") as file:
        taken = json.load(file)
    assert taken["基本信息"]["手机号"] == PHONE
    assert taken["咨询和意见"][0]["反馈"] == "解决了"
    with page.expect_download() as download:
        page.get_by_role("link", name="导出表格").click()
    assert download.value.suggested_filename == "我的资料.xlsx"
    assert {table for table, _ in traces("李𠮷乡", PHONE)} >= {"talent_youth", "talent_question"}
    page.get_by_role("link", name="删除账号").click()
    young.shoot("42-delete")
    page.check("#sure")
    page.get_by_role("button", name="删除账号").click()
    page.get_by_text("您的资料和账号已经删除").wait_for()
    assert traces("李𠮷乡", PHONE) == []


def test_check_in_without_a_script(browser, server):
    seat = Desk(browser, server, 390, java_script_enabled=False)
    try:
        page = seat.go("/")
        page.fill("#q", "小店区")
        page.get_by_role("button", name="找家乡").click()
        page.get_by_role("link", name="小店区").first.click()
        page.get_by_role("link", name="向团组织报到（约 1 分钟）").click()
        fill_first_step(page, NO_SCRIPT_PHONE, "王无脚本")
        tap(page, "找工作")
        page.get_by_role("button", name="完成").click()
        page.get_by_role("heading", name="王无脚本，欢迎回家").wait_for()
        assert page.get_by_role("heading", name="小店区返乡学子群").count() == 1
        page = seat.go("/my/delete/")
        page.check("#sure")
        page.get_by_role("button", name="删除账号").click()
        page.get_by_text("您的资料和账号已经删除").wait_for()
    finally:
        seat.context.close()


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("a3", (842, 1191))])
def test_poster_prints_on_its_paper(desk, paper, size):
    seat = desk(width=1440)
    page = seat.go(f"/140105/poster/?paper={paper}")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [tuple(round(float(n)) for n in box) for box in boxes] == [size]


def test_public_pages_are_light(desk):
    """Everything a phone fetches the first time, in bytes as they travel."""
    for path in ("/", "/140105/", "/140105/check-in/", "/find/?q=x"):
        seat = desk(width=390)
        session = seat.context.new_cdp_session(seat.page)
        session.send("Network.enable")
        received = []
        session.on(
            "Network.loadingFinished", lambda e, r=received: r.append(e["encodedDataLength"])
        )
        seat.page.goto(f"{seat.server}{path}", wait_until="networkidle")
        assert 10_000 < sum(received) < 150_000, (path, sum(received))


def test_device_does_the_sum_when_codes_are_asked_for_often(desk):
    seat = desk(width=390)
    page = seat.go("/sign-in/")
    for number in range(7):
        page.fill("#id_phone", f"1380000721{number}")
        page.get_by_role("button", name=re.compile("获取")).click()
        page.wait_for_load_state()
    page.get_by_text("请先完成下面的验证").wait_for()
    seat.shoot("43-challenge")
    page.locator("altcha-widget label").click()
    page.locator("altcha-widget [data-state=verified]").wait_for(timeout=30000)
    page.get_by_role("button", name=re.compile("获取")).click()
    page.get_by_text("验证码已发送").wait_for()
    assert seat.errors == []

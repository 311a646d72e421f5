"""A county's spreadsheet goes in, its people are followed up, found, put together, sent out."""

import os
import re
from io import BytesIO

from openpyxl import Workbook, load_workbook

from tests.browser.conftest import put_back, work
from tests.looking import looked_into

HEAD = ("尊姓大名", "手机号", "乡镇", "村", "出生年份", "技能", "本人同意")
ROWS = (
    ("冯试一", "13800005001", "坞城街道", "试验村", 1991, "养羊", "是"),
    ("冯试二", "13800005002", "坞城街道", "试验村", 1992, "电焊", "否"),
    ("冯试三", "1.38E+10", "坞城街道", "试验村", 1993, "会计", "是"),
)


def book_of(*rows):
    book, body = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(body)
    return body.getvalue()


def tap(page, *labels):
    for label in labels:
        page.locator(".q-chips label", has_text=label).first.click()


def upload(page, name, body):
    page.set_input_files("#id_file", [{"name": name, "mimeType": "application/x", "buffer": body}])
    page.get_by_role("button", name="上传并检查").click()
    page.locator("[data-poll]").wait_for()
    work()


def test_spreadsheet_from_upload_to_export(desk):
    seat = desk("county140105", 1440)
    page = seat.go("/pool/sheets/")
    seat.shoot("50-sheets")
    upload(page, "摸底.xlsx", book_of(HEAD, *ROWS))
    # Nobody knows the first heading: it is asked.
    first = page.get_by_label("“尊姓大名”是哪一项")
    first.wait_for()
    seat.shoot("51-columns")
    first.select_option("name")
    page.get_by_role("button", name="检查").click()
    page.locator("[data-poll]").wait_for()
    work()
    page.get_by_text("科学计数").first.wait_for()
    assert "第 4 行" in page.locator("main").inner_text()
    seat.shoot("52-checked")

    # The wrong rows come back with their reasons, are put right and go in again.
    with page.expect_download() as download:
        page.get_by_role("link", name="下载写错的行").click()
    wrong = load_workbook(BytesIO(download.value.path().read_bytes()))
    assert "科学计数" in wrong.active["B2"].comment.text
    wrong.active["B2"] = "13800005003"
    mended = BytesIO()
    wrong.save(mended)
    page.get_by_role("button", name="只导入正确的行").click()
    page.locator("[data-poll]").wait_for()
    work()
    page.get_by_text("已导入 2 人").wait_for()
    page = seat.go("/pool/sheets/")
    upload(page, "改好.xlsx", mended.getvalue())
    # What the heading means was remembered.
    page.get_by_role("button", name="确认导入").click()
    page.locator("[data-poll]").wait_for()
    work()
    page.get_by_text("已导入 1 人").wait_for()
    seat.shoot("53-imported")

    # Searched for, by a part of a skill as the province calls it.
    page = seat.go("/pool/")
    seat.shoot("54-list")
    page.fill("#id_q", "财务")
    page.get_by_role("button", name="查找").click()
    page.locator("a.q-row", has_text="冯**").first.wait_for()
    assert page.locator("a.q-row", has_text="财务会计").count() >= 1
    page.fill("#id_q", "冯试")
    page.get_by_role("button", name="查找").click()
    page.locator("a.q-row").nth(2).wait_for()
    assert page.locator("a.q-row").count() == 3

    # Sent out: with a reason whole, with a row that says who and why.
    page = seat.go("/pool/exports/")
    seat.shoot("55-exports")
    page.fill("#id_reason", "核对走访名册")
    page.get_by_role("button", name="导出", exact=True).click()
    page.locator("[data-poll]").wait_for()
    work()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").first.click()
    sent = load_workbook(BytesIO(download.value.path().read_bytes())).active
    assert "核对走访名册" in sent["A1"].value
    assert [cell.value for cell in sent[2]][:2] == ["姓名", "手机号"]
    people = {row[0].value: row[1].value for row in sent.iter_rows(min_row=3)}
    assert people["冯试三"] == "13800005003"
    forget()


def test_followed_up_in_three_taps_on_a_phone(desk):
    seat = desk("county140105", 390)
    page = seat.go("/pool/today/")
    seat.shoot("56-today")
    page.locator(".q-row a[href*='talk=1']").first.click()
    page.get_by_role("heading", name="记一次回访").wait_for()
    seat.shoot("57-record")
    assert page.locator("a[href^='tel:']").count() == 1
    tap(page, "电话", "谈过了")
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("已记下这次回访").wait_for()
    page.wait_for_url(re.compile("/pool/today/"))


def test_double_is_seen_side_by_side_merged_and_parted(desk):
    seat = desk("county140105", 1440)
    page = seat.go("/pool/alike/")
    seat.shoot("58-alike")
    page.locator("a.q-row", has_text="武**").first.click()
    page.get_by_role("heading", name="是同一个人吗").wait_for()
    seat.shoot("59-compare")
    page.get_by_role("button", name="合并成一条").click()
    page.get_by_text("已合并成一条").wait_for()
    page.get_by_role("button", name="分开").first.click()
    page.get_by_text("恢复成合并以前的样子").wait_for()
    assert page.locator("a.q-row", has_text="武**").count() == 1


def test_next_county_sees_nothing_of_it(desk):
    seat = desk("province", 1440)
    page = seat.go("/pool/")
    seat.shoot("60-figures")
    assert "冯试" not in page.content()
    assert seat.page.request.get(f"{seat.server}/pool/1/").status == 404


def forget():
    put_back(
        "DELETE FROM talent_poolwords WHERE record_id IN"
        " (SELECT id FROM talent_talentrecord WHERE name LIKE '冯试%');"
        "DELETE FROM talent_talentrecord WHERE name LIKE '冯试%'"
    )


def test_form_that_was_saved_is_empty_for_the_next_person(desk):
    seat = desk("county140105", 390)
    page = seat.go("/pool/new/")
    page.fill("#id_name", "冯试七")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("手机号和身份证号至少填一个").first.wait_for()
    page = seat.go("/pool/new/")  # refused, so nothing typed is lost
    page.get_by_text("已找回上次没有提交的内容").wait_for()
    assert page.input_value("#id_name") == "冯试七"
    page.fill("#id_phone", "13800005077")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已登记。征得本人同意后才能入库").wait_for()
    tap(page, "电话")
    page.get_by_role("button", name="记下", exact=True).click()
    page.get_by_text("已记下这次回访").wait_for()
    assert page.get_by_text("已找回上次没有提交的内容").count() == 0
    page = seat.go("/pool/new/")
    assert page.input_value("#id_name") == ""
    assert page.get_by_text("已找回上次没有提交的内容").count() == 0


LOOKED = "SELECT count(*) FROM accounts_auditevent WHERE verb = '查看人才电话'"
RINGS = """navigation.addEventListener("navigate", (event) => {
  document.body.dataset.rung = event.destination.url;
  event.preventDefault();
})"""


def looked():
    with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
        cursor.execute(LOOKED)
        return cursor.fetchone()[0]


def test_one_tap_rings_and_is_written_down(desk):
    put_back(
        "UPDATE talent_talentrecord SET next_on = current_date WHERE id IN (SELECT id FROM"
        " talent_talentrecord WHERE county = '140105' AND stage <> 'rests'"
        " AND merged_into_id IS NULL AND phone_sealed IS NOT NULL LIMIT 2)"
    )
    seat, before = desk("county140105", 390), looked()
    page = seat.go("/pool/today/")
    page.evaluate(RINGS)
    page.locator("a[data-call]").first.click()
    rung = page.locator("body[data-rung]").get_attribute("data-rung")
    assert re.fullmatch(r"tel:1380000\d{4}", rung)
    assert looked() == before + 1
    assert page.url.endswith("/pool/today/")

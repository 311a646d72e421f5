"""A county's own sheet, as it is: tabs, a number that two share, ditto marks, 农历; in, out, and in."""

from io import BytesIO

from openpyxl import Workbook

from tests.browser.conftest import put_back, work
from tests.browser.test_pool import upload

HEAD = (
    "序号",
    "姓名",
    "手机号（本人）",
    "手机号（家长）",
    "乡镇",
    "出生年月",
    "学历",
    "返乡意愿",
    "备注",
)
TABS = {
    "坞城街道": [
        (1, "尹甲一", "13800006001", "", "坞城街道", "1991.6", "本科", "愿意", ""),
        (2, "尹甲二", "13800006002", "13800006001", "同上", "农历1993年三月", "〃", "不一定", ""),
        (3, "尹甲三", "13800006002", "", "坞城街办", "95.6", "/", "√", ""),
        (4, "", "", "", "", "", "", "", ""),
        ("合计", "", "3", "", "", "", "", "", ""),
    ],
    "营盘街道": [
        (1, "尹乙一", "电话：13800006003", "", "营盘街道", "29岁", "大专", "在考虑", ""),
        (2, "尹乙二", "13800006001", "", "营盘", "1999", "高中", "有困难", ""),
    ],
    "说明": [("请各街道于月底前报送",)],
}


def book_of():
    book, body = Workbook(), BytesIO()
    book.remove(book.active)
    for name, rows in TABS.items():
        page = book.create_sheet(name)
        for row in rows if name == "说明" else [("青年人才摸底表",), HEAD, *rows]:
            page.append(row)
    book.save(body)
    return body.getvalue()


def decide(page, which, answer):
    page.get_by_role("button", name=f"{which}：{answer}").click()
    page.get_by_text("已定 1 行").first.wait_for()


def test_county_brings_its_own_sheet_and_takes_it_out_again(desk):
    seat = desk("county140105", 1440)
    page = seat.go("/pool/sheets/")
    upload(page, "摸底.xlsx", book_of())
    page.get_by_text("这几行是谁").wait_for()
    main = page.locator("main").inner_text()
    for said in (
        "坞城街道、营盘街道", "没有读的工作表：说明", "1 行只有序号", "1 行是合计、小计", "2 格写的是“同上”",
        "返乡意向认不出来", "是农历",
    ):  # fmt: skip
        assert said in main, said
    seat.shoot("56-sheet-asked")
    decide(page, "坞城街道第 5 行", "是家里另一位")
    decide(page, "营盘街道第 4 行", "这行不导入")
    page.get_by_role("button", name="确认导入").click()
    page.locator("[data-poll]").wait_for()
    work()
    page.get_by_text("已导入 4 人").wait_for()

    page = seat.go("/pool/exports/")
    page.fill("#id_reason", "核对摸底名册")
    page.get_by_role("button", name="导出", exact=True).click()
    page.locator("[data-poll]").wait_for()
    work()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").first.click()
    page = seat.go("/pool/sheets/")
    upload(page, "导出.xlsx", download.value.path().read_bytes())
    page.get_by_text("没有变化").first.wait_for()
    seat.shoot("57-sheet-unchanged")
    put_back(
        "DELETE FROM talent_numberanswer WHERE record_id IS NULL OR record_id IN"
        " (SELECT id FROM talent_talentrecord WHERE name LIKE '尹甲%' OR name LIKE '尹乙%');"
        "DELETE FROM talent_poolwords WHERE record_id IN"
        " (SELECT id FROM talent_talentrecord WHERE name LIKE '尹甲%' OR name LIKE '尹乙%');"
        "DELETE FROM talent_talentrecord WHERE name LIKE '尹甲%' OR name LIKE '尹乙%'"
    )

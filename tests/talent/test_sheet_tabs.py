"""Tabs, headings that are missing or low, cells that hold errors: what a book is, said before anything."""

import io

import pytest
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from qingchun.ground.workbooks import reading
from qingchun.jobs.actions import work
from talent.pool.actions import sheets
from tests.talent.bringing import latest, pool, reasons_of
from tests.talent.sheets import csv_of

HEAD = ("姓名", "手机号", "乡镇")


def book_of(**tabs):
    book = Workbook()
    book.remove(book.active)
    for name, rows in tabs.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


FOUR = {
    "坞城街道": [HEAD, ("王一", "13800000001", "坞城街道"), ("王二", "13800000002", "坞城街道")],
    "营盘街道": [
        ("营盘街道名单",),
        HEAD,
        ("李一", "13800000003", "营盘街道"),
        ("", "13800000009", ""),
    ],
    "说明": [("请各街道填写",)],
    "活动": [("活动名称", "手机号", "地点"), ("座谈", "13800000004", "会议室")],
}


@pytest.fixture
def choose(desk_of, zhang):
    def do(sheet, *tabs):
        with desk_of(zhang):
            sheets.choose_tabs(sheet, actor=zhang, tabs=list(tabs))
        work()
        return latest(sheet, zhang)

    return do


def test_all_tabs_with_the_same_headings_are_read(bring, confirm, zhang, at):
    sheet = bring(zhang, book_of(**FOUR))
    assert (sheet.state, sheet.counts) == ("checked", {"ready": 3, "wrong": 1})
    assert any("坞城街道、营盘街道" in note for note in sheet.notes)
    assert any("没有读的工作表：说明、活动" in note for note in sheet.notes)
    page = at(zhang).get(f"/pool/sheets/{sheet.pk}/").content.decode()
    assert "营盘街道第 4 行" in page
    assert at(zhang).get(f"/pool/sheets/{sheet.pk}/wrong.xlsx").status_code == 200
    confirm(zhang, sheet, only_right=True)
    people = pool()
    assert set(people) == {"王一", "王二", "李一"}
    assert people["李一"].source_of("name").endswith("人才.xlsx 营盘街道第 3 行")
    assert people["王二"].source_of("name").endswith("人才.xlsx 坞城街道第 3 行")


def test_tabs_are_chosen(bring, choose, zhang):
    sheet = bring(zhang, book_of(**FOUR))
    assert choose(sheet, "坞城街道").counts == {"ready": 2}
    assert choose(sheet, "营盘街道").counts == {"ready": 1, "wrong": 1}
    sheet = choose(sheet, "活动")
    assert (sheet.state, sheet.heads) == ("mapping", ["活动名称", "手机号", "地点"])


def test_two_people_in_two_tabs_under_one_number_are_asked_about(bring, zhang):
    tabs = {"甲": [HEAD, ("王一", "13800000001", "")], "乙": [HEAD, ("李二", "13800000001", "")]}
    sheet = bring(zhang, book_of(**tabs))
    assert sheet.counts == {"ready": 1, "asked": 1}
    assert sheet.in_its_tab(reasons_of(sheet, zhang)[0][2]).startswith("和甲第 2 行")


PEOPLE = [
    ("王一", "13800000011", "坞城街道"),
    ("王二", "13800000012", "坞城街道"),
    ("王三", "13800000013", ""),
]


def test_first_row_is_somebody_where_there_is_no_heading(bring, confirm, zhang, desk_of):
    sheet = bring(zhang, csv_of(*PEOPLE))
    assert (sheet.state, sheet.columns) == ("mapping", ["name", "phone", "township"])
    with desk_of(zhang):
        sheets.say_columns(sheet, actor=zhang, keys=sheet.columns)
    work()
    sheet = latest(sheet, zhang)
    assert sheet.counts == {"ready": 3}
    confirm(zhang, sheet)
    assert set(pool()) == {"王一", "王二", "王三"}


@pytest.mark.parametrize(("said", "many"), [("person", 3), ("", 2), ("head", 2)])
def test_somebody_says_whether_the_first_row_is_a_heading(bring, zhang, at, said, many):
    sheet = bring(zhang, csv_of(*((name, f"x{n}", "") for n, (name, *_) in enumerate(PEOPLE))))
    assert sheet.state == "mapping"
    data = {"keys": ["name", "phone", ""], "first": said}
    at(zhang).post(f"/pool/sheets/{sheet.pk}/steps/say-columns/", data)
    work()
    assert latest(sheet, zhang).counts == {"wrong": many}


def test_headings_may_stand_low(bring, zhang):
    rows = [(f"说明{n}",) for n in range(20)]
    assert bring(zhang, csv_of(*rows, HEAD, *PEOPLE)).counts == {"ready": 3}


def test_form_of_one_person_is_called_so(bring, zhang):
    data = csv_of(
        ("姓名", "王一"), ("手机号", "13800000011"), ("学历", "本科"), ("出生年月", "1995")
    )
    sheet = bring(zhang, data)
    assert (sheet.state, "一人一张" in sheet.trouble) == ("failed", True)


def _with_errors():
    rows = [
        ("姓名", "手机号", "身份证号", "村"), ("王一", "#N/A", "", "#DIV/0!"), ("王二", "13800000012", "", "=A1"),
    ]  # fmt: skip
    return book_of(名单=rows)


def test_errors_and_formulas_without_a_result_are_said(bring, zhang):
    notes = reading.open_book(_with_errors()).notes
    assert any("B2、D2" in note and "出错的公式" in note for note in notes)
    assert any("没有算好的结果" in note for note in notes)


def test_template_says_nothing_of_its_own_list(at, zhang):
    data = at(zhang).get("/pool/sheets/template.xlsx").content
    assert reading.open_book(data).notes == []


def test_cell_far_away_is_named(bring, zhang):
    def bordered(place):
        book = Workbook()
        for row in (HEAD, *PEOPLE):
            book.active.append(list(row))
        book.active[place].border = Border(bottom=Side("thin"))
        body = io.BytesIO()
        book.save(body)
        return body.getvalue()

    for place, said in (("A1048576", "第 1048576 行"), ("XFD1", "XFD1")):
        sheet = bring(zhang, bordered(place))
        assert (sheet.state, said in sheet.trouble) == ("failed", True), sheet.trouble


@pytest.mark.parametrize(
    "data",
    [
        '姓名,手机号\r\n王一,="13800000011"\r\n'.encode(),
        "sep=;\r\n姓名;手机号\r\n王一;13800000011\r\n".encode(),
        "姓名|手机号\r\n王一|13800000011\r\n".encode(),
        "姓名，手机号\r\n王一，13800000011\r\n".encode(),
        "姓名,手机号,村\r\n王一,13800000011,".encode("gb18030") + b"\x80\r\n",
        "姓名,手机号\r\r\n王一,13800000011".replace("\r\r", "\r").encode("utf-16"),
    ],
)
def test_text_as_other_systems_write_it(bring, zhang, data):
    assert bring(zhang, data, "人才.csv").counts == {"ready": 1}

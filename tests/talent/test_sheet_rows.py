"""Which rows of a sheet are people, and what stands for what is above it."""

import pytest

from talent.pool.identity import check_of
from tests.looking import looking
from tests.talent.bringing import latest, pool, reasons_of
from tests.talent.sheets import csv_of

HEAD = ("序号", "姓名", "手机号", "乡镇", "学历", "本人同意")


def row(number, name, phone="", home="坞城街道", *rest):
    return (number, name, phone, home, *rest)


def test_only_a_missing_name_or_number_keeps_a_row_out(bring, confirm, zhang):
    rows = [
        row(1, "王一", "13800000009", "/", "/", "无"), row(2, "王二", "13800000010", "", "甲等", "口头同意"),
        row(3, "", "13800000011"), row(4, "王四", "无"),
    ]  # fmt: skip
    sheet = bring(zhang, csv_of(HEAD, *rows))
    assert sheet.counts == {"ready": 2, "wrong": 2}
    confirm(zhang, sheet, only_right=True)
    people = pool()
    assert (people["王一"].typed, people["王二"].education, people["王二"].agreed) == (
        "",
        "",
        "none",
    )
    assert people["王二"].typed == "本人同意：口头同意"  # what waits for a consent is not kept


def test_what_was_not_understood_is_kept_in_words_and_sealed(bring, confirm, zhang, at):
    body = "14010518850101000"
    identity = body[:17] + check_of(body)
    head = ("姓名", "手机号", "身份证号", "出生年份", "学历", "本人同意")
    rows = [
        ("王一", "13800000009/13800000010", identity, "1886", "甲等", "是"),
        ("王二", "0351-7654321", "E12345678", "", "", "是"),
        ("王三", "13800000012", "E12345678", "农历1890年六月", "", "是"),
    ]
    sheet = bring(zhang, csv_of(head, *rows))
    assert sheet.counts == {"ready": 2, "wrong": 1}
    page = at(zhang).get(f"/pool/sheets/{sheet.pk}/").content.decode()
    for said in ("有几个号码", "学历认不出来", "各列填了多少", "前几位读出来是这样", "固定电话"):
        assert said in page
    confirm(zhang, sheet, only_right=True)
    people = pool()
    assert people["王一"].typed == "手机号：13800000009/13800000010；学历：甲等；出生年份：1886"
    assert (people["王一"].birth_year, people["王三"].birth_year) == (1885, 1890)
    assert people["王三"].typed == "身份证号：E12345678；出生年份：农历1890年六月"
    with looking() as _:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT typed FROM talent_talentrecord WHERE typed <> ''")
            assert not any("E12345678" in said or "甲等" in said for (said,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([(n, "", "") for n in range(2, 50)], {"只有序号": 48}),
        ([(n, "", "", "坞城街道") for n in range(2, 5)], {"只有序号": 3}),
        ([("合计", "", "", "", ""), ("", "小计", "5"), ("", "合 计", "13800000077")], {"是合计、小计": 3}),
        ([HEAD], {"是重复的表头": 1}),
        ([("1", "2", "3", "4", "5", "6"), ("（1）", "（2）", "（3）", "（4）")], {"是列号": 2}),
        ([("填表人：张三", "", "", ""), ("备注：以上人员均为本县户籍",)], {"是填表说明、落款": 2}),
    ],
)  # fmt: skip
def test_rows_that_are_nobody_are_left_out_by_kind(bring, zhang, at, rows, left):
    sheet = bring(zhang, csv_of(HEAD, row(1, "王一", "13800000010"), *rows))
    assert (sheet.counts, sheet.found["left"]) == ({"ready": 1}, left)
    page = at(zhang).get(f"/pool/sheets/{sheet.pk}/").content.decode()
    assert all(kind in page for kind in left)


def test_sheet_of_numbers_alone_says_so(bring, zhang):
    sheet = bring(zhang, csv_of(HEAD, *((n, "", "") for n in range(1, 6))))
    assert (sheet.state, "5 行只有序号" in sheet.trouble) == ("failed", True)


def test_ditto_is_what_stands_above(bring, confirm, zhang, at):
    rows = [row(n, f"王{k}", f"1380000002{n}", home, degree, "是") for n, (k, home, degree) in enumerate(
        [("一", "坞城街道", "本科"), ("二", "同上", "〃"), ("三", '"', "同上"), ("四", "", "")]
    )]  # fmt: skip
    sheet = bring(zhang, csv_of(HEAD, *rows))
    assert (sheet.counts, sheet.found["dittos"], sheet.found["without_home"]) == (
        {"ready": 4},
        4,
        1,
    )
    page = at(zhang).get(f"/pool/sheets/{sheet.pk}/").content.decode()
    assert "有 1 行没有写乡镇，记在小店区" in page
    confirm(zhang, sheet)
    people = pool()
    assert [people[f"王{k}"].organization_id for k in "一二三四"] == ["140105001"] * 3 + ["140105"]
    assert [people[f"王{k}"].education for k in "一二三四"] == ["bachelor"] * 3 + [""]


def test_blanks_are_filled_from_above_where_somebody_says_so(bring, confirm, zhang, at):
    rows = [
        row(1, "王一", "13800000031"),
        row(2, "王二", "13800000032", ""),
        row(3, "王三", "13800000033", ""),
    ]
    sheet = bring(zhang, csv_of(HEAD, *rows))
    assert sheet.found["without_home"] == 2
    at(zhang).post(f"/pool/sheets/{sheet.pk}/steps/fill-down/")
    from qingchun.jobs.actions import work

    work()
    sheet = latest(sheet, zhang)
    assert (sheet.state, sheet.found["without_home"]) == ("checked", 0)
    confirm(zhang, sheet)
    assert {record.organization_id for record in pool().values()} == {"140105001"}


def test_town_and_village_in_one_cell_and_another_county_refused(bring, confirm, zhang):
    rows = [
        row(1, "王一", "13800000041", "坞城街办北张村"),
        row(2, "王二", "13800000042", "迎泽区坞城街道"),
    ]
    sheet = bring(zhang, csv_of(HEAD, *rows))
    assert sheet.counts == {"ready": 1, "wrong": 1}
    assert "不是小店区" in reasons_of(sheet, zhang)[0][2]
    confirm(zhang, sheet, only_right=True)
    assert pool()["王一"].village == "北张村"

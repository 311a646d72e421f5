"""What a heading means, by itself and by what somebody said; and what of it stays behind."""

import json

import pytest
from django.db import connection

from qingchun.jobs.actions import work
from talent.pool.actions import sheets
from talent.pool.imports.columns import built_in, find_head, is_known
from talent.pool.models import ColumnHabit, Sheet
from tests.looking import looking
from tests.talent.bringing import latest, pool
from tests.talent.sheets import csv_of

TWO = ("序号", "姓名", "手机号（本人）", "手机号（家长）", "乡镇")


@pytest.fixture
def check(desk_of, zhang):
    def do(sheet, keys=None, **values):
        with desk_of(zhang):
            sheets.say_columns(sheet, actor=zhang, keys=keys or sheet.columns, **values)
        work()
        return latest(sheet, zhang)

    return do


def habits():
    with looking():
        return {habit.words: habit.column for habit in ColumnHabit.objects.all()}


@pytest.mark.parametrize(
    "head",
    [
        TWO, ("姓名", "联系电话", "联系电话"), ("姓名", "联系电话1", "联系电话2"), ("姓名（学生）", "姓名（家长）", "手机号"),
        ("姓名", "联系电话", "手机号"),
    ],
)  # fmt: skip
def test_sheet_with_two_columns_for_one_thing_teaches_nobody_to_drop_it(
    bring, check, confirm, zhang, head
):
    cells = {"序号": "1", "乡镇": "坞城街道"}
    row = [
        cells.get(one, "王一" if "姓名" in one else f"1380000000{n}") for n, one in enumerate(head)
    ]
    sheet = bring(zhang, csv_of(head, row))
    if sheet.state == "mapping":
        sheet = check(sheet)
    confirm(zhang, sheet)
    assert habits() == {}
    good = bring(zhang, csv_of(("姓名", "手机号"), ("王二", "13800000077")))
    assert (good.state, good.columns) == ("checked", ["name", "phone"])


def test_brackets_say_whose_it_is(bring, confirm, zhang):
    sheet = bring(zhang, csv_of(TWO, ("1", "王一", "13800000001", "13800000002", "坞城街道")))
    assert (sheet.state, sheet.columns) == ("checked", ["", "name", "phone", "", "township"])
    head = ("手机号（家长）", "姓名（家长）", "姓名（学生）", "手机号（本人）")
    sheet = bring(zhang, csv_of(head, ("13800000002", "王父", "王一", "13800000003")))
    assert (sheet.state, sheet.columns) == ("checked", ["", "", "name", "phone"])
    alone = bring(zhang, csv_of(("姓名", "电话（家长）"), ("王一", "13800000002")))
    assert (alone.state, alone.columns) == ("mapping", ["name", ""])


def test_what_somebody_said_is_kept_by_the_whole_heading_and_forgotten_on_a_page(
    bring, check, zhang, at
):
    data = csv_of(("姓名", "联系电话1", "联系电话2"), ("王一", "13800000001", "13800000002"))
    sheet = bring(zhang, data)
    assert (sheet.state, sheet.columns) == ("mapping", ["name", "phone", ""])
    check(sheet, ["name", "", "phone"])
    assert habits() == {"联系电话2": "phone"}
    again = bring(zhang, data)
    assert (again.state, again.columns) == ("checked", ["name", "", "phone"])
    client = at(zhang)
    assert "联系电话2" in client.get("/pool/sheets/habits/").content.decode()
    with looking():
        pk = ColumnHabit.objects.get().pk
    client.post(f"/pool/sheets/habits/{pk}/forget/")
    assert habits() == {}
    assert bring(zhang, data).columns == ["name", "phone", ""]


def test_what_is_not_needed_stops_nobody(bring, zhang):
    head = ("序号", "姓名", "性别", "民族", "手机号", "政治面貌", "备注")
    sheet = bring(zhang, csv_of(head, ("1", "王一", "男", "汉", "13800000001", "团员", "好")))
    assert (sheet.state, habits()) == ("checked", {})


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        *((text, "skills") for text in ("特长技能", "技术专长", "专业技能", "技能特长")),
        *((text, "phone") for text in ("本人电话", "联系方式", "手机号码*", "电话（必填）", "移动电话")),
        *((text, "address") for text in ("户籍所在地", "籍贯", "家庭住址", "住址")),
        *((text, "township") for text in ("乡（镇）", "乡镇（街道）", "所属乡镇", "乡镇/街道")),
        *((text, "education") for text in ("学历学位", "学历", "文化程度")),
        *((text, "birth_year") for text in ("出生年月日", "出生年月", "年龄")),
        *((text, "doing") for text in ("现工作单位", "现工作单位及职务", "单位", "工作单位")),
        *((text, "lives_at") for text in ("务工地", "现居住地址", "现居地")),
        *((text, "intention") for text in ("是否返乡", "回乡意愿", "返乡意向")),
        *((text, "identity") for text in ("证件号", "身份证号码", "公民身份号码")),
        *((text, "") for text in ("序号", "性别", "紧急联系人", "父亲姓名", "电话（家长）", "监护人电话", "扣扣")),
    ],
)  # fmt: skip
def test_heading_by_itself(heading, key):
    assert built_in(heading) == key
    assert is_known(heading, {}) == (heading != "扣扣")


def test_address_is_read_for_its_township_and_stops_nobody(bring, confirm, zhang):
    head = ("姓名", "手机号", "家庭住址")
    rows = [
        ("王一", "13800000001", "小店区坞城街道北张村12号"),
        ("王二", "13800000002", "山东省济南市"),
        ("王三", "13800000003", ""),
    ]
    sheet = bring(zhang, csv_of(head, *rows))
    assert sheet.counts == {"ready": 3}
    confirm(zhang, sheet)
    people = pool()
    assert (people["王一"].organization_id, people["王一"].village) == ("140105001", "北张村")
    assert (people["王二"].organization_id, people["王二"].typed) == (
        "140105",
        "乡镇（街道）：山东省济南市",
    )


def test_best_row_of_headings_wins():
    head = find_head([["青年人才表", ""], ["序号", "姓名"], ["1", "王一"]], [], {})
    assert (head.first_row, head.columns) == (3, ["", "name"])


# What stays behind


def stored(sheet):
    """All that the tables hold of a sheet and of what was said of headings."""
    with looking(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(s)::text FROM talent_sheet s WHERE id = %s"
            " UNION ALL SELECT to_jsonb(h)::text FROM talent_columnhabit h",
            [sheet.pk],
        )
        return " ".join(text for (text,) in cursor.fetchall())


def test_headings_and_samples_are_sealed_and_go_with_the_file(bring, zhang, desk_of):
    data = csv_of(("王晓明", "13800000020", "140105189001100207"), ("王小二", "13800000021", ""))
    sheet = bring(zhang, data)
    assert sheet.state == "mapping"
    for said in ("王晓明", "13800000020", "140105189001100207", "王小二"):
        assert said not in stored(sheet)
    assert sheet.head
    with desk_of(zhang):
        sheets.give_up(sheet, actor=zhang)
    with looking():
        left = Sheet.objects.get(pk=sheet.pk)
    assert (left.heads, left.below, left.head, left.file.name) == ([], [], "", "")


def test_heading_that_is_a_name_is_no_habit_in_the_clear(bring, check, zhang):
    sheet = bring(zhang, csv_of(("王晓明", "手机号"), ("王小二", "13800000021")))
    check(sheet, ["name", "phone"])
    assert habits() == {"王晓明": "name"}
    assert "王晓明" not in stored(sheet)


def test_what_a_version_before_kept_goes(bring, zhang, winter):
    from django.utils.timezone import now

    with looking():
        Sheet.objects.create(
            organization_id="140105", user=zhang, by_name="张小店", title="x", state="cancelled",
            headings=["王晓明"], samples=[["1"]],
        )  # fmt: skip
        ColumnHabit.objects.create(organization_id="140105", heading="王晓明", column="name")
    sheets.forget_old(now())
    with looking():
        sheet = Sheet.objects.get()
    assert (sheet.headings, sheet.samples, habits()) == ([], [], {})


def test_samples_hide_the_numbers(bring, zhang):
    sheet = bring(zhang, csv_of(("甲", "乙"), ("王一", "13800000021")))
    assert "13800000021" not in json.dumps(sheet.below, ensure_ascii=False)

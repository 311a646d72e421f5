"""A number that two people share: a sheet makes nobody somebody else, and asks once."""

import pytest

from qingchun.ground.refusals import Refused
from talent.pool import numbers
from talent.pool.actions import deciding, sheets
from talent.pool.identity import check_of
from talent.pool.models import NumberAnswer, TalentRecord
from talent.pool.timeline import timeline_of
from tests.looking import looking
from tests.talent.bringing import latest, people_in_the_pool, pool, reasons_of
from tests.talent.sheets import csv_of

HEAD = ("姓名", "手机号", "身份证号", "出生年份", "村")
PHONE = "13800000001"


def identity_of(year, order):
    body = f"140105{year}0101{order:03}"
    return body + check_of(body)


ONE, OTHER = identity_of(1885, 11), identity_of(1891, 22)


def sheet_of(*rows):
    return csv_of(HEAD, *((*row, *("",) * (len(HEAD) - len(row))) for row in rows))


@pytest.fixture
def known(bring, confirm, zhang):
    """王甲 with a number and an identity number is in the pool."""
    confirm(zhang, bring(zhang, sheet_of(("王甲", PHONE, ONE, "1885", "东村"))))
    return pool()["王甲"]


@pytest.fixture
def decide(desk_of, zhang):
    def do(sheet, who, **which):
        with desk_of(zhang):
            deciding.decide(sheet, actor=zhang, who=who, **which)
        return latest(sheet, zhang)

    return do


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (("李乙", PHONE), "name"),
        (("李乙", PHONE, OTHER, "1891"), "name"),
        (("王甲", PHONE, OTHER), "identity"),
        (("王甲", PHONE, "", "1891"), "birth_year"),
    ],
)
def test_same_number_and_another_person_is_asked(bring, known, zhang, row, kind):
    sheet = bring(zhang, sheet_of(row))
    assert sheet.counts == {"asked": 1}
    assert [reason[1] for reason in reasons_of(sheet, zhang)] == [kind]
    assert people_in_the_pool() == (1, 1)


@pytest.mark.parametrize(
    "row", [("王甲", PHONE), ("王甲", PHONE, ONE), ("王甲", PHONE, "", "1885")]
)
def test_nothing_is_asked_of_who_is_the_same(bring, known, zhang, row):
    assert bring(zhang, sheet_of(row)).counts == {"duplicate": 1}


def test_same_identity_number_is_the_same_person_and_keeps_the_name(bring, confirm, known, zhang):
    sheet = bring(zhang, sheet_of(("王加", "13800000002", ONE, "", "西村")))
    assert sheet.counts == {"changed": 1}
    confirm(zhang, sheet)
    record = pool()["王甲"]
    assert (record.pk, record.village, record.phone_shown) == (known.pk, "西村", "138****0002")
    assert record.identity_mark == known.identity_mark


def test_number_of_somebody_else_is_taken_from_nobody(bring, confirm, known, zhang):
    confirm(zhang, bring(zhang, sheet_of(("李乙", "13800000002", OTHER))))
    sheet = bring(zhang, sheet_of(("李乙", PHONE, OTHER, "", "南村")))
    confirm(zhang, sheet)
    people = pool()
    assert (people["李乙"].village, people["李乙"].phone_shown) == ("南村", "138****0002")
    assert people["王甲"].phone_mark == known.phone_mark


def test_another_of_the_family_comes_in_and_is_not_asked_about_again(
    bring, confirm, decide, known, zhang
):
    data = sheet_of(("子乙", PHONE, "", "1991"))
    sheet = bring(zhang, data)
    with pytest.raises(Refused, match="要您定"):
        confirm(zhang, sheet)
    sheet = decide(sheet, "other", number=2)
    assert sheet.counts == {"ready": 1}
    confirm(zhang, sheet)
    people = pool()
    assert numbers.open_phone(people["子乙"].phone_sealed) == PHONE
    assert (people["王甲"].phone_mark, people["子乙"].phone_mark) == (known.phone_mark, None)
    with looking():
        assert NumberAnswer.objects.get().record_id == people["子乙"].pk
    assert bring(zhang, data).counts == {"duplicate": 1}
    assert bring(zhang, sheet_of(("子乙", PHONE, "", "1991", "北村"))).counts == {"changed": 1}
    assert bring(zhang, sheet_of(("王甲", PHONE))).counts == {"duplicate": 1}


def test_one_person_by_another_name_is_brought_up_to_date_and_not_asked_about_again(
    bring, confirm, decide, known, zhang
):
    data = sheet_of(("王小甲", PHONE, OTHER, "", "西村"))
    sheet = decide(bring(zhang, data), "same", kind="name")
    assert sheet.counts == {"changed": 1}
    confirm(zhang, sheet)
    record = pool()["王甲"]
    assert (record.village, record.identity_mark) == ("西村", known.identity_mark)
    assert people_in_the_pool() == (1, 1)
    assert bring(zhang, data).counts == {"duplicate": 1}


def test_row_that_was_left_out_stays_out(bring, decide, known, zhang):
    data = sheet_of(("李乙", PHONE))
    assert decide(bring(zhang, data), "leave", number=2).counts == {"duplicate": 1}
    again = bring(zhang, data)
    assert again.counts == {"duplicate": 1}
    assert "上次选了" in reasons_of(again, zhang)[0][2]


def test_two_people_of_one_file_under_one_number_both_come_in(bring, confirm, decide, zhang):
    rows = [
        ("父甲", "13800000003"),
        ("子乙", "13800000003"),
        ("父甲", "13800000003"),
        ("子乙", "13800000003"),
    ]
    sheet = bring(zhang, sheet_of(*rows))
    assert sheet.counts == {"ready": 1, "asked": 1, "duplicate": 2}
    assert [row for row, *_ in reasons_of(sheet, zhang)] == [3, 4, 5]
    sheet = decide(sheet, "other", kind="name")
    assert sheet.counts == {"ready": 2, "duplicate": 2}
    confirm(zhang, sheet)
    assert set(pool()) == {"父甲", "子乙"}
    assert bring(zhang, sheet_of(*rows)).counts == {"duplicate": 4}


def test_all_of_a_kind_are_decided_at_once(bring, confirm, decide, zhang):
    first = [(f"父{n}", f"1380000001{k}") for k, n in enumerate("甲乙丙")]
    confirm(zhang, bring(zhang, sheet_of(*first)))
    rows = [(f"子{n}", f"1380000001{k}") for k, n in enumerate("甲乙丙")]
    sheet = bring(zhang, sheet_of(*rows, ("父甲", "13800000010", "", "1890")))
    assert sheet.counts == {"asked": 3, "changed": 1}
    assert decide(sheet, "other", kind="name").counts == {"ready": 3, "changed": 1}


def test_undecided_rows_stay_out_of_what_is_right(bring, confirm, known, zhang):
    sheet = bring(zhang, sheet_of(("李乙", PHONE), ("钱一", "13800000004")))
    assert confirm(zhang, sheet, only_right=True).written == 1
    assert set(pool()) == {"王甲", "钱一"}


def test_import_is_taken_back_with_the_answers_about_it(
    bring, confirm, decide, known, zhang, desk_of
):
    data = sheet_of(("子乙", PHONE))
    sheet = confirm(zhang, decide(bring(zhang, data), "other", number=2))
    with desk_of(zhang):
        assert sheets.take_back(sheet, actor=zhang) == (1, 0, 0)
    assert set(pool()) == {"王甲"}
    assert bring(zhang, data).counts == {"ready": 1}


def test_page_shows_both_side_by_side_and_old_and_new(bring, known, zhang, at):
    sheet = bring(zhang, sheet_of(("李乙", PHONE, "", "1991"), ("王甲", "", ONE, "", "西村")))
    page = at(zhang).get(f"/pool/sheets/{sheet.pk}/").content.decode()
    for said in (
        "这几行是谁",
        "李乙",
        "王甲",
        "是同一人",
        "是家里另一位",
        "这行不导入",
        "（不一样）",
        "东村 → 西村",
    ):
        assert said in page
    at(zhang).post(f"/pool/sheets/{sheet.pk}/steps/decide/", {"number": "2", "who": "leave"})
    assert latest(sheet, zhang).counts == {"duplicate": 1, "changed": 1}


def test_record_says_which_row_of_which_sheet(bring, confirm, known, zhang):
    confirm(zhang, bring(zhang, sheet_of(("王甲", PHONE, "", "", "西村")), "二月.csv"))
    with looking():
        record = TalentRecord.objects.get()
        said = {(m.title, m.text, m.more) for m in timeline_of(record, with_own=False)}
    assert record.source_of("village") == "张小店，表格导入，2019-01-08，二月.csv 第 2 行"
    assert record.source_of("birth_year") == "张小店，表格导入，2019-01-08，人才.xlsx 第 2 行"
    assert ("表格导入", "二月.csv 第 2 行", "村（社区）") in said
    assert ("表格导入", "人才.xlsx 第 2 行", "") in said

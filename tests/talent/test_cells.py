"""What a cell says: a value, nothing, or words that are kept and said. One line a way of writing."""

import datetime as dt

import pytest

from qingchun.organizations.models import Organization
from talent.pool.identity import check_of
from talent.pool.imports import cells, grammar
from talent.pool.imports.places import Places

TODAY = dt.date(2019, 1, 8)
PHONE = "13912345678"
KEPT = "kept in words"  # in place of a problem: whatever it is called


def said(found):
    value, problem = found
    return (value, KEPT) if problem else value


@pytest.mark.parametrize(
    ("typed", "means"),
    [(word, "paper") for word in ("是", "同意", "已签", "已签字", "√", "1", "Y", "y", " 是 ", "同 意", 1.0)]
    + [(word, "none") for word in ("否", "不同意", "未签", "已拒绝", "拒绝", "待签字", "×", "0")]
    + [(word, "") for word in ("", "/", "—", "无此项", "不详")]
    + [
        (word, ("", KEPT))
        for word in (
            "有异议", "已作废", "有顾虑", "已通知，等回复", "已电话征求", "口头同意", "电话同意",
            "父母同意", "同意（代签）", "是（口头）", "1月签", "无异议", "没意见", "非本人", "也许", "有",
        )
    ],
)  # fmt: skip
def test_consent_is_a_signature_or_none(typed, means):
    assert said(cells.agreed(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("已经返乡", "returned"), ("已返乡", "returned"), ("在乡", "returned"), ("返乡创业", "returned"),
        ("准备返乡", "will"), ("愿意", "will"), ("有", "will"), ("√", "will"), ("强", "will"), ("有返乡意愿", "will"),
        ("在考虑", "thinking"), ("观望", "thinking"), ("不一定", "thinking"), ("看情况", "thinking"),
        ("不打算", "no"), ("无", "no"), ("不愿意返乡", "no"), ("/", ""), ("—", ""),
        *((word, ("", KEPT)) for word in ("有困难", "有顾虑", "有房有车", "本地无岗位", "已回北京", "户籍在本地，人在外地")),
    ],
)  # fmt: skip
def test_intention_is_what_is_said(typed, means):
    assert said(cells.intention(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("初中", "junior"), ("高中以下", "junior"), ("小学毕业", "junior"), ("中专", "senior"), ("高中或中专", "senior"),
        ("大专", "college"), ("全日制大专", "college"), ("高职", "college"), ("本科", "bachelor"), ("大学本科学历", "bachelor"),
        ("高职本科", "bachelor"), ("自考本科", "bachelor"), ("大学", "bachelor"), ("硕士研究生", "master"), ("博士", "master"),
        ("无", ""), ("/", ""), ("不详", ""), ("甲等", ("", KEPT)), ("高中及以下", ("", KEPT)),
    ],
)  # fmt: skip
def test_education_is_what_is_said(typed, means):
    assert said(cells.education(typed)) == means


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("1995", 1995), (1995.0, 1995), (1995.6, 1995), ("1995-06-01", 1995), ("19950601", 1995), ("199506", 1995),
        ("95年6月", 1995), ("95.6", 1995), ("95-06", 1995), ("950601", 1995), ("95年", 1995), ("85", 1985), ("02.6", 2002),
        ("一九九五年六月", 1995), ("二〇〇一年", 2001), ("二○○一年三月", 2001), ("九五年六月", 1995),
        ("6/1/1995", 1995), ("06/01/1995", 1995), ("出生于1995年", 1995), ("29岁", 1990), ("29", 1990), ("29周岁", 1990),
        (32934.0, 1990), (dt.date(1990, 3, 2), 1990), ("农历1995年六月", (1995, KEPT)), ("", ""), ("无", ""), ("-", ""),
        ("去年", ("", KEPT)), ("90后", ("", KEPT)), ("2958", ("", KEPT)), ("#N/A", ("", KEPT)),
    ],
)  # fmt: skip
def test_year_of_birth_in_whatever_way(typed, means):
    assert said(cells.birth_year(TODAY)(typed)) == means


def test_child_is_kept_out():
    assert cells.birth_year(TODAY)("2010")[1].__class__ is cells.Stop


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        *((text, PHONE) for text in (
            PHONE, 13912345678.0, "139 1234 5678", f"86{PHONE}", "86-139-1234-5678", f"+86 {PHONE}", f"{PHONE}（微信同号）",
            f"电话：{PHONE}", f"手机:{PHONE}", f"{PHONE}，", "139—1234—5678", "139_1234_5678", "139‑1234‑5678", f"{PHONE}.0",
            f"'{PHONE}", "１３９１２３４５６７８",
        )),
        *((text, (PHONE, KEPT)) for text in (
            f"{PHONE}、13800000001", f"{PHONE}/13800000001", f"{PHONE} 13800000001", f"0351-7654321 {PHONE}",
            f"{PHONE}（父亲）",
        )),
        *((text, "") for text in ("", "无", "/", "—", "不详")),
        *((text, ("", KEPT)) for text in ("0351-7654321", "1391234567", "1.39E+10", "找村委会", "#N/A")),
    ],
)  # fmt: skip
def test_first_mobile_number_is_taken_and_the_rest_kept(typed, means):
    assert said(cells.phone(typed)) == means


OLD = "140105850101123"
NEW = f"{OLD[:6]}19{OLD[6:]}"
NEW += check_of(NEW)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        (NEW, NEW), (OLD, NEW), (f"身份证:{NEW}", NEW), (f"'{NEW}", NEW), (f"{NEW[:6]}-{NEW[6:14]}-{NEW[14:]}", NEW),
        (NEW.lower(), NEW), ("", ""), ("无", ""), ("不详", ""),
        *((text, ("", KEPT)) for text in ("E12345678", "H1234567890", "ABC123456789012", "14010519850101123", 1.4e17, "#N/A")),
    ],
)  # fmt: skip
def test_identity_number_is_raised_and_other_papers_are_kept(typed, means):
    assert said(cells.identity_number(typed)) == means


@pytest.mark.parametrize(
    "name", ["王\U0002ebf0明", "李\U000323ce", "刘\U00031350", "𠮷田", "李\U0002ebe0"]
)
def test_name_keeps_every_character(name):
    assert cells.name(name) == (name, "")


def test_letter_of_an_old_font_is_kept_and_said():
    assert said(cells.name("张\ue000")) == ("张\ue000", KEPT)


@pytest.mark.parametrize("typed", ["", "/", "同上", "不详", "#N/A", "123"])
def test_row_without_a_name_is_kept_out(typed):
    assert cells.name(typed)[1].__class__ is cells.Stop


@pytest.mark.parametrize("filler", sorted(grammar.FILLERS))
def test_what_means_nothing_is_nothing_in_every_field(filler):
    for convert in (
        cells.phone, cells.identity_number, cells.education, cells.village, cells.trade,
        cells.birth_year(TODAY), cells.plain_text(60), cells.found_by,
    ):  # fmt: skip
        assert convert(filler) == ("", ""), convert
    assert cells.skills({})(filler) == ([], "")
    assert cells.supports(filler) == ([], "")


def test_no_word_is_in_two_places_of_one_table():
    for table in (grammar.EDUCATION, grammar.INTENTION, grammar.FOUND_BY, grammar.AGREED):
        words = [grammar.plain_word(word) for said in table.values() for word in said.split()]
        assert sorted(set(words)) == sorted(words)


def test_need_is_not_read_out_of_its_denial():
    assert cells.supports("不需要贷款") == ([], "不需要贷款")
    assert cells.supports("想贷款") == (["loan"], "想贷款")
    assert cells.supports("土地场地、贷款") == (["land", "loan"], "")


@pytest.fixture
def places(db):
    unit = Organization.objects.get(pk="140105")
    homes = list(Organization.objects.active().within("140105"))
    return Places(unit, homes, ["山西省", "太原市", "小店区"])


@pytest.mark.parametrize(
    ("typed", "code", "village"),
    [
        ("坞城街道", "140105001", ""), ("坞城街道办事处", "140105001", ""), ("坞城街办", "140105001", ""),
        ("坞城办事处", "140105001", ""), ("坞城", "140105001", ""), ("坞 城 街 道", "140105001", ""),
        ("小店区坞城街道", "140105001", ""), ("太原市小店区坞城街道", "140105001", ""), ("山西省太原市小店区坞城街道", "140105001", ""),
        ("坞城街道北张村", "140105001", "北张村"), ("小店区坞城街道办事处北张村", "140105001", "北张村"),
        ("", "140105", ""), ("小店区", "140105", ""), ("/", "140105", ""),
    ],
)  # fmt: skip
def test_township_by_what_it_is_called(places, typed, code, village):
    assert places.find(typed) == (code, village, "")


@pytest.mark.parametrize(
    "typed",
    [
        "迎泽区坞城街道",
        "大同坞城街道",
        "不在坞城街道",
        "外地坞城街道",
        "襄汾县古城镇",
        "杨家峪街道",
    ],
)
def test_township_behind_another_name_is_not_ours(places, typed):
    code, _, problem = places.find(typed)
    assert (code, "不是小店区的乡镇" in problem) == ("", True)


def test_town_and_its_office(places):
    assert {
        places.find(text)[0] for text in ("北格", "北格镇", "北格镇人民政府", "北格镇政府")
    } == {places.find("北格镇")[0]}
    assert places.find("北格镇")[0]

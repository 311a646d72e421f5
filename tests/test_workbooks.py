"""One guard for every spreadsheet that comes in, whichever door it comes by.

The files here are harmless: they say that a cell stands far away, and are refused for saying so.
"""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qingchun.accounts.imports import COLUMNS, import_people
from qingchun.ground.refusals import Refused
from qingchun.ground.workbooks import guard
from tests.talent.sheets import SHEET, changed, far, xls, xlsx

ROW = ("小店区", "甲", "13800001111", "干部", "填报员")
RELATIONS = "xl/_rels/workbook.xml.rels"


def brought(data, name="人员.xlsx"):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("place", "said"), [("A1048576", "3000 行"), ("A3000", "3000 行"), ("BZ2", "52 列")]
)
def test_list_of_people_that_reaches_too_far_is_refused_before_it_is_opened(wang, place, said):
    with pytest.raises(Refused, match=said):
        import_people(brought(far(place, COLUMNS)), actor=wang)


def test_list_of_people_of_two_thousand_rows_still_goes_in(wang):
    rows = [(*ROW[:2], f"bad {n}", *ROW[3:]) for n in range(2_000)]
    assert len(import_people(brought(xlsx(COLUMNS, *rows)), actor=wang).wrong) == 2_000


WRONG = (*ROW[:2], "12345", *ROW[3:])


@pytest.mark.parametrize(
    ("above", "below", "number"),
    [
        ([], [ROW, (), WRONG], 4),  # an empty row between
        ([(), ()], [ROW, WRONG], 5),  # a list that begins lower
        ([("小店区干部花名册",)], [ROW, (), ("", " "), WRONG], 6),  # a title, and blanks
        ([()] * 11, [WRONG], 13),  # headings in the last row in which they are looked for
    ],
)
def test_county_is_told_the_row_of_its_own_sheet(wang, above, below, number):
    """life-cycles F14: rows were counted after the empty ones had been left out."""
    found = import_people(brought(xlsx(*above, COLUMNS, *below)), actor=wang)
    assert [(row, column) for row, column, _ in found.wrong] == [(number, "手机号")]


def test_sheet_without_a_column_says_which(wang):
    with pytest.raises(Refused, match="缺少这几列：岗位、角色。"):
        import_people(brought(xlsx(("花名册",), COLUMNS[:3], ROW[:3])), actor=wang)


def test_list_of_people_is_no_old_workbook(wang):
    """An old one sets aside what it says it has, and cannot be looked through beforehand."""
    with pytest.raises(Refused, match="打不开"):
        import_people(brought(xls(COLUMNS, ROW), "人员.xls"), actor=wang)


def test_sheet_under_another_name_is_looked_through_too():
    """The book says which of its parts are sheets; an attacker names them as they like."""
    data = far("BZ2", COLUMNS)
    moved = changed(
        data,
        add={"xl/media/image1.png": part_of(data, SHEET)},
        drop=[SHEET],
        replace={RELATIONS: (b"worksheets/sheet1.xml", b"media/image1.png")},
    )
    with pytest.raises(Refused, match="52 列"):
        guard.inspect(moved, guard.SHORT)


def test_colours_and_shapes_are_not_taken_for_places():
    drawn = '<x><sheetData/><a lastClr="CC9900"/></x>'
    data = changed(xlsx(COLUMNS), add={"xl/x.xml": drawn, "xl/y.xml": '<a l="0" r="900000"/>'})
    assert guard.inspect(data) == []


def part_of(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(name)

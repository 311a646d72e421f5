"""Spreadsheets as counties send them, and as nobody should."""

import csv
import datetime as dt
import io
import zipfile

import msoffcrypto.format.ooxml
import xlwt
from openpyxl import Workbook

HEAD = ("姓名", "手机号", "身份证号", "乡镇", "村", "出生年份", "学历", "行业", "本人同意")
ROW = ("钱一", "13800008101", "", "坞城街道", "东村", "1990", "本科", "种植", "是")


def xlsx(*rows, prepare=None, title="人才库"):
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if prepare:
        prepare(book, sheet)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def xls(*rows):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("人才库")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def csv_of(*rows, encoding="utf-8", delimiter=","):
    body = io.StringIO()
    csv.writer(body, delimiter=delimiter).writerows(rows)
    return body.getvalue().encode(encoding)


def changed(data, *, add=None, replace=None, drop=()):
    """The same archive with parts added, replaced (name → from, to) or left out."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(body, "w", 8) as new:
        for part in old.infolist():
            if part.filename in drop:
                continue
            content = old.read(part)
            if replace and part.filename in replace:
                before, after = replace[part.filename]
                assert before in content
                content = content.replace(before, after)
            new.writestr(part.filename, content)
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return body.getvalue()


def with_password(data):
    body = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(data)).encrypt("123456", body)
    return body.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _bomb(millions=330):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", 8) as book:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            book.writestr(name, "<x/>")
        with book.open(SHEET, "w", force_zip64=True) as part:
            for _ in range(millions):
                part.write(b" " * 1_000_000)
    return body.getvalue()


def _million():
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001, 7)
    )
    return changed(xlsx(HEAD), replace={SHEET: (b"</sheetData>", rows + b"</sheetData>")})


def far(place, head=HEAD):
    """A workbook that says it has a cell far away."""
    cell = (
        f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}"><v>1</v></c></row>'
    )
    return changed(xlsx(head), replace={SHEET: (b"</sheetData>", cell.encode() + b"</sheetData>")})


def _merge(ranges):
    def prepare(_, sheet):
        for cells in ranges:
            sheet.merge_cells(cells)

    return prepare


def _hide(book, sheet):
    sheet.sheet_state = "hidden"
    book.create_sheet("给人看的").append(["说明"])


def _all_hidden():
    data = xlsx(HEAD, ROW)
    return changed(data, replace={"xl/workbook.xml": (b'state="visible"', b'state="hidden"')})


good = xlsx(HEAD, ROW)
# Name → (file name, bytes, what is said). Refused whole: the words it is refused with.
REFUSED = {
    "nothing in it": ("空.xlsx", b"", "空的"),
    "spaces alone": ("空.csv", b"  \n ", "空的"),
    "a million rows": ("大.xlsx", _million, "20 万行"),
    "one cell a million rows down": ("远.xlsx", lambda: far("A1048576"), "20 万行"),
    "one cell at the far right": ("远.xlsx", lambda: far("XFD2"), "52 列"),
    "one cell at column BZ": ("远.xlsx", lambda: far("BZ2"), "52 列"),
    "places written oddly": (
        "怪.xlsx", lambda: changed(good, replace={SHEET: (b'r="A1"', b"r" + b" " * 60 + b'="A1"')}), "不正常",
    ),
    "a place behind many spaces": (
        "怪.xlsx", lambda: changed(good, replace={SHEET: (b'r="A1"', b"r=" + b" " * 60 + b'"A1"')}), "不正常",
    ),
    "a place far down, with a space": (
        "怪.xlsx", lambda: changed(good, replace={SHEET: (b'r="A2"', b'r = "A1048576"')}), "20 万行",
    ),
    "a zip bomb": ("炸.xlsx", _bomb, "太大"),
    "a small file that grows a thousand times": ("胀.xlsx", lambda: _bomb(45), "太大"),
    "more parts than any book": (
        "多.xlsx", lambda: changed(good, add={f"xl/x{n}.xml": "" for n in range(600)}), "不正常",
    ),
    "XML entities": (
        "实体.xlsx",
        lambda: changed(good, replace={SHEET: (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')}),
        "不安全",
    ),
    "macros": ("宏.xlsm", lambda: changed(good, add={"xl/vbaProject.bin": b"x"}), "带宏"),
    "a password": ("密.xlsx", lambda: with_password(good), "密码"),
    "a .docx by another name": (
        "文.xlsx", lambda: changed(good, add={"word/document.xml": b"<x/>"}, drop=["xl/workbook.xml"]), "Word",
    ),
    "any other archive": (
        "包.xlsx", lambda: changed(good, drop=["xl/workbook.xml"]), "不是表格文件",
    ),
    "an .ods": ("o.xlsx", lambda: changed(good, add={"content.xml": b"<x/>"}), "格式"),
    "half of a file": ("半.xlsx", lambda: good[: len(good) // 2], "损坏"),
    "a book whose list of tabs is broken": (
        "坏.xlsx", lambda: changed(good, replace={"xl/workbook.xml": (b"<sheets>", b"<sheets")}), "损坏",
    ),
    "a picture": ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100, "图片"),
    "a PDF": ("p.xlsx", b"%PDF-1.4 ", "PDF"),
    "a web page": ("网.xls", "<html><table><tr><td>姓名</td></tr></table>".encode(), "网页"),
    "bytes of anything": ("x.xls", bytes(range(256)) * 20, "不认识"),
    "an old Word document": (
        "文.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word",
    ),
    "an old book that is broken": (
        "坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "损坏",
    ),
    "every tab hidden": ("藏.xlsx", _all_hidden, "隐藏"),
    "headings alone": ("头.xlsx", lambda: xlsx(HEAD), "没有内容"),
    "an empty tab": ("白.xlsx", lambda: xlsx(), "空的"),
    "too many columns of text": (
        "宽.csv", lambda: csv_of(["姓名"] * 60), "52 列",
    ),
}  # fmt: skip


def _cells(**values):
    row = dict(zip(HEAD, ROW, strict=True)) | values
    return HEAD, tuple(row[name] for name in HEAD)


# Name → (bytes, counts, the first reason). Read, and what is wrong with a row is said; only what says
# nobody, or nobody's number, or another county's, keeps the row out.
REPORTED = {
    "all as it should be": (lambda: good, {"ready": 1}, ""),
    "an old .xls": (lambda: xls(HEAD, ROW), {"ready": 1}, ""),
    "text in UTF-8": (lambda: csv_of(HEAD, ROW), {"ready": 1}, ""),
    "text in UTF-8 with its mark": (lambda: csv_of(HEAD, ROW, encoding="utf-8-sig"), {"ready": 1}, ""),
    "text in GB18030": (lambda: csv_of(HEAD, ROW, encoding="gb18030"), {"ready": 1}, ""),
    "text with tabs": (lambda: csv_of(HEAD, ROW, delimiter="\t"), {"ready": 1}, ""),
    "a title above the headings": (lambda: xlsx(("小店区青年人才登记表",), HEAD, ROW), {"ready": 1}, ""),
    "two rows of headings": (
        lambda: xlsx(
            ("姓名", "联系方式", "", "家乡", "", "出生年份", "学历", "行业", "本人同意"),
            ("", "手机号", "身份证号", "乡镇", "村", "", "", "", ""),
            ROW, prepare=_merge(["B1:C1", "D1:E1", "A1:A2"]),
        ),
        {"ready": 1}, "",
    ),
    "a township merged over two rows": (
        lambda: xlsx(HEAD, ROW, ("钱二", "13800008102", "", None, "西村", "1991", "", "", ""),
                     prepare=_merge(["D2:D3"])),
        {"ready": 2}, "",
    ),
    "a hidden tab besides": (lambda: xlsx(("没有表头",), prepare=_hide), None, ""),
    "a phone that is a number": (lambda: xlsx(*_cells(手机号=13800008101)), {"ready": 1}, ""),
    "a phone with spaces": (lambda: xlsx(*_cells(手机号="138 0000 8101")), {"ready": 1}, ""),
    "a birth as a date": (lambda: xlsx(*_cells(出生年份=dt.date(1990, 3, 2))), {"ready": 1}, ""),
    "a birth as text": (lambda: xlsx(*_cells(出生年份="1990年3月")), {"ready": 1}, ""),
    "a birth as a serial number": (lambda: xlsx(*_cells(出生年份=32934)), {"ready": 1}, ""),
    "an age": (lambda: xlsx(*_cells(出生年份="29岁")), {"ready": 1}, ""),
    "formulas": (lambda: xlsx(*_cells(村="=1+1")), {"ready": 1}, ""),
    "a trade nobody listed": (lambda: xlsx(*_cells(行业="看大门")), {"ready": 1}, ""),
    "what would run as a formula": (lambda: xlsx(*_cells(村="'+cmd|calc")), {"ready": 1}, ""),
    "no name": (lambda: xlsx(*_cells(姓名="")), {"wrong": 1}, "没有姓名"),
    "a number for a name": (lambda: xlsx(*_cells(姓名=12345)), {"wrong": 1}, "不是姓名"),
    "a phone in scientific notation": (lambda: csv_of(*_cells(手机号="1.38E+10")), {"wrong": 1}, "科学计数"),
    "a phone whose end was rounded": (lambda: xlsx(*_cells(手机号=1.38e10)), {"wrong": 1}, "科学计数"),
    "a phone too short": (lambda: xlsx(*_cells(手机号="1380000810")), {"wrong": 1}, "这里是 10 位"),
    "an identity number that Excel ate": (
        lambda: xlsx(*_cells(身份证号=140105188501011234)), {"ready": 1}, "找不回来",
    ),
    "an identity number that ends in 000": (
        lambda: xlsx(*_cells(身份证号="140105188501011000")), {"ready": 1}, "找不回来",
    ),
    "an identity number with a wrong end": (
        lambda: xlsx(*_cells(身份证号="140105188501011236")), {"ready": 1}, "最后一位对不上",
    ),
    "an identity number too short": (
        lambda: xlsx(*_cells(身份证号="14010518850101")), {"ready": 1}, "这里是 14 位",
    ),
    "a birth nobody can read": (lambda: xlsx(*_cells(出生年份="去年")), {"ready": 1}, "看不出"),
    "a child": (lambda: xlsx(*_cells(出生年份="2010")), {"wrong": 1}, "不满 14"),
    "an education nobody knows": (lambda: xlsx(*_cells(学历="甲等")), {"ready": 1}, "学历认不出"),
    "another county's people": (lambda: xlsx(*_cells(乡镇="杨家峪街道")), {"wrong": 1}, "不是小店区"),
    "a village too long": (lambda: xlsx(*_cells(村="村" * 41)), {"ready": 1}, "最多 40 个字"),
    "an error for a village": (lambda: csv_of(*_cells(村="#REF!")), {"ready": 1}, "出错的公式"),
    "no number at all": (lambda: xlsx(*_cells(手机号="")), {"wrong": 1}, "至少填一个"),
    "a consent nobody understands": (lambda: xlsx(*_cells(本人同意="也许")), {"ready": 1}, "不能当作本人签字同意"),
    "the same phone twice": (lambda: xlsx(HEAD, ROW, ROW), {"ready": 1, "duplicate": 1}, "和第 2 行"),
    "empty rows between": (lambda: xlsx(HEAD, (), ROW, (), ()), {"ready": 1}, ""),
}  # fmt: skip

"""The talent pool as a spreadsheet: asked for by somebody, written by a worker, fetched once."""

import io
from itertools import chain

from django.utils.timezone import localdate, localtime
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from rustpy_xlsxwriter import FastExcel

from qingchun.spreadsheets import safe_cell
from talent import numbers
from talent.choices import (
    Agreed,
    Education,
    FoundBy,
    Intention,
    Stage,
    Support,
    Trade,
)
from talent.imports.columns import COLUMNS
from talent.models import TalentRecord

# Columns of the official table, and what else may be chosen.
MORE = (
    ("number", "编号"), ("stage", "阶段"), ("employs", "带动就业"), ("talked", "最近联系"),
    ("follower", "联系人"),
)  # fmt: skip
LABELS = {column.key: column.label for column in COLUMNS} | dict(MORE)
OFFICIAL = tuple(column.key for column in COLUMNS)
VALUES = (
    "pk", "name", "phone_shown", "phone_sealed", "identity_sealed", "organization__name", "village",
    "birth_year", "education", "trade", "skills", "experience", "doing", "lives_at", "intention",
    "project", "supports", "support_text", "found_by", "agreed", "stage", "employs",
    "last_talked_on", "follower__user__name",
)  # fmt: skip
LABEL_OF = {
    "education": dict(Education.choices), "trade": dict(Trade.choices), "stage": dict(Stage.choices),
    "intention": dict(Intention.choices), "found_by": dict(FoundBy.choices),
}  # fmt: skip


def records_for(export, user):
    """Whom an export is about: asked with the scope of whoever asked, as it is now."""
    asked = dict(export.asked)
    words = asked.pop("words", "")
    found = TalentRecord.objects.visible_to(user).standing().narrowed(asked)
    return found.holding(words, user.scope[:6]) if words else found


def write(export, records, told=lambda count: None):
    """(the file's bytes, how many people): streamed, whatever the number.

    Without a reason names and numbers are masked and identity numbers left out. Row 1 says who
    had it written, when and why.
    """
    unmasked = bool(export.reason)
    columns = [key for key in export.columns if key in LABELS]
    said = f"{export.by_name} {localtime(export.made_at):%Y-%m-%d %H:%M} 导出"
    said += f"，用途：{export.reason}" if unmasked else "，姓名和号码已遮挡"
    rows, body = _Rows(records, columns, unmasked, told), io.BytesIO()
    first = next(rows, None)
    if first is None:
        first = dict.fromkeys((LABELS[key] for key in columns), "")
    sheet = FastExcel(body)
    sheet.format(bold_headers=True)
    sheet.sheet(
        "人才库",
        chain([first], rows),
        header_row=1,
        merge_ranges=[
            (0, 0, 0, max(1, len(columns) - 1), safe_cell(f"内部资料，不得外传。{said}"))
        ],
        column_width=14,
    )
    sheet.freeze(row=2, sheet="人才库")
    sheet.save()
    return body.getvalue(), rows.count


class _Rows:
    """One dictionary a person, made as it is asked for."""

    def __init__(self, records, columns, unmasked, told):
        self.count, self._told = 0, told
        self._makers = [(LABELS[key], _maker(key, unmasked)) for key in columns]
        self._values = records.order_by("pk").values_list(*VALUES).iterator(chunk_size=2000)

    def __iter__(self):
        return self

    def __next__(self):
        row = dict(zip(VALUES, next(self._values), strict=True))
        self.count += 1
        if self.count % 2000 == 0:
            self._told(self.count)
        return {label: make(row) for label, make in self._makers}


def _maker(key, unmasked):
    if key == "name":
        return (lambda row: row["name"]) if unmasked else (lambda row: row["name"][:1] + "**")
    if key == "phone":
        if unmasked:
            return lambda row: numbers.open_phone(row["phone_sealed"])
        return lambda row: row["phone_shown"]
    if key == "identity":
        if unmasked:
            return lambda row: numbers.open_identity(row["identity_sealed"])
        return lambda row: ""
    if key in LABEL_OF:
        labels = LABEL_OF[key]
        return lambda row: labels.get(row[key], "")
    return SPECIAL.get(key) or (lambda row: _plain(row[key]))


def _plain(value):
    return "" if value is None else safe_cell(value)


def _supports(row):
    said = "、".join(Support(s).label for s in row["supports"])
    return safe_cell(row["support_text"] or said)


SPECIAL = {
    "number": lambda row: row["pk"],
    "township": lambda row: row["organization__name"],
    "skills": lambda row: safe_cell("、".join(row["skills"])),
    "supports": _supports,
    "agreed": lambda row: "否" if row["agreed"] == Agreed.NONE else "是",
    "talked": lambda row: str(row["last_talked_on"] or ""),
    "follower": lambda row: row["follower__user__name"] or "",
}


def template(unit, homes):
    """The official table, empty, with lists to choose from. Returns: the file's bytes."""

    book = Workbook()
    sheet, lists = book.active, book.create_sheet("选项")
    sheet.title, lists.sheet_state = "人才库", "hidden"
    sheet.append([column.label for column in COLUMNS])
    offered = {
        "township": [home.name for home in homes],
        "education": Education.labels,
        "trade": Trade.labels,
        "intention": Intention.labels,
        "found_by": FoundBy.labels,
        "agreed": ["是", "否"],
    }
    for place, column in enumerate(COLUMNS, 1):
        letter, cell = get_column_letter(place), sheet.cell(1, place)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FDECEC")
        sheet.column_dimensions[letter].width = (
            22 if column.key in ("identity", "experience") else 14
        )
        if column.key in ("phone", "identity"):
            cell.comment = Comment("这一列已设为文本，请直接输入，不要改格式。", "青春兴晋")
            for row in range(2, 1002):
                sheet.cell(row, place).number_format = "@"
        if values := offered.get(column.key):
            for row, value in enumerate(values, 1):
                lists.cell(row, place, value)
            rule = DataValidation(
                type="list", formula1=f"选项!${letter}$1:${letter}${len(values)}", allow_blank=True
            )
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}2000")
    sheet.freeze_panes = "A2"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def wrong_rows(sheet, table, rows):
    """The rows that are wrong, as they were typed, each cell with its reason as a comment.

    ``rows``: row number → [[column, reason], …]. Returns: the file's bytes.
    """

    book = Workbook()
    page = book.active
    page.title = "改好再传"
    page.append([safe_cell(heading) for heading in sheet.headings])
    for cell in page[1]:
        cell.font = Font(bold=True)
    place_of = {key: place for place, key in enumerate(sheet.columns, 1) if key}
    red = PatternFill("solid", fgColor="FFD6D6")
    for number, row in enumerate(table.rows, 1):
        if number not in rows:
            continue
        page.append([_as_typed(cell) for cell in row])
        at = page.max_row
        for key, reason in rows[number]:
            cell = page.cell(at, place_of.get(key, 1))
            cell.comment, cell.fill = Comment(f"原表第 {number} 行：{reason}", "青春兴晋"), red
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _as_typed(cell):
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return safe_cell(cell) if isinstance(cell, str) else safe_cell(str(cell))


def file_name(export):
    return f"青年人才库-{localdate(export.made_at):%Y%m%d}.xlsx"

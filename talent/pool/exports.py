"""The talent pool as a spreadsheet: asked for by somebody, written by a worker, fetched once."""

import io
from itertools import chain, islice
from typing import TypedDict

from django.db.models import QuerySet
from django.utils.timezone import localtime
from rustpy_xlsxwriter import FastExcel

from qingchun.accounts.models import User
from qingchun.ground.lazily import Later
from qingchun.ground.province import HOME
from qingchun.ground.sealing import Box
from qingchun.ground.spreadsheets import safe_cell
from qingchun.organizations.codes import county_of
from talent.pool import numbers
from talent.pool.choices import Agreed, Education, FoundBy, Intention, Stage, Support, Trade
from talent.pool.imports.columns import BY_KEY, TABLE
from talent.pool.memoized import Memoized
from talent.pool.models import Asked, TalentRecord

openpyxl, comments = Later("openpyxl"), Later("openpyxl.comments")
styles, utils = Later("openpyxl.styles"), Later("openpyxl.utils")
datavalidation = Later("openpyxl.worksheet.datavalidation")

# Columns of the official table, and what else may be chosen.
MORE = (
    ("number", "编号"), ("stage", "阶段"), ("employs", "带动就业"), ("talked", "最近联系"),
    ("follower", "联系人"),
)  # fmt: skip
LABELS = {column.key: column.label for column in TABLE} | dict(MORE)
OFFICIAL = tuple(column.key for column in TABLE)
LABEL_OF = {
    "education": Education, "trade": Trade, "stage": Stage, "intention": Intention,
    "found_by": FoundBy,
}  # fmt: skip
AT_ONCE = 1000
TO_MEND = "要改的地方"


class ExportAsked(TypedDict):
    """What its job is called with. Without a ``reason`` names and numbers are masked."""

    columns: list[str]
    asked: Asked
    reason: str


def records_for(asked: Asked, user: User) -> QuerySet:
    """Whom an export is about: asked with the scope of whoever asked, as it is now."""
    words = asked.get("words", "")
    found = TalentRecord.objects.visible_to(user).standing().narrowed(asked)
    return found.holding(words, county_of(user.scope)) if words else found


def write(job, records, told=lambda count: None):
    """(the file's bytes, how many people): streamed, whatever the number.

    Without a reason names and numbers are masked and identity numbers left out. Row 1 says who
    had it written, when and why.
    """
    given: ExportAsked = job.kwargs
    unmasked = bool(given["reason"])
    columns = [key for key in given["columns"] if key in LABELS]
    said = f"{job.user.name} {localtime(job.enqueued_at):%Y-%m-%d %H:%M} 导出"
    said += f"，用途：{given['reason']}" if unmasked else "，姓名和号码已遮挡"
    rows, body = Rows(records, columns, unmasked, told), io.BytesIO()
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


class Rows:
    """One dictionary a person, label → value; a thousand are made at once, column by column.

    Iterates once. ``records``: a queryset; only what its columns need is asked for.
    """

    def __init__(self, records, columns, unmasked, told=lambda count: None):
        self.count, self._told = 0, told
        self._labels = [LABELS[key] for key in columns]
        self._makers = [_maker(key, unmasked) for key in columns]
        self._names = list(dict.fromkeys(name for names, _ in self._makers for name in names))
        found = records.order_by("pk").values_list(*self._names)
        self._values = found.iterator(chunk_size=AT_ONCE)
        self._ready = iter(())

    def __iter__(self):
        return self

    def __next__(self):
        row = next(self._ready, None)
        if row is None:
            self._ready = self._next_thousand()
            row = next(self._ready)
        self.count += 1
        return dict(zip(self._labels, row, strict=True))

    def _next_thousand(self):
        values = list(islice(self._values, AT_ONCE))
        self._told(self.count)
        columns = dict(zip(self._names, zip(*values, strict=True), strict=False))
        if not columns:
            return iter(())
        made = [map(make, *(columns[name] for name in names)) for names, make in self._makers]
        return zip(*made, strict=True)


def _maker(key, unmasked):
    """(the fields a column is made from, what makes a cell of them)."""
    if key == "name":
        return ("name",), safe_cell if unmasked else (lambda name: f"{name[:1]}**")
    if key == "phone":
        return (("phone_sealed",), _opener(numbers.PHONE)) if unmasked else (("phone_shown",), str)
    if key == "identity":
        if unmasked:
            return ("identity_sealed",), _opener(numbers.IDENTITY)
        return ("pk",), lambda pk: ""
    if key in LABEL_OF:
        return (key,), ({"": ""} | dict(LABEL_OF[key].choices)).__getitem__
    return SPECIAL.get(key) or ((key,), Memoized(_plain).__getitem__)


def _opener(what):
    unseal = Box(what).open
    return lambda sealed: unseal(sealed).decode() if sealed else ""


def _plain(value):
    if isinstance(value, str) and value.startswith("'"):
        return f"'{value}"  # whoever reads a sheet takes one off
    return "" if value is None else safe_cell(value)


def _supports(supports, text):
    return _plain(text or "、".join(Support(support).label for support in supports))


SPECIAL = {
    "number": (("pk",), int),
    "township": (("organization__name",), str),
    "skills": (("skills",), lambda skills: safe_cell("、".join(skills))),
    "supports": (("supports", "support_text"), _supports),
    "agreed": (("agreed",), lambda agreed: "否" if agreed == Agreed.NONE else "是"),
    "talked": (("last_talked_on",), lambda on: str(on or "")),
    "follower": (("follower__user__name",), lambda name: name or ""),
}


def template(unit, homes):
    """The official table, empty, with lists to choose from. Returns: the file's bytes."""

    book = openpyxl.Workbook()
    sheet, lists = book.active, book.create_sheet("选项")
    sheet.title, lists.sheet_state = "人才库", "hidden"
    sheet.append([column.label for column in TABLE])
    offered = {
        "township": [home.name for home in homes],
        "education": Education.labels,
        "trade": Trade.labels,
        "intention": Intention.labels,
        "found_by": FoundBy.labels,
        "agreed": ["是", "否"],
    }
    for place, column in enumerate(TABLE, 1):
        letter, cell = utils.get_column_letter(place), sheet.cell(1, place)
        cell.font, cell.fill = styles.Font(bold=True), styles.PatternFill("solid", fgColor="FDECEC")
        sheet.column_dimensions[letter].width = (
            22 if column.key in ("identity", "experience") else 14
        )
        if column.key in ("phone", "identity"):
            cell.comment = comments.Comment(
                "这一列已设为文本，请直接输入，不要改格式。", HOME.action
            )
            for row in range(2, 1002):
                sheet.cell(row, place).number_format = "@"
        if values := offered.get(column.key):
            for row, value in enumerate(values, 1):
                lists.cell(row, place, value)
            rule = datavalidation.DataValidation(
                type="list", formula1=f"选项!${letter}$1:${letter}${len(values)}", allow_blank=True
            )
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}2000")
    sheet.freeze_panes = "A2"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def wrong_rows(sheet, typed, rows):
    """The rows that are wrong, as they were typed, each cell with its reason as a comment, and all
    reasons in words behind the last column. Every column is text: nothing that is put right is eaten.

    ``typed``: (number, cells) of each; ``rows``: row number → [[column, reason], …]. Returns: the
    file's bytes.
    """

    book = openpyxl.Workbook()
    page = book.active
    page.title = "改好再传"
    page.append([*map(safe_cell, sheet.heads), TO_MEND])
    for place, cell in enumerate(page[1], 1):
        cell.font = styles.Font(bold=True)
        column = page.column_dimensions[utils.get_column_letter(place)]
        column.width, column.number_format = 20, "@"
    place_of = {key: place for place, key in enumerate(sheet.columns, 1) if key}
    red = styles.PatternFill("solid", fgColor="FFD6D6")
    for number, row in typed:
        reasons = [(key, sheet.in_its_tab(reason)) for key, reason in rows[number]]
        row = [*map(_as_typed, row), *("",) * (len(sheet.heads) - len(row))][: len(sheet.heads)]
        said = "；".join(f"{BY_KEY[key].label}：{reason}" for key, reason in reasons)
        page.append([*row, f"原表{sheet.row_called(number)}。{said}"])
        at = page.max_row
        for key in dict.fromkeys(key for key, _ in reasons):  # one cell may have several
            cell = page.cell(at, place_of.get(key, 1))
            said = "".join(reason for of, reason in reasons if of == key)
            words = f"原表{sheet.row_called(number)}：{said}"
            cell.comment, cell.fill = comments.Comment(words, HOME.action), red
    for line in page.iter_rows():
        for cell in line:
            cell.number_format = "@"
    page.freeze_panes = "A2"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _as_typed(cell):
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return safe_cell(cell) if isinstance(cell, str) else safe_cell(str(cell))

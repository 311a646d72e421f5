"""Spreadsheets out: one way to answer with an .xlsx file of a few thousand rows."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from qingchun.ground.lazily import Later

openpyxl, styles, utils = Later("openpyxl"), Later("openpyxl.styles"), Later("openpyxl.utils")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML cannot carry.
ILLEGAL_CHARACTERS_RE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST = 32_767  # characters Excel keeps in a cell


def safe_cell(value: Any) -> Any:
    """Keep a spreadsheet from running what a person typed, or breaking on it.

    A text that begins like a formula gets a leading apostrophe; characters that XML cannot
    carry are dropped; a text too long for a cell says that it was cut.
    """
    if not isinstance(value, str):
        return value
    if value.isprintable() and len(value) < LONGEST and value[:1] not in "=+-@":
        return value  # nearly all are
    value = ILLEGAL_CHARACTERS_RE.sub("", value)
    if value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        value = f"'{value}"
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 8]}……（已截断）"


def xlsx_response(title: str, header: Sequence[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """Answer with one sheet: ``header`` in bold and frozen, then ``rows``."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title[:31]
    sheet.append(list(map(safe_cell, header)))
    for row in rows:
        sheet.append(list(map(safe_cell, row)))
    for cell in sheet[1]:
        cell.font = styles.Font(bold=True)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(header, 1):
        sheet.column_dimensions[utils.get_column_letter(number)].width = max(
            12, len(str(name)) * 2 + 4
        )
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    body = BytesIO()
    book.save(body)
    return HttpResponse(
        body.getvalue(),
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, f"{title}.xlsx")},
    )

"""The official tables: styled, printable on A4, the same bytes for the same figures."""

from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from qingchun.ground.archives import with_fixed_timestamps
from qingchun.ground.province import HOME
from qingchun.ground.spreadsheets import safe_cell

LINE = Side(style="thin", color="808080")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEAD = PatternFill("solid", fgColor="F3E3D3")


class Tables:
    """A workbook in the making: each sheet has a title, a note, a header and rows."""

    def __init__(self):
        self.book = Workbook()
        self.book.remove(self.book.active)

    def add(self, name, title, note, header, rows, widths, *, fixed=1):
        """``widths`` in characters; ``fixed``: columns that stay in sight and on every page."""
        sheet = self.book.create_sheet(name[:31])
        last = get_column_letter(len(header))
        sheet.append([safe_cell(title)])
        sheet.append([safe_cell(note)])
        sheet.append([safe_cell(cell) for cell in header])
        for row in rows:
            sheet.append([safe_cell(cell) for cell in row])
        sheet.merge_cells(f"A1:{last}1")
        sheet.merge_cells(f"A2:{last}2")
        sheet["A1"].font = Font(name="方正小标宋简体", size=18)
        sheet["A1"].alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet["A2"].font = Font(name="仿宋", size=10)
        sheet["A2"].alignment = Alignment(horizontal="left", wrap_text=True, vertical="top")
        # A merged cell does not grow by itself: a Chinese letter is as wide as two.
        for row, text, letter, line in ((1, title, 3.4, 28), (2, note, 2, 14)):
            lines = ceil(len(text) * letter / sum(widths))
            sheet.row_dimensions[row].height = line * lines + 6
        for line in sheet.iter_rows(min_row=3, max_col=len(header)):
            for cell in line:
                is_head = cell.row == 3
                cell.border = GRID
                cell.font = Font(name="黑体" if is_head else "仿宋", size=11)
                side = "center" if is_head else "right" if isinstance(cell.value, int) else "left"
                cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
                if is_head:
                    cell.fill = HEAD
                elif isinstance(cell.value, int):
                    cell.number_format = "#,##0"
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = f"{get_column_letter(fixed + 1)}4"
        self._on_paper(sheet, is_wide=sum(widths) > 90, fixed=fixed)

    @staticmethod
    def _on_paper(sheet, *, is_wide, fixed):
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape" if is_wide else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:3"
        sheet.print_title_cols = f"A:{get_column_letter(fixed)}"
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"

    def finished(self, moment):
        """The file's bytes. ``moment``: what the tables are of; the same one, the same bytes."""
        self.book.properties.creator = HOME.action
        self.book.properties.created = self.book.properties.modified = moment.replace(tzinfo=None)
        body = BytesIO()
        self.book.save(body)
        return with_fixed_timestamps(body.getvalue(), moment)

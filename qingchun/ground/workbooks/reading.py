"""A file as rows of plain values, whatever it was written with. Nothing is understood yet."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from qingchun.ground.letters import meant
from qingchun.ground.refusals import Refused
from qingchun.ground.workbooks import guard

HEAD = 30  # rows among which the headings are looked for
MOST_TABS = 60
LISTS = "选项"  # our own templates' tab of what may be chosen, which is no list of anything
SEPARATORS = ",\t;|，"
AS_TEXT = re.compile(r'="(.*)"')  # how systems on the web tell a spreadsheet that it is text


@dataclass
class Table:
    """One tab. ``rows`` can be gone through once; each row's place in the file is its number."""

    tab: str
    rows: Iterator[list[Any]]
    height: int = 0
    # ((first row, first column), (last row, last column)), counted from 0.
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


@dataclass
class Book:
    tabs: list[str]
    notes: list[str]
    _sheets: Any = None
    _rows: list[list[str]] | None = None
    # The tab that was opened last: to open one takes as long as everything else.
    _last: tuple[str, Any] = ("", None)

    def table(self, tab: str) -> Table:
        """The named tab from its first row on."""
        if self._rows is not None:
            return Table(tab, iter(self._rows), len(self._rows))
        if self._last[0] != tab:
            self._last = ("", None)  # its memory goes before the next one's comes
            self._last = (tab, self._sheets.get_sheet_by_name(tab))
        sheet = self._last[1]
        left = (sheet.start or (0, 0))[1]
        merged = [
            ((top, a - left), (bottom, b - left))
            for (top, a), (bottom, b) in sheet.merged_cell_ranges or ()
        ]
        rows = ([_meant(cell) for cell in row] for row in sheet.iter_rows())
        return Table(tab, rows, sheet.total_height, merged)


def open_book(data: bytes, limits: guard.Limits = guard.LONG) -> Book:
    """The tabs that can be seen. Raises: Refused, in words, for what cannot be read."""
    kind = guard.kind_of(data, limits)
    if kind == "csv":
        return Book(["表格"], [], _rows=_read_csv(data, limits))
    notes = guard.inspect(data, limits) if kind == "xlsx" else []
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    except Exception as error:  # calamine raises a kind of its own for each way to be broken
        if "assword" in str(error):
            raise Refused("文件设了打开密码。请去掉密码，保存后再上传。") from None
        raise Refused(f"文件损坏或者没有传完整，打不开。{guard.SAVE_AS}") from None
    sheets = [s for s in sheets if s.name != LISTS or s.visible == SheetVisibleEnum.Visible]
    seen = [s.name for s in sheets if s.visible == SheetVisibleEnum.Visible]
    if not seen:
        raise Refused("文件里没有能看见的工作表。请取消隐藏，保存后再上传。")
    if len(seen) < len(sheets):
        notes.append(f"有 {len(sheets) - len(seen)} 张隐藏的工作表没有读。")
    if len(seen) > MOST_TABS:
        notes.append(
            f"有 {len(seen)} 张工作表，只看了前 {MOST_TABS} 张。后面的请另存成一个文件上传。"
        )
    return Book(seen[:MOST_TABS], notes, book)


def _meant(cell: Any) -> Any:
    return meant(cell) if isinstance(cell, str) else cell


def read_table(book: Book, tab: str) -> Table:
    """Raises: Refused where the tab itself is broken."""
    try:
        return book.table(tab)
    except Refused:
        raise
    except BaseException as error:  # a panic of the reader is not an Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Refused(f"工作表“{tab[:20]}”读不出来，文件可能损坏了。{guard.SAVE_AS}") from None


def _read_csv(data: bytes, limits: guard.Limits) -> list[list[str]]:
    text = meant(_decoded(data))
    told = re.match(r"sep=(.)\r?\n", text)  # by whoever wrote it, for Excel
    text = text[told.end() :] if told else text
    dialect = _dialect(text[:20_000], told[1] if told else "")
    if "\x00" in text:
        raise Refused(f"不认识这种文件。{guard.SAVE_AS}")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), dialect):
            if len(rows) >= limits.most_rows:
                raise Refused(limits.too_long)
            if len(row) > guard.MOST_COLUMNS:
                raise Refused(guard.TOO_WIDE)
            rows.append([_unquoted(cell) for cell in row] if AS_TEXT.search("".join(row)) else row)
    except csv.Error:
        raise Refused(f"这个文件读不成表格。{guard.SAVE_AS}") from None
    return rows


def _dialect(sample: str, told: str) -> type[csv.Dialect]:
    """Parted by what was told, or by the sign that stands most often in the first line of words."""

    class Parted(csv.excel):
        delimiter = told or _separator(sample)

    return Parted


def _separator(sample: str) -> str:
    lines = [line for line in sample.splitlines() if line.strip()][:HEAD]
    counts = {sign: max((line.count(sign) for line in lines), default=0) for sign in SEPARATORS}
    # A comma of Chinese stands inside of words as well: it parts where nothing else does.
    best = max(SEPARATORS[:-1], key=lambda sign: counts[sign])
    return best if counts[best] else "，" if counts["，"] else ","


def _unquoted(cell: str) -> str:
    found = AS_TEXT.fullmatch(cell.strip())
    return found[1] if found else cell


def _euro(error: UnicodeError) -> tuple[str, int]:
    """Windows in China writes € as 80, which the standard does not have."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error("euro", _euro)


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Excel writes in China."""
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return data.decode(encoding, "euro" if encoding == "gb18030" else "strict")
        except UnicodeDecodeError:
            continue
    raise Refused(f"文字的编码认不出来。{guard.SAVE_AS}")

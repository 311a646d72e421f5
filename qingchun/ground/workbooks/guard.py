"""What a file is, before anything opens it: a reader that trusts it can be made to eat 500 GB.

Everything that is wrong with a whole file is said here, in words, with what to do about it.
"""

import re
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

from django.core.files import File

from qingchun.ground.refusals import Refused

MOST_COLUMNS = 52  # A to AZ
TOO_WIDE = f"表格超过 {MOST_COLUMNS} 列。请删去右边用不到的列，保存后再上传。"
MOST_PARTS = 500
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHUNK, TAIL = 1 << 18, 200
# What a sheet of words becomes when it is unpacked is ten, perhaps thirty times as long.
SMALL, MOST_TIMES = 40_000_000, 100
FEW = 5  # cells that are named
# A cell that holds an error; a formula with nothing behind it.
ERRORS = re.compile(rb'<c\b[^<>]{0,80}?\br="([A-Z]{1,3}\d{1,7})"[^<>]{0,80}?\bt="e"[^<>]{0,80}>')
WITHOUT = re.compile(rb"(?:</f>|<f\b[^<>]{0,60}/>)(?:<v\s?/>|<v></v>)?</c>")
SAVE_AS = "请在表格软件里“另存为”Excel 工作簿（.xlsx）后再上传。"


@dataclass(frozen=True)
class Limits:
    """How much a door takes. ``most_rows`` is one digit and noughts, for ``too_far``."""

    most_bytes: int
    most_rows: int
    most_unpacked: int
    kinds: tuple[str, ...] = ("xlsx", "xls", "csv")

    @cached_property
    def too_far(self) -> re.Pattern[bytes]:
        """A place behind the last row or column, wherever it stands in the file.

        A reader sets aside a place for each cell between the first and the furthest, so it is
        the furthest that counts, however few there are. More spaces around a "=" than fit
        between two pieces of a file are written by nobody who does not want the place to be
        overlooked. The attribute's name is "r" alone: others end in an "r" too.
        """
        first, noughts = str(self.most_rows)[0], len(str(self.most_rows)) - 1
        down = rf"[{first}-9]\d{{{noughts}}}|\d{{{noughts + 2},}}"
        return re.compile(
            rb"""(?<![\w:.-])r\s{0,8}+(?:=\s{0,8}+(?:["'](?:(?P<down>[A-Za-z]{0,3}(?:%b)["'])"""
            rb"""|(?P<right>(?:[B-Zb-z][A-Za-z]|[A-Za-z]{3,})\d))|\s)|\s)""" % down.encode()
        )

    @property
    def too_long(self) -> str:
        most = self.most_rows
        rows = f"{most // 10_000} 万行" if most >= 10_000 else f"{most} 行"
        return f"表格超过 {rows}。请分成几个文件，或者删去下面的空白行。"

    def said(self, far: re.Match[bytes]) -> str:
        """What is wrong with the place that ``too_far`` found."""
        said = {"down": self.too_long, "right": TOO_WIDE}.get(far.lastgroup or "")
        cell = re.search(r"[A-Za-z]{1,3}\d*|\d+", (far["down"] or far["right"] or b"").decode())
        place = cell[0].upper() if cell else ""
        place = f"第 {place} 行" if place.isdigit() else place
        where = f"（写到了 {place}，那里也许只有一条边框。）" if place and said else ""
        return f"{said}{where}" if said else f"文件的结构不正常。{SAVE_AS}"


# The talent pool takes a county's whole list, read by a worker; a page reads a short one itself.
LONG = Limits(20_000_000, 200_000, 300_000_000)
SHORT = Limits(1_000_000, 3_000, 20_000_000, kinds=("xlsx",))


def received(file: File, limits: Limits = LONG) -> bytes:
    """An uploaded file's bytes, their kind looked at. Raises: Refused."""
    if file.size > limits.most_bytes:
        raise Refused(f"文件超过 {limits.most_bytes // 1_000_000} MB。请分成几个文件上传。")
    data = file.read()
    kind_of(data, limits)
    return data


def kind_of(data: bytes, limits: Limits = LONG) -> str:
    """``xlsx``, ``xls`` or ``csv``. Raises: Refused, saying what it is instead."""
    kind = _kind_of(data)
    if kind not in limits.kinds:
        raise Refused(f"打不开这个文件，这里只收 .xlsx 表格。{SAVE_AS}")
    return kind


def _kind_of(data: bytes) -> str:
    if not data.strip():
        raise Refused("文件是空的，请重新选择。")
    if data.startswith(OLE):
        return _old_office(data)
    if data.startswith(ZIP):
        return "xlsx"
    if data[:5] == b"%PDF-" or data[:3] == b"\xff\xd8\xff" or data[:4] == b"\x89PNG":
        raise Refused(f"这是图片或 PDF，不是表格。{SAVE_AS}")
    start = data[:2000].lower()
    if b"<html" in start or b"<table" in start or b"<?xml" in start:
        raise Refused(f"这是网页格式的表格，不能直接读。{SAVE_AS}")
    if b"\x00" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(f"不认识这种文件。{SAVE_AS}")
    return "csv"


def _old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("文件设了打开密码。请去掉密码，保存后再上传。")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused(f"这是 Word 文档，不是表格。{SAVE_AS}")
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise Refused(f"不认识这种文件。{SAVE_AS}")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused(f"表格里带宏，为了安全不能收。{SAVE_AS}")
    return "xls"


def inspect(data: bytes, limits: Limits = LONG) -> list[str]:
    """Look through every part of an .xlsx without unpacking it into memory.

    Returns: what is worth telling. Raises: Refused.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            return _inspect(book, limits)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise Refused(f"文件损坏或者没有传完整，打不开。{SAVE_AS}") from None


def _inspect(book: zipfile.ZipFile, limits: Limits) -> list[str]:
    parts = book.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) != len(parts):
        raise Refused(f"文件的结构不正常。{SAVE_AS}")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refused(f"这是 Word 或演示文稿，不是表格，只是改了文件名。{SAVE_AS}")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise Refused(f"这种格式的表格不能读。{SAVE_AS}")
    if "xl/workbook.xml" not in names:
        raise Refused(f"这不是表格文件。{SAVE_AS}")
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for name in names):
        raise Refused(f"表格里带宏，为了安全不能收。{SAVE_AS}")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("文件设了打开密码。请去掉密码，保存后再上传。")
    seen = Seen()
    packed = sum(part.compress_size for part in parts)
    room = min(limits.most_unpacked, max(SMALL, MOST_TIMES * packed))
    for part in parts:  # every one, whatever its name: the book itself says which are sheets
        room -= _look_through(book, part, limits, room, seen)
    return seen.notes()


@dataclass
class Seen:
    """What was noticed on the way: formulas, those without a result, cells that are an error."""

    has_formulas: bool = False
    without_result: int = 0
    errors: int = 0
    named: list[str] = field(default_factory=list)

    def look(self, piece: bytes, since: int) -> None:
        """``since``: where what was not looked at yet begins."""
        self.has_formulas = self.has_formulas or b"<f>" in piece or b"<f " in piece
        if not self.has_formulas and b't="e"' not in piece:
            return
        for found in WITHOUT.finditer(piece):
            self.without_result += found.end() > since
        for found in ERRORS.finditer(piece):
            if found.end() > since:
                self.errors += 1
                self.named += [found[1].decode()] if len(self.named) < FEW else []

    def notes(self) -> list[str]:
        said = ["表里有公式，按文件保存时算好的结果读取。"] if self.has_formulas else []
        if self.errors:
            cells = "、".join(self.named) + ("等" if self.errors > len(self.named) else "")
            said.append(
                f"有 {self.errors:,} 格是出错的公式（如 #N/A），当作没有填：{cells}。请改成文字再传。"
            )
        if self.without_result:
            said.append(
                f"有 {self.without_result:,} 格的公式没有算好的结果，当作没有填。请用表格软件打开保存一次再传。"
            )
        return said


def _look_through(
    book: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits, room: int, seen: Seen
) -> int:
    """How many bytes one part is, read in pieces."""
    size, is_sheet, tail = 0, False, b""
    with book.open(part) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > room:
                raise Refused("文件解开以后太大，可能是无效的空白行太多。请删去空白行后再上传。")
            piece = tail + piece
            if size <= CHUNK and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                raise Refused(f"文件里有不安全的内容，不能收。{SAVE_AS}")
            is_sheet = is_sheet or b"sheetData" in piece
            if is_sheet:
                if far := limits.too_far.search(piece):
                    raise Refused(limits.said(far))
                seen.look(piece, len(tail))
            tail = piece[-TAIL:]
    return size

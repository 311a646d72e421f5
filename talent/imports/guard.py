"""What a file is, before anything opens it: a reader that trusts it can be made to eat 500 GB.

Everything that is wrong with a whole file is said here, in words, with what to do about it.
"""

import re
import zipfile
from io import BytesIO

from qingchun.organizations.refusals import Refused

MOST_BYTES = 20_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 52  # A to AZ
MOST_UNPACKED = 300_000_000
MOST_PARTS = 500
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHUNK = 1 << 18
# A reader sets aside a place for each cell between the first and the furthest, so it is the
# furthest that counts, however few there are. More spaces around a "=" than fit between two
# pieces of a file are written by nobody who does not want the place to be overlooked.
TOO_FAR = re.compile(
    rb"""r\s{0,8}+(?:=\s{0,8}+(?:["'](?:(?P<down>[A-Za-z]{0,3}(?:[2-9]\d{5}|\d{7,})["'])"""
    rb"""|(?P<right>(?:[B-Zb-z][A-Za-z]|[A-Za-z]{3,})\d))|\s)|\s)"""
)
FAR = {
    "down": "表格超过 20 万行。请按乡镇分成几个文件，或者删去下面的空白行。",
    "right": "表格超过 52 列。请删去右边用不到的列，保存后再上传。",
}
SAVE_AS = "请在表格软件里“另存为”Excel 工作簿（.xlsx）后再上传。"


def kind_of(data, name):
    """``xlsx``, ``xls`` or ``csv``. Raises: Refused, saying what it is instead."""
    if len(data) > MOST_BYTES:
        raise Refused("文件超过 20 MB。请按乡镇分成几个文件上传。")
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


def _old_office(data):
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("文件设了打开密码。请去掉密码，保存后再上传。")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused(f"这是 Word 文档，不是表格。{SAVE_AS}")
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise Refused(f"不认识这种文件。{SAVE_AS}")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise Refused(f"表格里带宏，为了安全不能收。{SAVE_AS}")
    return "xls"


def inspect(data):
    """Look through every part of an .xlsx without unpacking it into memory.

    Returns: what is worth telling. Raises: Refused.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            return _inspect(book)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise Refused(f"文件损坏或者没有传完整，打不开。{SAVE_AS}") from None


def _inspect(book):
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
    unpacked, has_formulas = 0, False
    for part in parts:
        if not part.filename.endswith((".xml", ".rels", ".vml")):
            continue
        size, formulas = _look_through(book, part, MOST_UNPACKED - unpacked)
        unpacked, has_formulas = unpacked + size, has_formulas or formulas
    return ["表里有公式，按文件保存时算好的结果读取。"] if has_formulas else []


def _look_through(book, part, room):
    """(bytes, whether a formula stands in it) of one part, read in pieces."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    size, has_formulas, tail = 0, False, b""
    with book.open(part) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > room:
                raise Refused("文件解开以后太大，可能是无效的空白行太多。请删去空白行后再上传。")
            piece = tail + piece
            if size <= CHUNK and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                raise Refused(f"文件里有不安全的内容，不能收。{SAVE_AS}")
            if is_sheet:
                if far := TOO_FAR.search(piece):
                    raise Refused(FAR.get(far.lastgroup) or f"文件的结构不正常。{SAVE_AS}")
                has_formulas = has_formulas or b"<f>" in piece or b"<f " in piece
            tail = piece[-40:]
    return size, has_formulas

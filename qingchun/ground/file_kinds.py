"""What a file is by its first bytes: a name's ending is what somebody says of it."""

from collections.abc import Iterable

from django.core.files import File

from qingchun.ground.refusals import Refused

PACKED, OLE, JPEG = b"PK", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff"
BEGINS = {
    ".pdf": b"%PDF",
    ".doc": OLE,
    ".xls": OLE,
    ".wps": OLE,
    ".docx": PACKED,
    ".xlsx": PACKED,
    ".pptx": PACKED,
    ".zip": PACKED,
    ".ofd": PACKED,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".png": b"\x89PNG",
    ".mp4": b"ftyp",
}


def refuse_other_kinds(file: File, endings: Iterable[str], said: str) -> None:
    """Raises: Refused for an ending that is not among ``endings``, or content of another kind."""
    ending = next((e for e in endings if file.name.lower().endswith(e)), None)
    if ending is None:
        raise Refused(said)
    start = 4 if ending == ".mp4" else 0  # behind a length
    begin = file.read(8)[start:]
    file.seek(0)
    if not begin.startswith(BEGINS[ending]):
        raise Refused(f"文件名以“{ending}”结尾，内容却不是这种文件。请用原来的软件另存后再传。")

"""Zipped documents whose bytes depend on what is in them, not on when they were made."""

import datetime as dt
import re
import zipfile
from io import BytesIO

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can tell
MADE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def with_fixed_timestamps(data: bytes, moment: dt.datetime) -> bytes:
    """A .docx or .xlsx with the times in it set to ``moment``: the same content, the same bytes.

    ``data``: the file's bytes. ``moment``: an aware datetime of what the document is about.
    """
    said = f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    body = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(body, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = MADE.sub(rb"\g<1>" + said + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return body.getvalue()

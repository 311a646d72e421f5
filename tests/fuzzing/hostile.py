"""What nobody should send. All of it is harmless: it is refused for what it says it is."""

import struct
import zlib

from tests.talent.sheets import far, good

LONG = "字" * 6_000
TEXTS = [
    text if isinstance(text, bytes) else text.encode()
    for text in (
        b"a\0b", b"\xed\xa0\x80", b"\xff\xfe", "", " ", "\u202eabc", LONG, "9" * 40, "9" * 5_000, "-1", "NaN",
        "Infinity", "1e400", "１２３", "²", "٣", "0", "1.5", "99999999999999999999", "9223372036854775808",
        "-9223372036854775809", "2147483648", "32768", "<script>alert(1)</script>", "' OR 1=1--", "2019-13-45",
        "2019-02-29", "0000-00-00", "9999-12-31", "0001-01-01", "24:61", "😀𠀀", "\r\nX: y", "../../etc/passwd",
        "%s %(x)s {0} {{7*7}}", "[]", '{"a": 1}', "None", "true", "javascript:alert(1)", "http://[::1", "//x.org",
        "13800001234", "\u200b", "\x7f\x1b", "a" * 300,
    )
]  # fmt: skip
PATHS = ("0", "-1", "9" * 30, "%EF%BC%91", "%00", "%FF", "a", "9" * 5_000, "%2e%2e", "%0d%0a")
BODIES = (
    b"[" * 50_000, b"[]", b'"x"', b"null", b"{}", b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b"\0", b"\xff",
    b'[{"code": {}, "scan": [], "at": 1e999}]', b'[{"code": "x", "scan": "y", "at": "9999-99-99T99:99"}]', b"{",
)  # fmt: skip


def png(width, height):
    """A picture that says how large it is, with one line of points."""

    def part(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0" * (1 + 3 * min(width, 100)))
    begin = b"\x89PNG\r\n\x1a\n"
    return begin + part(b"IHDR", head) + part(b"IDAT", points) + part(b"IEND", b"")


# (name, kind, content)
FILES = [
    ("空.jpg", "image/jpeg", b""), ("x.png", "image/png", png(60_000, 60_000)),
    ("x.png", "image/png", png(100, 100)), ("x.png", "image/png", png(0, 0)),
    ("半.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + b"0" * 20),
    ("x.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
    ("x.html", "text/html", b"<script>alert(1)</script>"), ("x.pdf", "application/pdf", b"%PDF-1.7\n"),
    ("远.xlsx", "application/zip", far("A1048576")), ("好.xlsx", "a/\0", good),
    ("坏.xlsx", "application/zip", b"PK\x03\x04" + b"\0" * 30), ("x.csv", "text/csv", "姓名,手机号\n甲,1\n".encode("gb18030")),
    ("a\0.jpg", "image/jpeg", b"x"), ("../../x.jpg", "image/jpeg", b"x"), ("长" * 300 + ".jpg", "image/jpeg", b"x"),
    ('"; filename="y', "", b"MZ"), ("x.heic", "image/heic", b"\0\0\0\x18ftypheic"),
]  # fmt: skip

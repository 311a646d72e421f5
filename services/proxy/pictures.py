"""What to bring, as a picture: kept on the phone, or sent to whoever goes along."""

from io import BytesIO

from PIL import Image, ImageDraw

from qingchun.ground.bills import wrapped
from qingchun.ground.pictures import drawable, font
from services.proxy.models import ServiceRequest

WIDTH, EDGE, BOX = 1080, 72, 34
RED, INK, PAPER = "#c8102e", "#211a1b", "#fffaf3"
LARGE, PLAIN, SMALL = 64, 46, 38


def lines_of(text: str, size: int, width: int) -> list[str]:
    """A text broken where it would be too wide; all of it, however long: a paper left out is one
    that nobody brings."""
    face = font(size)
    return wrapped(drawable(text, face), face, width, len(text) + 1)


def _said(case: ServiceRequest) -> list[tuple[str, int, str, bool]]:
    """(text, size, colour, whether a box to tick stands before it), from the top down."""
    rows = [(f"{case.version.title}：要带的", LARGE, RED, False)]
    rows += [(paper, PLAIN, INK, True) for paper in case.version.needed]
    if not case.version.needed:
        rows.append(("不用带材料", PLAIN, INK, False))
    if case.slot:
        rows.append((f"时间：{case.slot.in_words}", SMALL, INK, False))
    if place := case.meeting_place:
        rows.append((f"地点：{place}", SMALL, INK, False))
    return [*rows, (f"编号 {case.spoken}　{case.organization.full_name}", SMALL, INK, False)]


def to_bring(case: ServiceRequest) -> bytes:
    """A JPEG as long as the list is. Nobody's name stands on it."""
    drawn: list[tuple[str, int, str, bool]] = []
    for text, size, colour, ticked in _said(case):
        lines = lines_of(text, size, WIDTH - 2 * EDGE - (2 * BOX if ticked else 0))
        drawn += [(line, size, colour, ticked and not n) for n, line in enumerate(lines)]
    height = 2 * EDGE + sum(size * 8 // 5 for _, size, _, _ in drawn)
    card = Image.new("RGB", (WIDTH, height), PAPER)
    pen, top, indent = ImageDraw.Draw(card), EDGE, 0
    for line, size, colour, ticked in drawn:
        indent = 2 * BOX if ticked else indent if size == PLAIN else 0
        if ticked:
            side = (EDGE, top + 10, EDGE + BOX, top + 10 + BOX)
            pen.rectangle(side, outline=RED, width=4)
        pen.text((EDGE + indent, top), line, font=font(size), fill=colour)
        top += size * 8 // 5
    body = BytesIO()
    card.save(body, "JPEG", quality=86)
    return body.getvalue()

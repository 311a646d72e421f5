"""Pictures to send on: the card that a chat shows of a link, and bills the size of a phone with a
code to scan. Drawn from words alone, once a day; what they are of is asked for before each is given.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import cache as once
from io import BytesIO

import segno
from django.core.cache import cache
from django.http import HttpResponse
from PIL import Image, ImageDraw, ImageFont, ImageOps

from qingchun.ground.pictures import drawable, font
from qingchun.ground.province import HOME

RED, DEEP, GLOW, INK, GREY, PAPER = "#c8102e", "#b00c27", "#d43c32", "#211a1b", "#5d5357", "#fffaf3"
NEAR_HILL, FAR_HILL, SUN = "#5e0714", "#930b22", "#f9cd84"
CLOSING = "，。、；：？！”’）》」…"  # none of them begins a line
CARD, PHONE = 600, (1080, 1560)
FINER = 2  # drawn so much larger first: edges are smooth afterwards
DAY = 24 * 60 * 60
# As templates/parts/land.html, in its 600 by 170: two hills (each of two curves), the tower.
HILLS = (
    (FAR_HILL, ((0, 120), (140, 50), (300, 100), (460, 150), (600, 60))),
    (NEAR_HILL, ((0, 150), (160, 90), (320, 136), (480, 182), (600, 112))),
)
TOWER = (
    (506, 150), (506, 100), (500, 100), (514, 92), (504, 92), (516, 84), (508, 84), (520, 76),
    (514, 76), (526, 58), (538, 76), (532, 76), (544, 84), (536, 84), (548, 92), (538, 92),
    (552, 100), (546, 100), (546, 150),
)  # fmt: skip
Point = tuple[float, float]


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: float, most: int = 4) -> list[str]:
    """Lines of a text that are no wider; the last of ``most`` ends in dots when more would follow."""
    lines, line = [], ""
    for letter in text:
        if letter == "\n" or face.getlength(line + letter) > width:
            begins = len(line)  # where the next line does
            while letter in CLOSING and begins and (line[begins:] or letter)[0] in CLOSING:
                begins -= 1
            lines.append(line[:begins])
            line = line[begins:]
        if letter != "\n":
            line += letter
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1]}……"]
    return lines


def code(link: str, size: int, paper: str = PAPER) -> Image.Image:
    """A QR code of that many pixels."""
    body = BytesIO()
    segno.make(link, error="m").save(body, kind="png", scale=8, border=1, dark=INK, light=paper)
    return Image.open(body).convert("RGB").resize((size, size), Image.Resampling.NEAREST)


def _curve(points: tuple[Point, ...]) -> Iterator[Point]:
    for first in (0, 2):
        (x0, y0), (x1, y1), (x2, y2) = points[first : first + 3]
        for step in range(25):
            t = step / 24
            yield (
                (1 - t) ** 2 * x0 + 2 * t * (1 - t) * x1 + t * t * x2,
                (1 - t) ** 2 * y0 + 2 * t * (1 - t) * y1 + t * t * y2,
            )


@once
def _ground(width: int, height: int) -> Image.Image:
    """The red sky over the hills, the sun behind the tower."""
    wide, high = width * FINER, height * FINER
    light = Image.linear_gradient("L").resize((wide, high))
    sky = ImageOps.colorize(light, black=DEEP, white=GLOW)
    pen, scale = ImageDraw.Draw(sky), wide / 600

    def at(points: tuple[Point, ...] | Iterator[Point]) -> list[Point]:
        return [(x * scale, high + (y - 170) * scale) for x, y in points]

    pen.ellipse([value for point in at(((476, 16), (564, 104))) for value in point], fill=SUN)
    for colour, points in HILLS:
        pen.polygon([*at(_curve(points)), *at(((600, 171), (0, 171)))], fill=colour)
    pen.polygon(at(TOWER), fill=NEAR_HILL)
    return sky.resize((width, height), Image.Resampling.LANCZOS)


@once
def mark(size: int, is_round: bool = True) -> Image.Image:
    """The portal's own sign: static/qingchun/mark.svg."""
    big = size * 4
    scale = big / 36
    light = Image.linear_gradient("L").resize((big, big))
    plate = ImageOps.colorize(light, black="#e0283f", white="#a80c24")
    pen = ImageDraw.Draw(plate)
    pen.ellipse([n * scale for n in (20.8, 9.3, 27.2, 15.7)], fill="#f7c873")
    hills = ((6, 26), (14, 14), (19.5, 22), (22.5, 18), (30, 26))
    pen.polygon([(x * scale, y * scale) for x, y in hills], fill="#fff")
    if is_round:
        shape = Image.new("L", (big, big), 0)
        whole = (0, 0, big - 1, big - 1)
        ImageDraw.Draw(shape).rounded_rectangle(whole, radius=10 * scale, fill=255)
        plate.putalpha(shape)
    return plate.resize((size, size), Image.Resampling.LANCZOS)


def _even(text: str, face: ImageFont.FreeTypeFont, width: float, most: int) -> list[str]:
    """As few lines as can be, and none of a letter or two where a paragraph is broken."""
    found: list[str] = []
    for part in text.split("\n"):
        part, narrow = drawable(part, face), width
        few = len(wrapped(part, face, width, 99))
        while few <= most and narrow > 200 and len(wrapped(part, face, narrow - 20, 99)) == few:
            narrow -= 20
        found += wrapped(part, face, narrow, most)
    return found


def _write(
    pen: ImageDraw.ImageDraw, at: Point, text: str, size: int, width: float,
    *, most: int, fill: str, bold: int = 0,
) -> float:  # fmt: skip
    """Where the next thing may stand below."""
    face, (left, top) = font(size), at
    for line in _even(text, face, width, most):
        pen.text((left, top), line, font=face, fill=fill, stroke_width=bold, stroke_fill=fill)
        top += size * 1.36
    return top


def _as_jpeg(image: Image.Image, quality: int = 86) -> bytes:
    body = BytesIO()
    image.save(body, "JPEG", quality=quality)
    return body.getvalue()


def card(title: str, says: str) -> bytes:
    """What a chat shows beside a link, often no larger than a thumb: few words, large."""
    image, edge = _ground(CARD, CARD).copy(), 44
    pen, room = ImageDraw.Draw(image), CARD - 2 * edge
    image.paste(mark(56), (edge, edge), mark(56))
    pen.text((edge + 72, edge + 8), HOME.action, font=font(34), fill="#fff")
    size = 92 if font(92).getlength(title) <= room else 64
    below = _write(pen, (edge, 128), title, size, room, most=2, fill="#fff", bold=1)
    _write(pen, (edge, below + 14), says, 30, room, most=2, fill="#fff")
    return _as_jpeg(image)


def bill(head: str, title: str, says: str, asks: str, link: str, *lines: str) -> bytes:
    """A picture the size of a phone: what it is about, and a code that leads there."""
    width, edge, top = PHONE[0], 84, 940
    image = Image.new("RGB", PHONE, "#fff")
    image.paste(_ground(width, top), (0, 0))
    pen, room = ImageDraw.Draw(image), width - 2 * edge
    image.paste(mark(76), (edge, edge), mark(76))
    pen.text((edge + 98, edge + 13), head, font=font(42), fill="#fff")
    size = 104 if max(map(font(104).getlength, title.split("\n"))) <= room else 80
    below = _write(pen, (edge, 232), title, size, room, most=3, fill="#fff", bold=2)
    _write(pen, (edge, below + 20), says, 44, room, most=2, fill="#fff")
    side = 400
    image.paste(code(link, side, "#fff"), (edge, top + 80))
    left, space = edge + side + 48, room - side - 48
    below = _write(pen, (left, top + 84), asks, 48, space, most=3, fill=INK, bold=1)
    for line in lines:
        below = _write(pen, (left, below + 12), line, 34, space, most=3, fill=GREY)
    return _as_jpeg(image)


def given(drawn: Callable[..., bytes], *words: str) -> HttpResponse:
    """The picture that ``drawn`` makes of these words, made once a day."""
    digest = hashlib.sha256("\0".join((drawn.__name__, *words)).encode()).hexdigest()[:40]
    kept = cache.get(f"bill:{digest}")
    body = base64.b64decode(kept) if kept else drawn(*words)
    if not kept:
        cache.set(f"bill:{digest}", base64.b64encode(body).decode(), DAY)
    answer = HttpResponse(body, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@once
def icon(size: int, kind: str) -> bytes:
    """``kind``: ICO for who asks for /favicon.ico, else PNG, whose corners a phone rounds itself."""
    body = BytesIO()
    mark(size, kind == "ICO").save(body, kind)
    return body.getvalue()

"""A card to share: a person's picture and sentence, drawn anew each time, so that it is gone when
they are."""

from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageOps

from qingchun.ground.pictures import FORMATS, drawable, font
from qingchun.ground.province import HOME

WIDTH, HEIGHT, EDGE = 1080, 1440, 72
RED, INK, PAPER = "#c8102e", "#211a1b", "#fffaf3"
CODE = 190
CLOSING = "，。、；：？！”’）》」…"  # none of them begins a line


def wrapped(text, face, width, most=4):
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


def draw(picture, words, name, place, link):
    """The card as a JPEG's bytes. ``picture``: an open file of a picture we made."""
    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    photo = Image.open(picture, formats=FORMATS).convert("RGB")
    card.paste(ImageOps.fit(photo, (WIDTH, 860), Image.Resampling.LANCZOS), (0, 0))
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 860, WIDTH, 872), fill=RED)
    face, top = font(58), 920
    for line in wrapped(drawable(f"“{words}”", face), face, WIDTH - 2 * EDGE):
        pen.text((EDGE, top), line, font=face, fill=INK)
        top += 80
    bottom = HEIGHT - EDGE - CODE
    signed = drawable(f"{name} · {place}", font(38))
    pen.text((EDGE, bottom + 40), signed, font=font(38), fill=INK)
    pen.text((EDGE, bottom + 105), f"我为{HOME.short}代言 · {HOME.action}", font=font(34), fill=RED)
    card.paste(_code(link), (WIDTH - EDGE - CODE, bottom))
    body = BytesIO()
    card.save(body, "JPEG", quality=86)
    return body.getvalue()


def _code(link):
    body = BytesIO()
    segno.make(link, error="m").save(body, kind="png", scale=8, border=1, dark=INK, light=PAPER)
    return Image.open(body).convert("RGB").resize((CODE, CODE), Image.Resampling.NEAREST)

"""A card to share: a person's picture and sentence, drawn anew each time, so that it is gone when
they are."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from qingchun.ground.bills import INK, PAPER, RED, code, wrapped
from qingchun.ground.pictures import FORMATS, drawable, font
from qingchun.ground.province import HOME

WIDTH, HEIGHT, EDGE = 1080, 1440, 72
CODE = 190


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
    card.paste(code(link, CODE), (WIDTH - EDGE - CODE, bottom))
    body = BytesIO()
    card.save(body, "JPEG", quality=86)
    return body.getvalue()

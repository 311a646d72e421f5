"""Drawn scenes instead of photographs: nobody's face, nobody's rights; each kind of activity its own."""

import random
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from campaigns.models import MediaCoverage, Photo
from campaigns.perceptual_hash import look_of
from qingchun.organizations.codes import city_of

# Unit → how many of its newest entries have pictures; of every other city two.
ILLUSTRATED = {"140105": 7, "140105001": 4, "1401": 4}
TWICE = "140106"  # one of its pictures is used twice, so that there is something to find
OUTLETS = ("县融媒体中心", "市日报", "青年报", "电视台都市频道", "晚报", "市广播电台")
WIDTH, HEIGHT = 960, 720
PALETTES = (
    ("#fde9d9", "#c8102e", "#7a3b2e"), ("#d8e6f3", "#2f5f9e", "#23415f"),
    ("#e7efe2", "#3c7a4a", "#5a4630"), ("#fdf0c9", "#d98324", "#6a2c2c"),
    ("#ece4f1", "#6d4a93", "#463156"), ("#dff0ee", "#1f7f78", "#3a4a44"),
)  # fmt: skip
SHIRTS = ("#8a8f98", "#f4efe8", "#b03a48", "#34567a", "#5f7d4f", "#c79a3b", "#3b3b44")
SKIN = ("#f0cfae", "#e3b98f", "#f6d9bd")


def illustrate(entries, rng):
    """Pictures for some of the newest entries, in every city; one of them is used twice."""
    shares, chosen = dict(ILLUSTRATED), []
    for entry in sorted(entries, key=lambda entry: (entry.logged_at, str(entry.pk)), reverse=True):
        unit = entry.organization_id
        whose = unit if unit in ILLUSTRATED or unit == TWICE else city_of(unit)
        if shares.setdefault(whose, 2) > 0:
            shares[whose] -= 1
            chosen.append(entry)
    last = None
    for entry in chosen:
        drawn = scene(rng, entry.kind.key)
        if entry.organization_id == TWICE:
            drawn = last = last or drawn
        _keep(entry, *drawn)
    for number, entry in enumerate(chosen[::4]):
        MediaCoverage.objects.create(
            organization_id=entry.organization_id, activity=entry,
            outlet=OUTLETS[number % len(OUTLETS)],
            title=f"{entry.organization.name}：{entry.title}", published_on=entry.held_on,
        )  # fmt: skip


def _keep(entry, image, full, small):
    photo = Photo(
        organization_id=entry.organization_id, entry=entry.pk, activity=entry,
        width=image.width, height=image.height, look=look_of(image),
    )  # fmt: skip
    photo.image.save(f"{photo.pk}.jpg", ContentFile(full), save=False)
    photo.thumbnail.save(f"{photo.pk}-small.jpg", ContentFile(small), save=False)
    photo.save(force_insert=True)


def scene(rng: random.Random, kind="publicity"):
    """(picture, full size, small) of an activity of that kind, each time otherwise."""
    sky, strong, dark = rng.choice(PALETTES)
    image = Image.new("RGB", (WIDTH, HEIGHT), sky)
    PLACES[kind](Brush(ImageDraw.Draw(image), rng, sky, strong, dark))
    full, small = BytesIO(), BytesIO()
    image.save(full, "JPEG", quality=80)
    image.resize((480, 360)).save(small, "JPEG", quality=80)
    return image, full.getvalue(), small.getvalue()


class Brush:
    """What scenes are put together from. Lengths are pixels of the picture."""

    def __init__(self, draw, rng, sky, strong, dark):
        self.draw, self.rng, self.sky, self.strong, self.dark = draw, rng, sky, strong, dark

    def box(self, x, y, width, height, fill, round_by=10):
        self.draw.rounded_rectangle((x, y, x + width, y + height), round_by, fill=fill)

    def floor(self, top, fill="#e8dccb"):
        self.draw.rectangle((0, top, WIDTH, HEIGHT), fill=fill)

    def banner(self, x, y, width, lines=2):
        """A red or blue sheet with lines that stand for writing."""
        self.box(x, y, width, 40 + 42 * lines, self.strong)
        for line in range(lines):
            inset = self.rng.randint(30, 90)
            self.box(x + inset, y + 26 + 42 * line, width - 2 * inset, 16, "#ffffff", 8)

    def somebody(self, x, y, size=1.0, shirt=None):
        """Head and shoulders; ``y`` is the top of the head."""
        head, wide = 30 * size, 46 * size
        shirt, skin = shirt or self.rng.choice(SHIRTS), self.rng.choice(SKIN)
        self.box(x - wide, y + 2 * head + 4, 2 * wide, 130 * size, shirt, int(28 * size))
        self.draw.ellipse((x - head, y, x + head, y + 2 * head), fill=skin)
        self.draw.pieslice((x - head, y - 4, x + head, y + 2 * head - 6), 180, 360, fill="#3a2b22")

    def crowd(self, many, top, low, size=1.0):
        for n in range(many):
            step = (WIDTH - 120) // many
            x = 70 + n * step + self.rng.randint(0, max(1, step - 50))
            self.somebody(x, self.rng.randint(top, low), size)

    def hills(self, low=380, high=230):
        tops = [(x, self.rng.randint(high, low)) for x in range(0, WIDTH + 1, 120)]
        self.draw.polygon([(0, HEIGHT), *tops, (WIDTH, HEIGHT)], fill=self.dark)
        sun = self.rng.randint(40, WIDTH - 160)
        self.draw.ellipse((sun, 40, sun + 110, 150), fill="#f7c873")

    def table(self, x, y, width, fill="#b98a5b"):
        self.box(x, y, width, 26, fill, 6)
        for leg in (x + 16, x + width - 30):
            self.box(leg, y + 24, 14, 110, fill, 2)


def _square(b):
    b.hills()
    b.floor(b.rng.randint(430, 500))
    x, width = b.rng.randint(60, 330), b.rng.randint(360, 560)
    b.box(x - 12, 90, width + 24, 250, "#2b2f36")
    b.banner(x, 102, width, 4)
    b.crowd(b.rng.randint(4, 8), 430, 500, 0.9)


def _hall(b):
    b.draw.rectangle((0, 0, WIDTH, 330), fill=b.dark)
    b.banner(b.rng.randint(120, 240), b.rng.randint(40, 90), b.rng.randint(420, 600))
    b.floor(330, b.sky)
    stage = b.rng.randint(2, 4)
    for n in range(stage):
        x = 200 + n * (560 // stage) + b.rng.randint(0, 50)
        b.somebody(x, 214, 0.6)
    b.table(160, 296, 640)
    for row in range(3):
        for n in range(6 - row % 2):
            x = 90 + 156 * n + 70 * (row % 2) + b.rng.randint(-14, 14)
            if b.rng.random() < 0.85:
                b.somebody(x, 420 + 100 * row, 0.85)


def _round_table(b):
    b.draw.rectangle((0, 0, WIDTH, 420), fill=b.sky)
    for n in range(3):
        b.box(60 + 300 * n + b.rng.randint(-20, 20), 60, 220, 190, "#ffffff", 4)
        b.box(76 + 300 * n, 76, 188, 158, "#bcd6ea", 2)
    b.floor(400, "#d9c5a7")
    b.crowd(b.rng.randint(4, 6), 250, 300, 0.9)
    b.draw.ellipse((110, 420, 850, 660), fill=b.rng.choice(("#a8754a", "#8a5a3a", "#c79a6a")))
    for _ in range(b.rng.randint(4, 8)):
        b.box(b.rng.randint(200, 720), b.rng.randint(460, 590), 46, 32, "#fdfdf8", 3)


def _desks(b):
    b.banner(b.rng.randint(40, 420), 40, 420, 1)
    b.floor(430)
    for n in range(b.rng.randint(2, 4)):
        x = 80 + n * 230 + b.rng.randint(-20, 30)
        b.somebody(x + 80, b.rng.randint(230, 270))
        b.box(x + 96, b.rng.randint(330, 350), 120, 84, "#2b2f36", 6)
        b.table(x, 420, 210, b.rng.choice(("#b98a5b", "#d7d2c8")))


def _courtyard(b):
    b.hills(300, 170)
    b.floor(460, "#cdb892")
    x = b.rng.randint(40, 460)
    b.draw.polygon([(x - 30, 260), (x + 200, 150), (x + 430, 260)], fill="#5a4a40")
    b.box(x, 256, 400, 220, "#e5d3b8", 2)
    for n in range(3):
        b.draw.pieslice((x + 20 + 125 * n, 300, x + 120 + 125 * n, 420), 180, 360, fill=b.strong)
        b.box(x + 20 + 125 * n, 358, 100, 112, "#f5ead7", 2)
    b.crowd(b.rng.randint(2, 4), 400, 450)
    b.table(b.rng.randint(200, 500), 580, 300)


def _greenhouse(b):
    b.draw.rectangle((0, 0, WIDTH, HEIGHT), fill="#e4eee6")
    for n in range(6):
        b.draw.arc((-60, -120 + 60 * n, WIDTH + 60, 700), 180, 360, fill="#9db3a4", width=6)
    for row in range(4):
        for n in range(12):
            x, y = 20 + 80 * n + b.rng.randint(-12, 12), 430 + 74 * row
            b.draw.ellipse(
                (x, y, x + 54, y + 48), fill=b.rng.choice(("#3c7a4a", "#5d9a54", "#2f6140"))
            )
    b.crowd(b.rng.randint(2, 4), 250, 330, 1.15)


def _counters(b):
    b.box(0, 50, WIDTH, 74, b.strong, 0)
    windows = b.rng.randint(3, 4)
    wide = WIDTH // windows
    for n in range(windows):
        x = n * wide + 24
        b.box(x, 150, wide - 48, 200, "#ffffff", 4)
        if b.rng.random() < 0.85:
            b.somebody(x + wide // 2 - 24, b.rng.randint(185, 205), 0.75)
        b.box(x + 20, 72, wide - 90, 28, "#ffffff", 6)
    b.box(0, 345, WIDTH, 60, "#b98a5b", 0)
    b.floor(405, "#dfe3e6")
    b.crowd(b.rng.randint(2, 5), 400, 470, 1.2)


def _station(b):
    left = b.rng.randint(30, 160)
    b.box(left, 130, 760, 300, b.dark, 4)
    b.box(left + 280, 70, 200, 90, b.strong, 6)
    b.draw.ellipse((left + 350, 84, left + 412, 146), fill="#ffffff")
    for n in range(5):
        b.box(left + 30 + 146 * n, 230, 112, 200, "#bcd6ea", 2)
    b.floor(430, "#d5d8db")
    b.crowd(b.rng.randint(3, 5), 400, 450, 1.1)
    for _ in range(b.rng.randint(2, 5)):
        b.box(b.rng.randint(60, 820), b.rng.randint(590, 630), 62, 84, b.rng.choice(SHIRTS), 10)


def _tea(b):
    b.draw.rectangle((0, 0, WIDTH, HEIGHT), fill=b.dark)
    b.draw.line((0, 90, WIDTH, b.rng.randint(60, 150)), fill="#f4efe8", width=3)
    for n in range(7):
        x, y = 50 + 138 * n + b.rng.randint(-16, 16), b.rng.randint(90, 150)
        b.draw.ellipse((x, y, x + 60, y + 72), fill=b.rng.choice(("#e0483b", "#f2a33a", b.strong)))
    b.floor(470, "#b9987a")
    for n in range(b.rng.randint(2, 3)):
        x = 170 + n * 300 + b.rng.randint(-30, 30)
        b.somebody(x - 76, 330)
        b.somebody(x + 76, b.rng.randint(320, 345))
        b.table(x - 70, 470, 140, "#f4efe8")


def _tent(b):
    b.hills(330, 200)
    b.floor(470)
    x = b.rng.randint(80, 380)
    b.draw.polygon([(x, 240), (x + 230, 110), (x + 460, 240)], fill=b.strong)
    for pole in (x + 14, x + 432):
        b.box(pole, 238, 14, 300, "#f4efe8", 2)
    code = x + b.rng.randint(150, 260)
    b.box(code, 262, 130, 130, "#ffffff", 4)
    for row in range(8):
        for n in range(8):
            if b.rng.random() < 0.5:
                b.draw.rectangle((code + 13 + 13 * n, 275 + 13 * row, code + 25 + 13 * n, 287 + 13 * row), fill="#111111")  # fmt: skip
    b.table(x + 40, 470, 380)
    b.crowd(b.rng.randint(3, 6), 420, 490, 1.05)


PLACES = {
    "publicity": _square, "homecoming": _round_table, "internship": _desks,
    "talent_pool": _courtyard, "sharing": _hall, "exemplar": _greenhouse, "proxy": _counters,
    "warmth": _station, "matchmaking": _tea, "checkin": _tent,
}  # fmt: skip

"""Drawn scenes instead of photographs: nobody's face, nobody's rights."""

import random
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from campaigns.models import MediaCoverage, Photo
from campaigns.perceptual_hash import look_of
from qingchun.organizations.codes import city_of

ILLUSTRATED = 40
COLOURS = (
    ("#fde9d9", "#c8102e", "#7a3b2e"), ("#d8e6f3", "#2f5f9e", "#23415f"),
    ("#e7efe2", "#3c7a4a", "#5a4630"), ("#fdf0c9", "#d98324", "#6a2c2c"),
)  # fmt: skip


def illustrate(entries, rng):
    """Pictures for some of the newest entries, in every city; the last one is used twice."""
    by_city = {}
    for entry in sorted(entries, key=lambda entry: (entry.logged_at, str(entry.pk)), reverse=True):
        by_city.setdefault(city_of(entry.organization_id), []).append(entry)
    share = max(2, ILLUSTRATED // max(1, len(by_city)))
    chosen = [entry for found in by_city.values() for entry in found[:share]]
    drawn = None
    for number, entry in enumerate(chosen):
        # The last entry of the first city shows the picture of the one before it.
        if drawn is None or number != share - 1:
            drawn = scene(rng)
        _keep(entry, *drawn)
    for entry in chosen[::5][:8]:
        MediaCoverage.objects.create(
            organization_id=entry.organization_id, activity=entry, outlet="当地融媒体中心",
            title=f"{entry.title}受到返乡青年欢迎", published_on=entry.held_on,
        )  # fmt: skip


def _keep(entry, image, full, small):
    photo = Photo(
        organization_id=entry.organization_id, entry=entry.pk, activity=entry,
        width=image.width, height=image.height, look=look_of(image),
    )  # fmt: skip
    photo.image.save(f"{photo.pk}.jpg", ContentFile(full), save=False)
    photo.thumbnail.save(f"{photo.pk}-small.jpg", ContentFile(small), save=False)
    photo.save(force_insert=True)


def scene(rng: random.Random):
    """(picture, full size, small): hills, a banner, people behind a table, each time otherwise."""
    sky, banner, ground = rng.choice(COLOURS)
    image = Image.new("RGB", (1280, 960), sky)
    draw = ImageDraw.Draw(image)
    sun = rng.randint(60, 1060)
    draw.ellipse((sun, 60, sun + 160, 220), fill="#f7c873")
    hills = [(x, rng.randint(280, 540)) for x in range(0, 1281, 160)]
    draw.polygon([(0, 960), *hills, (1280, 960)], fill=ground)
    floor = rng.randint(540, 640)
    draw.rectangle((0, floor, 1280, 960), fill="#e8dccb")
    left, top, width = rng.randint(60, 420), rng.randint(190, 300), rng.randint(480, 800)
    draw.rounded_rectangle((left, top, left + width, top + 170), 16, fill=banner)
    for line in (50, 105):
        draw.rounded_rectangle(
            (left + 60, top + line, left + width - 60, top + line + 22), 11, fill="#ffffff"
        )
    people = rng.randint(3, 8)
    for number in range(people):
        x = 90 + number * (1100 // people) + rng.randint(0, 60)
        head = floor + rng.randint(-30, 30)
        shirt = (banner, ground, "#8a8f98", "#f4efe8")[rng.randrange(4)]
        draw.ellipse((x - 42, head, x + 42, head + 84), fill="#f0cfae")
        draw.rounded_rectangle((x - 62, head + 88, x + 62, head + 260), 40, fill=shirt)
    if rng.random() < 0.7:
        draw.rounded_rectangle((70, 790, 1210, 860), 14, fill="#b98a5b")
    full, small = BytesIO(), BytesIO()
    image.save(full, "JPEG", quality=80)
    image.resize((480, 360)).save(small, "JPEG", quality=80)
    return image, full.getvalue(), small.getvalue()

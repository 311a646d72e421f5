"""Every kind of picture that people have, at the doors that take one: what becomes of it, or why not."""

import ast
import re
import struct
import subprocess
import sys
import uuid
from functools import cache, partial
from io import BytesIO

import pillow_heif
import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from campaigns.actions.photos import add_photo
from qingchun.env import BASE_DIR
from qingchun.ground.fields import PictureField
from qingchun.ground.pictures import UNPACKING, as_jpeg, as_thumbnail, open_picture, thumbnail_of
from qingchun.ground.refusals import Refused
from reports.library.models import Voice
from tests.our_forms import our_forms, sources
from tests.reports.test_publicity import say, young  # noqa: F401
from tests.walls import anew

INK, WHITE, BLACK, GREY = (200, 16, 46), (255, 255, 255), (0, 0, 0), (128, 128, 128)
CLEAR, SEEN = (0, 0, 0, 0), (0, 0, 0, 255)


def saved(image, kind, **options):
    body = BytesIO()
    image.save(body, kind, **options)
    return body.getvalue()


def plain(kind="JPEG", mode="RGB", size=(60, 40), colour=INK, **options):
    return saved(Image.new("RGB", size, colour).convert(mode), kind, **options)


def halves(mode, left, right, kind="PNG", **options):
    """A picture of 60 by 40 whose left half is of one colour, and whose right half of another."""
    image = Image.new(mode, (60, 40), left)
    image.paste(right, (30, 0, 60, 40))
    return saved(image, kind, **options)


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return {"exif": exif}


def moving(kind):
    return plain(kind, save_all=True, append_images=[Image.new("RGB", (60, 40), "black")])


def heic(size=(60, 40), mode="RGB", colour=INK):
    body = BytesIO()
    pillow_heif.from_pillow(Image.new(mode, size, colour)).save(body, quality=90)
    return body.getvalue()


def lying():
    """It says that it is small, and its codec is told otherwise."""
    size = struct.pack(">II", 2000, 1500)
    assert heic((2000, 1500)).count(size) == 1
    return heic((2000, 1500)).replace(size, struct.pack(">II", 64, 48))


@cache
def wide_colours():
    """Our own profile of screens, with a phone's wider red, green and blue (Display P3) in it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    wider = {
        b"rXYZ": (0.51512, 0.24120, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }  # fmt: skip
    for number in range(struct.unpack(">I", profile[128:132])[0]):
        name, place, _ = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if name in wider:
            struct.pack_into(">3i", profile, place + 8, *(round(n * 65536) for n in wider[name]))
    return bytes(profile)


# What it is called → (how it is made, (width, height), its colours at the left and at the right).
TAKEN = {
    "照片": (plain, (60, 40), INK, INK),
    "竖拍": (partial(plain, **turned()), (40, 60), INK, INK),
    "竖拍的 WebP": (partial(plain, "WEBP", **turned()), (40, 60), INK, INK),
    "竖拍的 PNG": (partial(plain, "PNG", **turned()), (40, 60), INK, INK),
    "渐进": (partial(plain, progressive=True), (60, 40), INK, INK),
    "灰度": (partial(plain, mode="L", colour=GREY), (60, 40), GREY, GREY),
    "印刷": (partial(plain, mode="CMYK"), (60, 40), INK, INK),
    "几张在一起": (partial(moving, "MPO"), (60, 40), INK, INK),
    "动的 WebP": (partial(moving, "WEBP"), (60, 40), INK, INK),
    "黑白": (partial(halves, "1", 0, 1), (60, 40), BLACK, WHITE),
    "调色板": (partial(plain, "PNG", "P", colour=WHITE), (60, 40), WHITE, WHITE),
    "扫描仪的 16 位灰度": (partial(halves, "I;16", 32768, 65535), (60, 40), GREY, WHITE),
    "扫描仪的 16 位黑字": (partial(halves, "I;16", 50000, 0), (60, 40), (195, 195, 195), BLACK),
    "透明底的签名": (partial(halves, "RGBA", CLEAR, SEEN), (60, 40), WHITE, BLACK),
    "半透明": (partial(halves, "RGBA", (0, 0, 0, 127), SEEN), (60, 40), GREY, BLACK),
    "透明的灰度": (partial(halves, "LA", (0, 0), (0, 255)), (60, 40), WHITE, BLACK),
    "透明的调色板": (partial(halves, "P", 0, 1, transparency=0), (60, 40), WHITE, None),
    "一种颜色透明": (partial(halves, "L", 7, 0, transparency=7), (60, 40), WHITE, BLACK),
    "透明的 WebP": (partial(halves, "RGBA", CLEAR, SEEN, "WEBP", lossless=True), (60, 40), WHITE, BLACK),
    "透明的 AVIF": (partial(halves, "RGBA", CLEAR, SEEN, "AVIF"), (60, 40), WHITE, BLACK),
    "AVIF": (partial(plain, "AVIF"), (60, 40), INK, INK),
    "HEIC": (heic, (60, 40), INK, INK),
    "透明的 HEIC": (partial(heic, mode="RGBA", colour=CLEAR), (60, 40), WHITE, WHITE),
    "宽色域": (lambda: plain(icc_profile=wide_colours(), quality=95), (60, 40), (219, 0, 42), (219, 0, 42)),
    "宽色域的 PNG": (lambda: plain("PNG", icc_profile=wide_colours()), (60, 40), (219, 0, 42), None),
    "乱写的色域": (partial(plain, icc_profile=b"?" * 300), (60, 40), INK, INK),
    "长截屏": (partial(plain, "PNG", "P", (1080, 21000)), (768, 14933), INK, INK),
    "全景": (partial(plain, size=(12000, 1800)), (5120, 768), INK, INK),
    "苹果手机的 2450 万像素": (partial(plain, size=(5712, 4284)), (2048, 1536), INK, INK),
    "苹果手机的 2450 万像素 HEIC": (partial(heic, (5712, 4284)), (2048, 1536), INK, INK),
    "5000 万像素": (partial(plain, size=(8160, 6120)), (2048, 1536), INK, INK),
}  # fmt: skip
NO_PICTURE = "不是能打开的照片"
REFUSED = {
    "1 亿像素": (partial(plain, size=(10000, 10000)), "照片超过 5000 万像素"),
    "1 亿像素的 PNG": (partial(plain, "PNG", "1", (10000, 10000)), "照片超过 5000 万像素"),
    "3 亿像素的 PNG": (partial(plain, "PNG", "1", (20000, 15000), WHITE), "照片超过 5000 万像素"),
    "4900 万像素的 PNG": (partial(plain, "PNG", "1", (7000, 7000)), "照片超过 2500 万像素"),
    "3000 万像素的渐进": (partial(plain, size=(6000, 5000), progressive=True), "照片超过 2500 万像素"),
    "5000 万像素的长条": (partial(plain, size=(32500, 1530)), "照片超过 2500 万像素"),
    "太长的截屏": (partial(plain, "PNG", "P", (300, 30000)), "这张图太长"),
    "动图": (partial(plain, "GIF"), NO_PICTURE),
    "TIFF": (partial(plain, "TIFF"), NO_PICTURE),
    "位图": (partial(plain, "BMP"), NO_PICTURE),
    "半张": (lambda: plain(size=(900, 900))[:4000], NO_PICTURE),
    "半张 HEIC": (lambda: heic()[:400], NO_PICTURE),
    "说小了的 HEIC": (lying, NO_PICTURE),
    "半张 AVIF": (lambda: plain("AVIF")[:200], NO_PICTURE),
    "网页": (lambda: b"<html></html>", NO_PICTURE),
    "文档": (lambda: b"%PDF-1.7", "这是文档，不是照片"),
}  # fmt: skip


@cache
def file_of(name):
    return (TAKEN.get(name) or REFUSED[name])[0]()


def is_near(pixel, colour, by=6):
    return colour is None or all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


def must_be(image, name):
    _, size, left, right = TAKEN[name]
    width, height = image.size
    got = [image.getpixel((width * n // 8, height // 2)) for n in (1, 7)]
    assert (image.mode, image.size) == ("RGB", size)
    assert is_near(got[0], left), got
    assert is_near(got[1], right), got


@pytest.mark.parametrize("name", TAKEN)
def test_picture_looks_as_it_did_where_it_was_taken(name):
    (size, made) = as_jpeg(open_picture(ContentFile(file_of(name))))
    image = Image.open(made)
    assert size == image.size
    must_be(image, name)
    assert not {"exif", "icc_profile", "xmp", "comment"} & image.info.keys()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_refused_in_words(name):
    with pytest.raises(Refused, match=REFUSED[name][1]):
        open_picture(ContentFile(file_of(name)))


@pytest.mark.parametrize("name", [*TAKEN, *REFUSED])
def test_activity_takes_them_all_and_says_what_it_does_not(zhang, campaign, name):
    file = SimpleUploadedFile("照片", file_of(name))
    words = REFUSED[name][1] if name in REFUSED else ""
    try:
        photo = anew(add_photo(actor=zhang, entry=uuid.uuid4(), file=file))
        said = photo.trouble
    except Refused as refused:
        said = str(refused)
    assert words in said
    assert bool(said) == bool(words)
    if not said:
        with photo.image.open() as kept:
            must_be(Image.open(kept), name)
        assert (photo.width, photo.height) == TAKEN[name][1]


@pytest.mark.parametrize("name", [*TAKEN, *REFUSED])
def test_voice_takes_them_all_and_says_what_it_does_not(client, young, name):  # noqa: F811
    client.force_login(young)
    page = say(client, picture=SimpleUploadedFile("照片", file_of(name))).content.decode()
    if name in REFUSED:
        assert REFUSED[name][1] in page
        assert not Voice.objects.exists()
        return
    with Voice.objects.get().picture.open() as kept:
        image = Image.open(kept)
        assert is_near(image.getpixel((image.width // 8, image.height // 2)), TAKEN[name][2])


def test_every_other_door_opens_pictures_by_the_same_hand():
    """What is made into a JPEG was opened with care; nobody else opens what somebody sent."""
    opened, careless = 0, set()
    for path in sources():
        where = path.relative_to(BASE_DIR).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called == "Image.open" or (called == "as_jpeg" and not _is_opened(node.args[0])):
                careless.add((where, ast.unparse(node.args[0])))
            opened += called == "open_picture"
    assert opened >= 11
    assert careless == {
        ("qingchun/ground/pictures.py", "file"),  # there with care, and of what we made
        ("qingchun/ground/pictures.py", "_unpacked(file)"),
        ("qingchun/ground/unpacking.py", "sys.stdin.buffer"),  # in a process of its own
        ("qingchun/ground/pictures.py", "BytesIO(data)"),  # what we made, for a watermark
        ("qingchun/ground/pictures.py", "_part_of(image)"),
        ("campaigns/actions/photos.py", "image"),  # opened by the same hand a line before
        ("reports/library/cards.py", "picture"),  # what we made
        ("qingchun/ground/bills.py", "body"),  # drawn a line before
        ("services/proxy/demo.py", "Image.new('RGB', (300, 200), '#efe9e2')"),
        ("talent/youth/demo.py", "picture"),  # drawn a line before
    }


def _is_opened(argument):
    return isinstance(argument, ast.Call) and ast.unparse(argument.func) == "open_picture"


def test_every_field_for_a_picture_is_the_one_that_shrinks_it():
    others = {
        f"{form.__name__}.{name}"
        for form in our_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.FileField) and not isinstance(field, PictureField)
    }
    found = {
        form.__name__
        for form in our_forms()
        if any(isinstance(field, PictureField) for field in form.base_fields.values())
    }
    # Sheets and attachments; what is to be printed goes as it is.
    assert others == {
        f"{form}.file" for form in ("ImportForm", "SheetForm", "AttachmentForm", "KitForm")
    } | {"CampaignForm.notice_file"}
    assert {"VoiceForm", "DoorForm", "GroupForm", "ActivityForm", "PaperForm"} <= found
    shown = str(
        next(form for form in our_forms() if form.__name__ == "VoiceForm")(is_adult=True)["picture"]
    )
    assert 'accept="image/*"' in shown
    assert "data-picture" in shown


def test_every_file_to_choose_in_a_template_is_a_picture_or_says_what_it_is():
    tags = {
        (path.name, tag)
        for path in (BASE_DIR / "templates").rglob("*.html")
        for tag in re.findall(r'{% upload [^%]*%}|<input[^>]*type="file"[^>]*>', path.read_text())
    }
    assert len(tags) >= 5
    assert {name for name, tag in tags if " picture " not in tag} == {"_clip.html"}


def test_no_list_shows_a_picture_in_its_whole_size():
    """Photographs have a thumbnail of their own; of the rest ``?small=1`` is one."""
    lists = [
        p for p in (BASE_DIR / "templates").rglob("*.html") if "{% pages page %}" in p.read_text()
    ]
    pictures = [
        (path.name, tag)
        for path in lists
        for tag in re.findall(r"<img[^>]*?_picture[^>]*>|{% later picture[^%]*%}", path.read_text())
    ]
    assert len(pictures) == 4
    assert [name for name, tag in pictures if "?small=1" not in tag] == []


def test_wall_of_24_photographs_is_light(client, young):  # noqa: F811
    client.force_login(young)
    noisy = Image.effect_noise((40, 30), 60).resize((2880, 2160)).convert("RGB")
    say(client, picture=SimpleUploadedFile("a.jpg", saved(noisy, "JPEG")))
    address = re.search(r'src="(/voices/[^"]+)"', client.get("/mine/voice/").content.decode())[1]
    answer = client.get(address)
    assert answer["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(answer.content)).size == (480, 360)
    assert 24 * len(answer.content) < 1_000_000
    whole = client.get(address.removesuffix("?small=1"))
    assert Image.open(BytesIO(b"".join(whole))).size == (1440, 1080)


@pytest.mark.parametrize(
    ("size", "small"),
    [((1080, 21000), (192, 480)), ((5000, 400), (480, 192)), ((60, 40), (60, 40))],
)
def test_of_a_long_one_a_list_shows_a_part(size, small):
    image = Image.new("RGB", size, INK)
    assert Image.open(as_thumbnail(image)).size == small
    assert Image.open(BytesIO(thumbnail_of(as_jpeg(image)[1]))).size == small


def test_codec_of_a_film_has_so_much_memory_and_no_more():
    """And who falls is the process of its own."""
    less = UNPACKING.read_text().replace("1_000_000_000", "150_000_000")
    for script, works in ((UNPACKING.read_text(), True), (less, False)):
        name = "苹果手机的 2450 万像素 HEIC"
        run = subprocess.run(
            [sys.executable, "-c", script], input=file_of(name), capture_output=True
        )
        assert (run.returncode == 0) == works
    assert less != UNPACKING.read_text()


MEASURE = """
import resource, sys
from pathlib import Path
from django.conf import settings
settings.configure(NODE_MODULES=Path("node_modules"), PHOTO_MOST_BYTES=15_000_000,
                   PHOTO_MOST_PIXELS=50_000_000, PHOTO_MOST_UNPACKED=25_000_000)
from django.core.files.base import ContentFile
from qingchun.ground.pictures import Refused, as_jpeg, open_picture
data = ContentFile(sys.stdin.buffer.read())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    as_jpeg(open_picture(data))
except Refused:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("5000 万像素", 120),
        ("苹果手机的 2450 万像素 HEIC", 120),
        ("1 亿像素", 10),
        ("1 亿像素的 PNG", 10),
    ],
)
def test_memory_is_bounded_whatever_comes(name, most):
    """In MB. All the pixels of the first are 150."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], input=file_of(name), capture_output=True, check=True,
        cwd=BASE_DIR,
    )  # fmt: skip
    assert int(run.stdout) < most

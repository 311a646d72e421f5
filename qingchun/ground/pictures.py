"""Pictures in: opened with care, always made anew, never shown as they came."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.http import HttpResponse
from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageDraw, ImageFont, ImageOps

from qingchun.ground.refusals import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")  # what phones write as MPO opens as JPEG
PACKED, UNPACKING = ("AVIF", "HEIF"), Path(__file__).with_name("unpacking.py")
LARGEST_SIDE = 2048
# A long screenshot is not shrunk until its words are gone: its narrow side stays this share of what
# the long one may be, and the long one this many times as long.
NARROWEST, LONGEST = 3 / 8, 8
SMALL_SIDE, SMALL_SHAPE = 480, 2.5  # of a thumbnail; of what is longer, one part of it is shown
PROFILE_MOST_BYTES = 2_000_000
MOST_UNPACKED = settings.PHOTO_MOST_UNPACKED
# It has every character of 通用规范汉字表, so those that names are registered with today, and of the
# 42,711 of Unicode's extension B no more than 51. No second one is taken for older names: what this
# house has besides (Debian's fonts-noto-cjk, for browser tests) has 2,108 of them; the one that has all
# (fonts-hanazono) is 22 MB of another hand, last made in 2017. What is not there is said at once to
# whoever types it, and drawn as 〓; pages show it by the reader's own fonts.
FONT = settings.NODE_MODULES / "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf"
# Pillow's own guard warns first and refuses at twice this; ours refuses before decoding.
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MOST_PIXELS
register_heif_opener(thumbnails=False)


def check_picture(file: File) -> tuple[int, int]:
    """(width, height), by what the file says of itself: nothing is unpacked.

    Raises: Refused when it is too large or no picture. What it looks like inside, ``open_picture`` finds.
    """
    with _opened(file) as image:
        size = image.size
        image.verify()
        return size


def open_picture(file: File) -> Image.Image:
    """The uploaded picture, upright, in RGB, on white, and no larger than any is kept.

    Raises: Refused when the file is too large, broken or no picture.
    """
    with _opened(file) as image:
        if image.format in PACKED:
            image = Image.open(_unpacked(file), formats=("PNG",))
        profile = image.info.get("icc_profile", b"")
        # Shrunk before anything else is made of it: each copy of 25 megapixels is 75 MB.
        small = _shrunk(_on_white(image), LARGEST_SIDE)
        ImageOps.exif_transpose(small, in_place=True)
        return _as_seen(small, profile)


@contextmanager
def _opened(file: File) -> Iterator[Image.Image]:
    """Raises: Refused, also for what is found out while one works on it."""
    if file.size > settings.PHOTO_MOST_BYTES:
        raise Refused(f"照片超过 {settings.PHOTO_MOST_BYTES // 1_000_000} MB，请压缩后再传。")
    _other_kind(file)
    try:
        image = Image.open(file, formats=FORMATS)
        is_jpeg = image.format in ("JPEG", "MPO")
        # Unpacked at a half or less; but a progressive one's parts are all in memory even so.
        is_parted = is_jpeg and not image.info.get("progressive")
        _refuse_large(image, settings.PHOTO_MOST_PIXELS if is_parted else MOST_UNPACKED)
        if is_jpeg:
            image.draft("RGB", _fitting(image.size, LARGEST_SIDE))
            _refuse_large(image, MOST_UNPACKED)
        yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("照片超过 5000 万像素，请换一张小些的。") from None
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, RuntimeError):
        # Pillow answers a broken file with any of these.
        raise Refused(
            "这个文件不是能打开的照片。请选 JPG、PNG、WebP、HEIC 或 AVIF 格式的照片。"
        ) from None


def _unpacked(file: File) -> BytesIO:
    """What a film's codec has packed, as a PNG. Raises: OSError, where that falls or takes too much."""
    file.seek(0)
    command = [sys.executable, "-I", str(UNPACKING)]
    try:
        run = subprocess.run(
            command, input=file.read(), capture_output=True, timeout=60, check=True
        )
    except subprocess.SubprocessError as error:
        raise OSError from error
    return BytesIO(run.stdout)


def _refuse_large(image: Image.Image, most: int) -> None:
    if image.width * image.height > most:
        raise Refused(f"照片超过 {most // 10_000} 万像素，请换一张小些的，或用手机相册里的“压缩”。")
    long, narrow = max(image.size), min(image.size)
    if long > LONGEST * LARGEST_SIDE and long > 4 * LONGEST * narrow:
        raise Refused("这张图太长，缩小后看不清字。请截成几张再传。")


def _other_kind(file: File) -> None:
    """Raises: Refused for one that people do send, saying what to do instead."""
    begin = file.read(5)
    file.seek(0)
    if begin.startswith(b"%PDF"):
        raise Refused("这是文档，不是照片。请拍照，或者截屏后上传截图。")


def _on_white(image: Image.Image) -> Image.Image:
    """In RGB. What can be seen through is seen on white, as on paper; of 16 bits of grey (scanners)
    the upper eight are kept."""
    if image.mode.startswith("I"):
        return image.point(lambda light: light / 256, "L").convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image)
    paper.info = dict(image.info)  # how it was held
    return paper


def _as_seen(image: Image.Image, profile: bytes) -> Image.Image:
    """In the colours of screens, where the file says that its numbers mean others: those of a phone's
    wide colours would look pale. A profile that makes no sense changes nothing."""
    if profile and len(profile) <= PROFILE_MOST_BYTES:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            seen = ImageCms.profileToProfile(image, given, _screen(), outputMode="RGB")
            return seen or image
    return image if image.mode == "RGB" else image.convert("RGB")


@cache
def _screen() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """How large a picture of a size is to be, that is no larger than ``side``; a long one is longer."""
    long, narrow = max(size), min(size)
    share = min(1, max(side / long, min(NARROWEST * side / narrow, LONGEST * side / long)))
    width, height = (max(1, round(n * share)) for n in size)
    return width, height


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    size = _fitting(image.size, side)
    if size == image.size:
        return image
    # Halved first where that is enough for what is left to do: a third of the time.
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.0)


def as_jpeg(image: Image.Image, side: int = LARGEST_SIDE) -> tuple[tuple[int, int], ContentFile]:
    """((width, height), file): the picture no larger than ``side``, pixels and nothing else; one that
    is very long keeps words that can be read."""
    small = _shrunk(image, side)
    clean = Image.new("RGB", small.size)
    clean.paste(small)  # no EXIF, no position, no text chunks
    body = BytesIO()
    clean.save(body, "JPEG", quality=84)  # optimised it is 6% smaller, and takes twice as long
    return clean.size, ContentFile(body.getvalue())


def as_thumbnail(image: Image.Image) -> ContentFile:
    """A picture for a list: of a long screenshot its beginning, of a panorama its middle."""
    return as_jpeg(_part_of(image), SMALL_SIDE)[1]


def _part_of(image: Image.Image) -> Image.Image:
    width, height = image.size
    wide = min(width, round(SMALL_SHAPE * height))
    high = min(height, round(SMALL_SHAPE * width))
    left = (width - wide) // 2
    return image.crop((left, 0, left + wide, high))


def thumbnail_of(file: File, side: int = SMALL_SIDE) -> bytes:
    """The same of a picture that we made, with no more of it unpacked than that takes; as WebP, so that
    a public page with two of them in view stays under 60 kB (tests/browser/test_weight.py)."""
    with Image.open(file, formats=("JPEG",)) as image:
        image.draft("RGB", _fitting(image.size, side))
        body = BytesIO()
        _shrunk(_part_of(image), side).save(body, "WEBP", quality=45)
        return body.getvalue()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def drawable(text: str, face: ImageFont.FreeTypeFont) -> str:
    """The text with 〓 for each letter that the font has not: a printer's own sign for it."""
    missing = undrawn(text, face)
    return "".join("〓" if letter in missing else letter for letter in text)


def undrawn(text: str, face: ImageFont.FreeTypeFont | None = None) -> str:
    """The letters of a text that the font has not, each once."""
    face = face or font(20)
    missing = bytes(face.getmask("\U0010ffff"))
    return "".join(one for one in dict.fromkeys(text) if bytes(face.getmask(one)) == missing)


def watermarked(data: bytes, text: str) -> bytes:
    """A JPEG's bytes with ``text`` slanted all over it, so that a photo of the screen tells who."""
    image = Image.open(BytesIO(data), formats=FORMATS).convert("RGB")
    size = max(14, min(image.size) // 22)
    face = font(size)
    text = drawable(text, face)
    width = round(face.getlength(text))
    line = Image.new("L", (width + 2 * size, 2 * size), 0)
    ImageDraw.Draw(line).text((size, size // 3), text, font=face, fill=255)
    slanted = line.rotate(24, expand=True, resample=Image.Resampling.BILINEAR)
    veil = Image.new("L", image.size, 0)
    for row, top in enumerate(range(0, image.height, max(1, slanted.height * 2 // 3))):
        shift = (row % 2) * slanted.width // 2
        for left in range(-shift, image.width, max(1, slanted.width)):
            veil.paste(slanted, (left, top), slanted)
    faint = veil.point(lambda light: light * 2 // 5)
    image.paste(Image.new("RGB", image.size, "#c8102e"), mask=faint)
    body = BytesIO()
    image.save(body, "JPEG", quality=82)
    return body.getvalue()


def paper_answer(picture: bytes) -> HttpResponse:
    """Somebody's paper, for whom a view has found that they may see it; kept in no cache."""
    headers = {"Cache-Control": "private, no-store"}
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)

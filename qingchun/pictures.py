"""Pictures in: opened with care, always made anew, never kept as they came."""

from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from qingchun.organizations.refusals import Refused

FORMATS = ("JPEG", "PNG", "WEBP")  # what phones write as MPO opens as JPEG
LARGEST_SIDE = 2048
# Pillow's own guard warns first and refuses at twice this; ours refuses before decoding.
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MOST_PIXELS


def open_picture(file):
    """The uploaded picture, upright and in RGB.

    Raises: Refused when the file is too large, broken or no picture.
    """
    if file.size > settings.PHOTO_MOST_BYTES:
        raise Refused(f"照片超过 {settings.PHOTO_MOST_BYTES // 1_000_000} MB，请压缩后再传。")
    try:
        image = Image.open(file, formats=FORMATS)
        if image.width * image.height > settings.PHOTO_MOST_PIXELS:
            raise Refused("照片超过 2400 万像素，请换一张小些的，或用手机相册里的“压缩”。")
        image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
        return ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError:
        raise Refused("照片超过 2400 万像素，请换一张小些的。") from None
    except (OSError, ValueError, SyntaxError, TypeError, EOFError):
        # Pillow answers a broken file with any of these.
        raise Refused("这个文件不是能打开的照片。请选 JPG、PNG 或 WebP 格式的照片。") from None


def as_jpeg(image, side=LARGEST_SIDE):
    """((width, height), file): the picture no larger than ``side``, pixels and nothing else."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", copy.size)
    clean.paste(copy)  # no EXIF, no position, no text chunks
    body = BytesIO()
    clean.save(body, "JPEG", quality=84, optimize=True)
    return clean.size, ContentFile(body.getvalue())

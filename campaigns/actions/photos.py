"""Pictures in: opened with care, always made anew, never kept as they came."""

import datetime as dt
from io import BytesIO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from PIL import Image, ImageOps

from campaigns.actions.log import refuse_unless_open
from campaigns.models import Activity, Photo
from campaigns.permissions import can_log
from qingchun.accounts.audit import write_down
from qingchun.organizations.refusals import Refused

FORMATS = ("JPEG", "PNG", "WEBP")  # what phones write as MPO opens as JPEG
LARGEST_SIDE, THUMBNAIL_SIDE = 2048, 480
MOST_PHOTOS = 9
ORPHAN_HOURS = 48
# Pillow's own guard warns first and refuses at twice this; ours refuses before decoding.
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MOST_PIXELS


def _jpeg(image, side):
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", copy.size)
    clean.paste(copy)  # pixels alone: no EXIF, no position, no text chunks
    body = BytesIO()
    clean.save(body, "JPEG", quality=84, optimize=True)
    return clean.size, ContentFile(body.getvalue())


def _open(file):
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


def add_photo(*, actor, entry, file):
    """Keep a picture for an entry that is saved, or about to be.

    Raises: PermissionDenied; Refused when the file is too large, broken or no picture.
    """
    if not can_log(actor, actor.scope):
        raise PermissionDenied
    entries = Activity.objects.visible_to(actor).live().select_related("campaign")
    activity = entries.filter(pk=entry).first()
    if activity:
        if activity.organization_id != actor.scope:
            raise PermissionDenied
        refuse_unless_open(activity.campaign)
    if Photo.objects.within(actor.scope).filter(entry=entry).count() >= MOST_PHOTOS:
        raise Refused(f"一次活动最多放 {MOST_PHOTOS} 张照片。请先删去不需要的。")
    image = _open(file)
    (width, height), full = _jpeg(image, LARGEST_SIDE)
    _, small = _jpeg(image, THUMBNAIL_SIDE)
    photo = Photo(
        organization_id=actor.scope, entry=entry, activity=activity, width=width, height=height
    )
    photo.image.save(f"{photo.pk}.jpg", full, save=False)
    photo.thumbnail.save(f"{photo.pk}-small.jpg", small, save=False)
    photo.save(force_insert=True)
    return photo


@transaction.atomic
def remove_photo(photo, *, actor):
    if photo.organization_id != actor.scope or not can_log(actor, actor.scope):
        raise PermissionDenied
    if photo.activity:
        refuse_unless_open(photo.activity.campaign)
        write_down(actor, "删去照片", photo.activity)
    _forget(photo)


def _forget(photo):
    photo.delete()
    # A file goes once its row surely has: a rollback must not leave a row without a file.
    transaction.on_commit(lambda: (photo.image.delete(False), photo.thumbnail.delete(False)))


@transaction.atomic
def forget_orphans():
    """Drop pictures whose entry was never saved. Needs: the province's scope. Returns: how many."""
    old = now() - dt.timedelta(hours=ORPHAN_HOURS)
    orphans = list(Photo.objects.filter(activity=None, added_at__lt=old)[:500])
    for photo in orphans:
        _forget(photo)
    return len(orphans)

"""Pictures of activities: kept by the entry's id, dropped when that is never saved."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import now

from campaigns.actions.log import refuse_unless_open
from campaigns.looks import look_of
from campaigns.models import Activity, Photo
from campaigns.permissions import can_log
from qingchun.accounts.audit import write_down
from qingchun.ground.pictures import as_jpeg, open_picture
from qingchun.ground.refusals import Refused, only_if

THUMBNAIL_SIDE = 480
MOST_PHOTOS = 9
ORPHAN_HOURS = 48


def add_photo(*, actor, entry, file):
    """Keep a picture for an entry that is saved, or about to be.

    Raises: PermissionDenied; Refused when the file is too large, broken or no picture.
    """
    only_if(can_log(actor, actor.scope))
    entries = Activity.objects.visible_to(actor).live().select_related("campaign")
    activity = entries.filter(pk=entry).first()
    if activity:
        only_if(activity.organization_id == actor.scope)
        refuse_unless_open(activity.campaign)
    if Photo.objects.within(actor.scope).filter(entry=entry).count() >= MOST_PHOTOS:
        raise Refused(f"一次活动最多放 {MOST_PHOTOS} 张照片。请先删去不需要的。")
    image = open_picture(file)
    (width, height), full = as_jpeg(image)
    _, small = as_jpeg(image, THUMBNAIL_SIDE)
    photo = Photo(
        organization_id=actor.scope, entry=entry, activity=activity, width=width, height=height,
        look=look_of(image),
    )  # fmt: skip
    photo.image.save(f"{photo.pk}.jpg", full, save=False)
    photo.thumbnail.save(f"{photo.pk}-small.jpg", small, save=False)
    photo.save(force_insert=True)
    return photo


@transaction.atomic
def remove_photo(photo, *, actor):
    only_if(photo.organization_id == actor.scope and can_log(actor, actor.scope))
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


def look_at_old():
    """See how pictures look that were kept before looks were. Returns: how many."""
    old = list(Photo.objects.filter(look=None)[:500])
    for photo in old:
        try:
            with photo.thumbnail.open("rb") as file:
                look = look_of(open_picture(file))
        except (FileNotFoundError, Refused):
            look = 0  # gone or broken: it looks like nothing, and is not tried again
        Photo.objects.filter(pk=photo.pk).update(look=look)
    return len(old)

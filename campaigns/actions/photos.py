"""Pictures of activities: kept by the entry's id, dropped when that is never saved.

As they come they lie sealed where nobody is given them; a worker makes them anew (``make_photo``). One
of them may be the first frame of a film (``clips``), which is made, refused and dropped with it.
"""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from campaigns.actions.films import FILM, make_film
from campaigns.actions.log import refuse_unless_open
from campaigns.models import Activity, Clip, ClipPart, Photo
from campaigns.models.log import path_of
from campaigns.perceptual_hash import look_of
from campaigns.permissions import can_log
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.pictures import as_jpeg, as_thumbnail, check_picture, open_picture
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.stores import Away, NoRoom
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from qingchun.organizations.walls import rls_context

MOST_PHOTOS = 9
ORPHAN_HOURS = 48
REFUSED_DAYS = 14  # so long the entry's page says why
# A worker takes seconds. What waits longer, its job has lost: it was one of an older version, or the
# store was away for hours.
LEFT = dt.timedelta(minutes=10)
NAMES = ("photo.jpg", "small.jpg")
NOT_MADE = "处理的时候出了错，请换一个文件再传。"


@transaction.atomic
def add_photo(*, actor: User, entry: UUID, file: File) -> Photo:
    """Keep a picture for an entry that is saved, or about to be; a worker makes it anew.

    Raises: PermissionDenied; Refused when the file is too large or no picture.
    """
    activity = entry_taking(actor, entry)
    kept = Photo.objects.within(actor.scope).filter(entry=entry, trouble="", clip=None)
    if kept.count() >= MOST_PHOTOS:
        raise Refused(f"一次活动最多放 {MOST_PHOTOS} 张照片。请先删去不需要的。")
    width, height = check_picture(file)
    photo = Photo(
        organization_id=actor.scope, entry=entry, activity=activity, width=width, height=height
    )
    photo.raw.save("photo", file, save=False)
    photo.save(force_insert=True)
    make_photo.enqueue(actor=actor, photo=str(photo.pk))
    return photo


def entry_taking(actor: User, entry: UUID) -> Activity | None:
    """The entry by its id, where it is saved already, once it is sure that the actor may put something to
    it. Until the transaction ends nobody else does: what is there is counted first, and a form sends
    several at once. Raises: PermissionDenied; Refused."""
    only_if(can_log(actor, actor.scope))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"pictures {entry}"])
    entries = Activity.objects.visible_to(actor).live().select_related("campaign")
    activity = entries.filter(pk=entry).first()
    if activity:
        only_if(activity.organization_id == actor.scope)
        refuse_unless_open(activity.campaign)
    return activity


def _give_up(job: Job, error: Exception) -> None:
    if isinstance(error, Away | NoRoom):
        return  # not the picture's fault: ``make_left`` tries again
    for photo in _with_films().waiting().filter(pk=job.kwargs["photo"]):
        _refuse(photo, str(error) if isinstance(error, Refused) else NOT_MADE)


@job("处理照片", gave_up=_give_up)
def make_photo(job: Job, *, photo: str) -> None:
    _make_one(photo)


# A kind of its own: a worker of the version before must not take it for a picture.
@job("处理影像", gave_up=_give_up)
def make_clip(job: Job, *, photo: str) -> None:
    _make_one(photo)


def _with_films() -> Any:
    return Photo.objects.select_related("clip")


def _make_one(pk: str) -> None:
    found = _with_films().filter(pk=pk).first()
    if found is None:  # taken away; perhaps while another worker made it, which was killed
        _drop(Photo(pk=pk), FILM)
    elif found.is_waiting:
        _make(found)


def _make(photo: Photo) -> None:
    """The picture, its thumbnail and how it looks, and its film, out of what came; that goes.

    Raises: Refused when it is broken, or where files cannot be kept.
    """
    clip = photo.film
    try:
        image = make_film(clip) if clip else open_picture(ContentFile(_came(photo)))
        (photo.width, photo.height), full = as_jpeg(image)
        small = as_thumbnail(image)
        photo.look = look_of(open_picture(small))
        photo.image.save(NAMES[0], full, save=False)
        photo.thumbnail.save(NAMES[1], small, save=False)
    except Refused:
        _drop(photo)
        raise
    names = ("image", "thumbnail", "width", "height", "look")
    # Its row is free meanwhile: somebody may have saved the entry, or taken the picture away.
    mine = Photo.objects.filter(pk=photo.pk)
    if mine.waiting().update(**{name: getattr(photo, name) for name in names}):
        if clip:
            clip.save(update_fields=["film", "seconds", "kept"])
        _drop_raw(photo)
    elif not mine.exists():
        _drop(photo)


def _came(photo: Photo) -> bytes:
    """What came; in a backup, whose files are copied after its rows, perhaps what was made of it."""
    try:
        return photo.raw.opened()
    except FileNotFoundError:
        pass
    try:
        with photo.image.storage.open(path_of(photo, NAMES[0])) as file:
            return file.read()
    except FileNotFoundError:
        raise Refused("照片的文件已经不在了，请再传一次。") from None


def _refuse(photo: Photo, why: str) -> None:
    if Photo.objects.waiting().filter(pk=photo.pk).update(trouble=why[:200]):
        _drop(photo)
        _drop_raw(photo)


def _drop(photo: Photo, *more: str) -> None:
    """Its pictures; also what a worker may have left that died, met a full disk or came too late.

    ``more``: what else may have been made; of one whose clip is known its film.
    """
    names = {*NAMES, *more, *([FILM] if photo.film else [])}
    made = [path_of(photo, name) for name in names]
    for name in {*made, photo.image.name, photo.thumbnail.name} - {"", None}:
        photo.image.storage.delete(name)


def _drop_raw(photo: Photo) -> None:
    """Once it is sure that nobody needs it; the row forgets its name when the file has gone."""

    def drop() -> None:
        with rls_context(scope=photo.organization_id):
            if photo.film:
                for part in photo.parts.all():
                    part.raw.delete(save=False)
                photo.parts.all().delete()
                return
            photo.raw.delete(save=False)
            Photo.objects.filter(pk=photo.pk).update(raw="")

    transaction.on_commit(drop, robust=True)


def make_left() -> int:
    """Make what no job has made, and drop what came of pictures that are made or refused.

    Needs: the province's scope. Returns: how many.
    """
    long_ago, parts = now() - LEFT, ClipPart.objects.filter(photo=OuterRef("pk"))
    came = ~Q(raw="") & Q(added_at__lt=long_ago)
    left = list(_with_films().filter(came | Q(Exists(parts), clip__came_at__lt=long_ago))[:100])
    for photo in left:
        if not photo.is_waiting:
            _drop_raw(photo)
            continue
        try:
            with transaction.atomic():
                _make(photo)
        except (Away, NoRoom):
            break
        except Refused as refusal:
            _refuse(photo, str(refusal))
    return len(left)


@transaction.atomic
def bring_along(*, actor: User, entry: UUID, came_from: str) -> None:
    """Pictures sent for an entry before its unit was chosen go where it goes: the same files.

    Needs: a post of the actor's in both units; nothing where there is none. One that waits gets
    another id and a job of its own: the first one's job finds it gone, and takes away what it made.
    """
    if came_from == actor.scope or came_from not in {p.organization_id for p in actor.posts}:
        return
    with rls_context(scope=came_from, person=actor.pk):
        sent = Photo.objects.filter(organization=came_from, entry=entry, activity=None)
        rows = list(sent.select_related("clip"))
        clips = [photo.film for photo in rows if photo.film]
        parts = list(ClipPart.objects.filter(photo__in=rows))
        sent.delete()
    of = {photo.pk: photo for photo in rows}
    waiting = [photo for photo in rows if photo.is_waiting]
    for photo in waiting:
        photo.pk = uuid4()
    for part in parts:
        part.pk, part.photo_id = None, of[part.photo_id].pk
    for clip in clips:
        clip.photo = of[clip.pk]
    for row in (*rows, *clips, *parts):
        row.organization_id = actor.scope
    Photo.objects.bulk_create(rows)
    Clip.objects.bulk_create(clips)
    ClipPart.objects.bulk_create(parts)
    for photo in waiting:
        if photo.film is None:
            make_photo.enqueue(actor=actor, photo=str(photo.pk))
        elif photo.film.came_at:
            make_clip.enqueue(actor=actor, photo=str(photo.pk))


@transaction.atomic
def remove_photo(photo: Photo, *, actor: User) -> None:
    only_if(photo.organization_id == actor.scope and can_log(actor, actor.scope))
    if photo.activity:
        refuse_unless_open(photo.activity.campaign)
        record_event(actor, "删去影像" if photo.film else "删去照片", photo.activity)
    forget(photo)


def forget(photo: Photo) -> None:
    """It and its film, with what came of them. A file goes once its row surely has: a rollback must not
    leave a row without a file."""
    came, pk = [photo.raw], photo.pk
    if photo.film:  # no part may come meanwhile
        Clip.objects.select_for_update().filter(pk=pk).first()
        came += [part.raw for part in photo.parts.all()]
    photo.delete()
    photo.pk = pk  # by which its files are called

    def drop() -> None:
        _drop(photo)
        for raw in came:
            raw.delete(save=False)

    transaction.on_commit(drop)


@transaction.atomic
def forget_orphans() -> int:
    """Drop pictures whose entry was never saved, those long refused, films that came by half, what
    requests left that failed.

    Needs: the province's scope. Returns: how many.
    """
    old = now() - dt.timedelta(hours=ORPHAN_HOURS)
    half = Q(clip__isnull=False, clip__came_at=None)
    told = Q(~Q(trouble="") | half, added_at__lt=now() - dt.timedelta(REFUSED_DAYS))
    orphans = list(_with_films().filter(Q(activity=None, added_at__lt=old) | told)[:500])
    for photo in orphans:
        forget(photo)
    return len(orphans) + sum(_forget_strays(model, old) for model in (Photo, ClipPart))


def _forget_strays(model: type[Photo | ClipPart], old: dt.datetime) -> int:
    storage, folder = model._meta.get_field("raw").storage, model._meta.get_field("raw").upload_to
    try:
        names = {f"{folder}{name}" for name in storage.listdir(folder)[1]}
    except FileNotFoundError:
        return 0
    strays = names - set(model.objects.filter(raw__in=names).values_list("raw", flat=True))
    gone = [name for name in strays if storage.get_modified_time(name) < old]
    for name in gone:
        storage.delete(name)
    return len(gone)


def look_at_old() -> int:
    """See how pictures look that were kept before looks were. Returns: how many."""
    old = list(Photo.objects.filter(look=None).exclude(thumbnail="")[:500])
    for photo in old:
        try:
            with photo.thumbnail.open("rb") as file:
                look = look_of(open_picture(file))
        except (FileNotFoundError, Refused):
            look = 0  # gone or broken: it looks like nothing, and is not tried again
        Photo.objects.filter(pk=photo.pk).update(look=look)
    return len(old)

"""Clips of activities: sent in parts, which go on where they stopped; a repeat is harmless.

What comes lies sealed where nobody is given it; once the last part is here a worker makes the film
(``make_clip``). All else holds for it as for a picture: see ``photos``.
"""

from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from campaigns.actions.photos import entry_taking, forget, make_clip
from campaigns.models import Clip, ClipPart, Photo
from campaigns.permissions import can_log
from qingchun.accounts.models import User
from qingchun.ground.films import NO_FILM, looks_like_film
from qingchun.ground.refusals import Refused, only_if

MOST_CLIPS = 1


@transaction.atomic
def begin_clip(*, actor: User, clip: UUID, entry: UUID, size: int) -> Clip:
    """Say what will come, before a byte of it is sent. Returns: the clip, also one that was begun before:
    from its ``here`` it goes on.

    Raises: PermissionDenied; Refused when it is too large, or one is here already.
    """
    activity = entry_taking(actor, entry)
    if not 0 < size <= settings.CLIP_MOST_BYTES:
        most = settings.CLIP_MOST_BYTES // 1_000_000
        raise Refused(
            f"影像超过 {most} MB。请剪短一些，或者在相机的设置里选 1080p 再拍；一分钟以内就够。"
            if size
            else NO_FILM
        )
    ours = Photo.objects.within(actor.scope).filter(entry=entry).exclude(clip=None)
    if known := ours.select_related("clip").filter(pk=clip).first():
        if not known.trouble:
            return known.clip
        forget(known)  # it was refused, and is sent anew
    if ours.filter(trouble="").count() >= MOST_CLIPS:
        raise Refused(f"一次活动最多放 {MOST_CLIPS} 段影像。请先删去原来的。")
    first = Photo(
        pk=clip, organization_id=actor.scope, entry=entry, activity=activity, width=0, height=0
    )
    try:
        with transaction.atomic():
            first.save(force_insert=True)
    except IntegrityError:  # the same, begun twice at one moment; or somebody else's
        raise Refused("这段影像没有传成，请刷新页面后再选一次。") from None
    return Clip.objects.create(photo=first, organization_id=actor.scope, size=size)


@transaction.atomic
def add_part(clip: Clip, *, actor: User, start: int, file: File) -> Clip | None:
    """Keep the bytes from ``start`` on, where those before are here; else nothing.

    Returns: the clip, whose ``here`` says from where it goes on; None once it was taken away, and of what
    is no film. Raises: PermissionDenied; Refused for a part of a wrong size.
    """
    only_if(clip.organization_id == actor.scope and can_log(actor, actor.scope))
    mine = Clip.objects.select_for_update(of=("self",)).select_related("photo")
    found = mine.filter(pk=clip.pk).first()
    if found is None or start != found.here or found.came_at:
        return found
    if not 0 < file.size <= settings.CLIP_PART_BYTES or start + file.size > found.size:
        raise Refused("这段影像和先前选的不一样。请删去先前的，再选一次。")
    if start == 0 and not looks_like_film(file.read(12)):
        forget(found.photo)
        return None
    part = ClipPart(organization_id=found.organization_id, photo=found.photo, start=start)
    part.raw.save("part", file, save=False)
    part.save(force_insert=True)
    found.here += file.size
    if found.here == found.size:
        found.came_at = now()
        make_clip.enqueue(actor=actor, photo=str(found.pk))
    found.save(update_fields=["here", "came_at"])
    return found

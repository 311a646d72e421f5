"""Pictures: sent one by one while the form is still being filled in, served to those who may."""

import uuid

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from campaigns.actions import photos as actions
from campaigns.models import Photo
from campaigns.permissions import WRITERS
from campaigns.used import used_before
from qingchun.ground.kept import JPEG, not_yet, refused, serve
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import FORM, POST, access, takes_files


def as_json(photo):
    return {
        "id": str(photo.pk),
        "small": reverse("campaigns:thumbnail", args=[photo.pk]),
        "remove": reverse("campaigns:photo_remove", args=[photo.pk]),
        "waits": photo.is_waiting,
        "trouble": photo.trouble,
    }


def clip_as_json(clip):
    """Of one that is still on its way: how many of its bytes are here."""
    sent = {"here": clip.here, "size": clip.size}
    sent["to"] = reverse("campaigns:clip_part", args=[clip.pk])
    return as_json(clip.photo) | sent


def id_in(value):
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise Refused("这条登记的编号不对，请刷新页面后再选一次。") from None


@access(roles=WRITERS, takes=FORM)
@takes_files()
def photos(request):
    """Those already here for an entry, or one more; a refusal says why, the form stays whole."""
    try:
        if request.method == "POST":
            file = request.FILES.get("file")
            if file is None:
                raise Refused("没有收到照片，请再选一次。")
            entry = id_in(request.POST.get("entry"))
            return JsonResponse(
                as_json(actions.add_photo(actor=request.user, entry=entry, file=file))
            )
        if "entry" not in request.GET:  # opened by itself, not by a form's script
            return redirect("campaigns:activities")
        entry = id_in(request.GET.get("entry"))
        kept = Photo.objects.visible_to(request.user).filter(entry=entry).select_related("clip")
        used = dict(used_before(entry))
        return JsonResponse(
            {
                "photos": [
                    as_json(photo) | {"used": used.get(photo.pk, "")}
                    for photo in kept
                    if not photo.film
                ],
                "clips": [clip_as_json(photo.film) for photo in kept if photo.film],
            }
        )
    except Refused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=409)


def _serve(request, pk, field):
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    if photo.trouble:
        return refused()
    return not_yet() if photo.is_waiting else serve(getattr(photo, field), JPEG)


@access()
def photo(request, pk):
    return _serve(request, pk, "image")


@access()
def thumbnail(request, pk):
    return _serve(request, pk, "thumbnail")


@access(roles=WRITERS, takes=POST)
def remove_photo(request, pk):
    photos = Photo.objects.visible_to(request.user).select_related("clip")
    found = get_object_or_404(photos, pk=pk)
    actions.remove_photo(found, actor=request.user)
    if "read" in request.POST:  # of one that was refused, on the entry's page
        return redirect(found.activity or "campaigns:activities")
    return JsonResponse({})

"""Pictures: sent one by one while the form is still being filled in, served to those who may."""

import uuid

from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from campaigns.actions import photos as actions
from campaigns.models import Photo
from campaigns.permissions import WRITERS
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import FORM, POST, access, takes_files


def _as_json(photo):
    return {
        "id": str(photo.pk),
        "small": reverse("campaigns:thumbnail", args=[photo.pk]),
        "remove": reverse("campaigns:photo_remove", args=[photo.pk]),
    }


def _entry(value):
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise Refused("这条登记的编号不对，请刷新页面后再传照片。") from None


@access(roles=WRITERS, takes=FORM)
@takes_files()
def photos(request):
    """Those already here for an entry, or one more; a refusal says why, the form stays whole."""
    try:
        if request.method == "POST":
            file = request.FILES.get("file")
            if file is None:
                raise Refused("没有收到照片，请再选一次。")
            entry = _entry(request.POST.get("entry"))
            photo = actions.add_photo(actor=request.user, entry=entry, file=file)
            return JsonResponse(_as_json(photo))
        entry = _entry(request.GET.get("entry"))
        kept = Photo.objects.visible_to(request.user).filter(entry=entry)
        return JsonResponse({"photos": [_as_json(photo) for photo in kept]})
    except Refused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=409)


def _serve(request, pk, field):
    photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    return FileResponse(getattr(photo, field).open(), content_type="image/jpeg")


@access()
def photo(request, pk):
    return _serve(request, pk, "image")


@access()
def thumbnail(request, pk):
    return _serve(request, pk, "thumbnail")


@access(roles=WRITERS, takes=POST)
def remove_photo(request, pk):
    found = get_object_or_404(Photo.objects.visible_to(request.user), pk=pk)
    actions.remove_photo(found, actor=request.user)
    return JsonResponse({})

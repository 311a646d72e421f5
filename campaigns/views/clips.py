"""Clips: sent in parts while the form is still being filled in, played by ranges to those who may."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from campaigns.actions import clips as actions
from campaigns.models import Clip
from campaigns.permissions import WRITERS
from campaigns.views.photos import clip_as_json, id_in
from qingchun.ground.films import NO_FILM
from qingchun.ground.kept import MP4, not_yet, refused, serve
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import POST, access, takes_files


def _number(value):
    return int(value) if value.isdecimal() and len(value) < 12 else 0


def _clip_or_404(request, pk):
    return get_object_or_404(
        Clip.objects.visible_to(request.user).select_related("photo__activity__campaign"), pk=pk
    )


@access(roles=WRITERS, takes=POST)
def begin(request):
    """What will come, and how much of it is here: a refusal comes before a byte is sent."""
    try:
        clip = actions.begin_clip(
            actor=request.user,
            clip=id_in(request.POST.get("clip")),
            entry=id_in(request.POST.get("entry")),
            size=_number(request.POST.get("size", "")),
        )
    except Refused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=409)
    return JsonResponse(clip_as_json(clip))


@access(roles=WRITERS, takes=POST)
@takes_files()
def part(request, pk):
    found = _clip_or_404(request, pk)
    try:
        file = request.FILES.get("part")
        if file is None:
            raise Refused("没有收到影像，请再选一次。")
        start = _number(request.POST.get("start", ""))
        found = actions.add_part(found, actor=request.user, start=start, file=file)
        if found is None:
            raise Refused(NO_FILM)
    except Refused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=409)
    return JsonResponse(clip_as_json(found))


@access()
def film(request, pk):
    found = _clip_or_404(request, pk)
    if found.photo.trouble:
        return refused()
    if not found.film:
        return not_yet()
    return serve(found.film, MP4, part=request.headers.get("range", ""))

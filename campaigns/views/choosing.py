from django.utils.timezone import localdate

from campaigns.calendar import running
from campaigns.models import Campaign
from campaigns.permissions import can_run_editions
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import NothingYet


def chosen_campaign(request, *along, among=None):
    """(the editions that the person sees with what is brought ``along``, the one the address asks
    for or the one that runs).

    ``among``: the editions, where they are asked for otherwise.
    """
    wanted = request.POST.get("campaign") or request.GET.get("campaign")
    editions = prepared(Campaign.objects) if among is None else among
    editions = list(editions.prefetch_related(*along) if along else editions)
    if not can_run_editions(request.user):
        editions = [edition for edition in editions if not edition.is_preparing]
    if not editions:
        raise NothingYet("还没有行动。请省级管理员在“行动安排”里按通知新建一次，再开放。")
    runs = running(editions, localdate())
    asked = next((edition for edition in editions if str(edition.pk) == wanted), runs)
    if asked is not runs:
        carry_on(request, asked.pk)
    return editions, asked


def carry_on(request, campaign_id):
    """The page is about this edition: what leads on from it stays there."""
    request.carried = f"?campaign={campaign_id}"

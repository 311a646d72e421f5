from campaigns.models import Campaign
from qingchun.ground.refusals import NothingYet


def chosen_campaign(request, editions=None):
    """(all editions, the one the address asks for or the current one)."""
    wanted = request.POST.get("campaign") or request.GET.get("campaign")
    editions, campaign = (Campaign.objects if editions is None else editions).chosen(wanted)
    if campaign is None:
        raise NothingYet("还没有建立行动。请省级管理员在“行动安排”里按通知新建一次。")
    return editions, campaign

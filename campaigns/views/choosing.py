from campaigns.choosing import seen
from qingchun.ground.refusals import NothingYet


def chosen_campaign(request, *along, among=None):
    """(the editions that the person sees with what is brought ``along``, the one the address asks
    for or the one that runs).

    ``among``: the editions, where they are asked for otherwise.
    """
    wanted = request.POST.get("campaign") or request.GET.get("campaign")
    editions, asked, runs = seen(request.user, wanted, along, among)
    if asked is not runs:
        carry_on(request, asked.pk)
    return editions, asked


def leads_on_in(request):
    """The edition in which what leads on from a page of all editions stays; None before the first."""
    try:
        return chosen_campaign(request)[1]
    except NothingYet:
        return None


def carry_on(request, campaign_id):
    """The page is about this edition: what leads on from it stays there."""
    request.carried = f"?campaign={campaign_id}"

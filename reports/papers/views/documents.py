"""A button that has a file made; it is among one's files once a worker has it."""

from django.http import Http404

from campaigns.choices import DeadlineType
from campaigns.views.choosing import chosen_campaign
from qingchun.jobs.kinds import KINDS
from qingchun.organizations.access import POST, access
from qingchun.tapping import done
from reports.papers.actions import document_jobs
from reports.papers.views.papers import paper_or_404


@access(takes=POST)
def make_document(request):
    """Ask for a file: of an edition, or of one summary."""
    _, campaign = chosen_campaign(request)
    kind, number = request.POST.get("kind", ""), request.POST.get("paper", "")
    takes = KINDS[kind].takes if kind in KINDS else ()
    if takes not in (("paper",), ("campaign",)) or (number and not number.isdecimal()):
        raise Http404
    paper = paper_or_404(request, DeadlineType.SUMMARY, int(number)) if number else None
    if paper:
        campaign = paper.campaign
    document_jobs.ask(kind, campaign, actor=request.user, paper=paper)
    return done(request, "正在生成，好了就能在这里下载，可以先去做别的。", "jobs:files")

"""Files that somebody asked for: asked for by a button, waited for before a bar, fetched."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render

from campaigns.choices import Purpose
from campaigns.views.choosing import chosen_campaign
from qingchun.organizations.access import POST, access
from qingchun.tapping import done
from reports.boards.actions import making
from reports.papers.choices import DocumentKind, DocumentState
from reports.papers.models import Document
from reports.papers.views.papers import paper_or_404

SHOWN = 20


@access()
def documents(request):
    found = Document.objects.visible_to(request.user).filter(user=request.user)[:SHOWN]
    found = list(found)
    for document in found:
        if document.state == DocumentState.WAITING:
            document.progress = making.progress_of(document)
    is_waiting = any(document.state == DocumentState.WAITING for document in found)
    return render(request, "reports/documents.html", {"documents": found, "is_waiting": is_waiting})


@access(takes=POST)
def make_document(request):
    """Ask for a file: of an edition, or of one summary."""
    _, campaign = chosen_campaign(request)
    kind, number = request.POST.get("kind", ""), request.POST.get("paper", "")
    if kind not in DocumentKind.values or (number and not number.isdecimal()):
        raise Http404
    paper = paper_or_404(request, Purpose.SUMMARY, int(number)) if number else None
    if paper:
        campaign = paper.campaign
    making.ask(kind, campaign, actor=request.user, paper=paper)
    return done(request, "正在生成，好了就能在这里下载，可以先去做别的。", "reports:documents")


@access()
def document_file(request, pk):
    mine = Document.objects.visible_to(request.user).filter(user=request.user)
    found = get_object_or_404(mine, pk=pk)
    return FileResponse(
        making.fetch(found, actor=request.user), as_attachment=True, filename=found.name
    )

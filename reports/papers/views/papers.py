"""What plans and summaries have in common on the screen; the two pages call these."""

from django.contrib import messages
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime

from campaigns.choices import Purpose
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import POST, access, takes_files
from qingchun.organizations.choices import Level
from qingchun.stepping import StepForm, Stepping
from qingchun.tapping import done, one_of, valid
from reports.papers.actions import review, writing
from reports.papers.actions.roads import ROADS, contents_of, names_for, problems_of, road_of
from reports.papers.choices import Part
from reports.papers.forms.texts import AttachmentForm
from reports.papers.models import Attachment, Paper
from reports.papers.permissions import WRITERS, can_edit

READERS = {"levels": (Level.PROVINCE, Level.CITY)}
CITY_WRITERS = {"levels": (Level.CITY,), "roles": WRITERS}
SUMMARY_WRITERS = {"levels": (Level.PROVINCE, Level.CITY), "roles": WRITERS}


def paper_or_404(request, purpose, pk):
    papers = ROADS[purpose].model.objects.visible_to(request.user)
    papers = papers.select_related("campaign", "organization").with_deadline()
    return get_object_or_404(papers, pk=pk)


def as_read(road, contents, names, remarks=()):
    """The parts of a paper as they read, each with its remarks."""
    return [
        {
            "key": key,
            "label": road.sections(key).label,
            "lines": road.lines(key, contents[key], names),
            "remarks": [remark for remark in remarks if remark.section == key],
        }
        for key in road.sections
        if key in contents
    ]


def remarks_on(paper):
    if not paper.number:
        return []
    return [remark for remark in paper.remarks.all() if remark.number == paper.number]


def may_write(user, paper):
    """Whether the viewer writes on the paper just now."""
    return can_edit(user, paper) and paper.is_editable and not paper.campaign.is_locked


class RemarksForm(StepForm):
    """Remarks on the parts of a paper: ``remark_…`` from the page, ``remarks`` from a program."""

    def clean(self):
        given, keys = self.data.get("remarks"), road_of(self.record).sections
        if not isinstance(given, dict):
            given = {key: self.data.get(f"remark_{key}", "") for key in keys}
        return {"remarks": {key: str(given.get(key) or "")[:2000] for key in keys}}


def stepping(road, purpose, route):
    """The steps of a kind of paper, on its page and in the API."""

    def find(request, pk):
        return paper_or_404(request, purpose, pk)

    return Stepping(road, find, who=READERS, route=route, forms={"send-back": RemarksForm})


PLAN_STEPS = stepping(review.PLANS, Purpose.PLAN, "reports:plan_step")
SUMMARY_STEPS = stepping(review.SUMMARIES, Purpose.SUMMARY, "reports:summary_step")
OWN_STEPS = stepping(review.OWN, Purpose.SUMMARY, "reports:own_summary_step")
plan_step, summary_step, own_summary_step = PLAN_STEPS.page, SUMMARY_STEPS.page, OWN_STEPS.page


def missing_in(paper, contents=None, names=None):
    road = road_of(paper)
    found = problems_of(paper, contents, names)
    return [(key, road.sections(key).label, text) for key, text in found]


def save_part(request, paper, key, read, desk):
    """Save one part: by itself while somebody types (JSON), or by its button.

    ``read(data)`` gives its content; ``desk(conflict, typed)`` the page after a conflict.
    """
    road = road_of(paper)
    if key not in road.sections.values or not request.POST.get("version", "").isdecimal():
        raise Http404
    wants_json = "application/json" in request.headers.get("Accept", "")
    typed, version = None, int(request.POST["version"])
    try:
        typed = read(request.POST)
        saved = writing.save_section(
            paper, actor=request.user, key=key, content=typed, version=version
        )
    except writing.Conflict as conflict:
        theirs = conflict.theirs
        if not wants_json:
            return desk(theirs, typed)
        names = names_for(paper, contents_of(paper))
        answer = {"reason": str(conflict), "version": theirs.version}
        answer["theirs"] = road.lines(key, theirs.content, names)
        return JsonResponse(answer, status=409)
    except Refused as refusal:
        if not wants_json:
            raise
        return JsonResponse({"reason": str(refusal)}, status=422)
    if wants_json:
        return JsonResponse(
            {
                "version": saved.version,
                "saved": f"{localtime(saved.edited_at):%H:%M} 已保存",
                "missing": missing_in(paper),
            }
        )
    messages.success(request, f"“{saved}”已保存。")
    page = "pictures" if key == Part.PICTURES else "edit"
    return redirect(f"{reverse(f'reports:{paper.purpose}_{page}', args=[paper.pk])}#{key}")


def compared(request, paper):
    """Context of two versions side by side, part by part."""
    road, kept = road_of(paper), list(paper.versions.all())
    if not kept:
        raise Http404
    numbers = [version.number for version in kept]
    right = _number(request.GET.get("b"), numbers, numbers[-1])
    left = _number(request.GET.get("a"), numbers, numbers[max(0, len(numbers) - 2)])
    sides = [next(version for version in kept if version.number == n) for n in (left, right)]
    papers = [as_read(road, side.content, side.content["names"]) for side in sides]
    rows = [
        {"label": a["label"], "left": a["lines"], "right": b["lines"], "same": a["lines"] == b["lines"]}
        for a, b in zip(*papers, strict=True)
    ]  # fmt: skip
    return {"paper": paper, "versions": kept, "sides": sides, "rows": rows}


def _number(text, numbers, default):
    return int(text) if text and text.isdecimal() and int(text) in numbers else default


def attaching(purpose, who):
    """The view that takes one more file for a paper of a purpose."""

    @access(**who, takes=POST)
    @takes_files()
    def attach(request, pk):
        found = paper_or_404(request, purpose, pk)
        form = AttachmentForm(request.POST, request.FILES)
        writing.attach(found, actor=request.user, **valid(form, "请先选择要上传的附件。"))
        return done(request, "附件已上传。", _desk_of_attachments(found))

    return attach


def _desk_of_attachments(paper):
    page = "pictures" if paper.purpose == Purpose.SUMMARY else "edit"
    return f"{reverse(f'reports:{paper.purpose}_{page}', args=[paper.pk])}#attachments"


def _attachments(user):
    return Attachment.objects.visible_to(user).filter(paper__in=Paper.objects.visible_to(user))


_attachment_or_404 = one_of(_attachments, "paper")


@access(**READERS)
def attachment(request, pk):
    found = _attachment_or_404(request, pk)
    return FileResponse(found.file.open(), as_attachment=True, filename=found.name)


@access(**SUMMARY_WRITERS, takes=POST)
def detach(request, pk):
    found = _attachment_or_404(request, pk)
    paper = paper_or_404(request, found.paper.purpose, found.paper_id)
    writing.detach(found, actor=request.user, paper=paper)
    return redirect(_desk_of_attachments(paper))

"""What plans and summaries have in common on the screen; the two pages call these."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime

from campaigns.choices import DeadlineType
from campaigns.views.choosing import carry_on
from qingchun.ground.fields import WordsField
from qingchun.ground.kept import serve
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import Refused
from qingchun.organizations.access import POST, access, takes_files
from qingchun.organizations.choices import Level
from qingchun.stepping import StepForm, Stepping
from qingchun.tapping import done, one_of, valid
from reports.papers.actions import changes, review, writing
from reports.papers.actions.workflow import ROADS, contents_of, names_for, problems_of, road_of
from reports.papers.choices import PaperState, Part
from reports.papers.forms.texts import AttachmentForm
from reports.papers.models import Attachment, Paper
from reports.papers.permissions import WRITERS, can_edit

READERS = {"levels": (Level.PROVINCE, Level.CITY)}
CITY_WRITERS = {"levels": (Level.CITY,), "roles": WRITERS}
SUMMARY_WRITERS = {"levels": (Level.PROVINCE, Level.CITY), "roles": WRITERS}


def paper_or_404(request, purpose, pk):
    papers = prepared(ROADS[purpose].model.objects).visible_to(request.user)
    papers = papers.select_related("campaign", "organization").with_deadline()
    found = get_object_or_404(papers, pk=pk)
    carry_on(request, found.campaign_id)
    return found


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


def all_remarks(paper):
    """On every version of a paper: whoever reads the next looks whether they were heeded."""
    return list(prepared(paper.remarks)) if paper.number else []


def remarks_on(paper):
    """On the version that was sent last: what a city has to mend."""
    return [remark for remark in all_remarks(paper) if remark.number == paper.number]


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


class AskChangeForm(StepForm):
    reason = WordsField("为什么变更", 300, changes.NO_REASON, rows=2)


class RefuseForm(StepForm):
    words = WordsField("为什么不同意", 300, "请写明为什么不同意，市里好改。", rows=2)


def stepping(road, purpose, route):
    """The steps of a kind of paper, on its page and in the API."""

    def find(request, pk):
        return paper_or_404(request, purpose, pk)

    forms = {"send-back": RemarksForm, "ask-change": AskChangeForm, "refuse-change": RefuseForm}
    return Stepping(road, find, who=READERS, route=route, forms=forms)


PLAN_STEPS = stepping(review.PLANS, DeadlineType.PLAN, "reports:plan_step")
SUMMARY_STEPS = stepping(review.SUMMARIES, DeadlineType.SUMMARY, "reports:summary_step")
OWN_STEPS = stepping(review.OWN, DeadlineType.SUMMARY, "reports:own_summary_step")
plan_step, summary_step, own_summary_step = PLAN_STEPS.page, SUMMARY_STEPS.page, OWN_STEPS.page


def missing_in(paper, contents=None, names=None):
    road = road_of(paper)
    found = problems_of(paper, contents, names)
    return [(key, road.sections(key).label, text) for key, text in found]


def save_part(request, paper, key, read, desk, asked=None):
    """Save one part: by itself while somebody types (JSON), or by its button.

    ``read(data)`` gives its content; ``desk(conflict, typed)`` the page after a conflict;
    ``asked(content)`` what is asked about it, as the page shows it.
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
        answer = {
            "version": saved.version,
            "saved": f"{localtime(saved.edited_at):%H:%M} 已保存",
            "missing": missing_in(paper),
        }
        if asked:
            answer["asked"] = asked(saved.content)
        return JsonResponse(answer)
    messages.success(request, f"“{saved}”已保存。")
    page = "pictures" if key == Part.PICTURES else "edit"
    return redirect(f"{reverse(f'reports:{paper.purpose}_{page}', args=[paper.pk])}#{key}")


def _without(lines, others):
    return lines if lines == others else [line for line in lines if line not in others]


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
        {
            "label": a["label"],
            # Of a part with many lines only those that differ.
            "left": _without(a["lines"], b["lines"]),
            "right": _without(b["lines"], a["lines"]),
            "same": a["lines"] == b["lines"],
        }
        for a, b in zip(*papers, strict=True)
    ]
    return {"paper": paper, "versions": kept, "sides": sides, "rows": rows}


def changed(paper, user):
    """What a change would make another, part by part: only the lines that differ. The province
    reads it once it is sent."""
    seen = paper.state == PaperState.ASKED or (
        paper.state == PaperState.CHANGING and (user.scope == paper.organization_id)
    )
    if not seen:
        return []
    road, contents, approved = road_of(paper), contents_of(paper), changes.in_force(paper).content
    before = as_read(road, approved, approved["names"])
    after = as_read(road, contents, names_for(paper, contents))
    return [
        {
            "label": a["label"],
            "left": [line for line in a["lines"] if line not in b["lines"]],
            "right": [line for line in b["lines"] if line not in a["lines"]],
        }
        for a, b in zip(before, after, strict=True)
        if a["lines"] != b["lines"]
    ]


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
    page = "pictures" if paper.purpose == DeadlineType.SUMMARY else "edit"
    return f"{reverse(f'reports:{paper.purpose}_{page}', args=[paper.pk])}#attachments"


def _attachments(user):
    return Attachment.objects.visible_to(user).filter(paper__in=Paper.objects.visible_to(user))


_attachment_or_404 = one_of(_attachments, "paper")


@access(**READERS)
def attachment(request, pk):
    found = _attachment_or_404(request, pk)
    return serve(found.file, name=found.name)


@access(**SUMMARY_WRITERS, takes=POST)
def detach(request, pk):
    found = _attachment_or_404(request, pk)
    paper = paper_or_404(request, found.paper.purpose, found.paper_id)
    writing.detach(found, actor=request.user, paper=paper)
    return redirect(_desk_of_attachments(paper))

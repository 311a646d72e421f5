"""One request at the desk: its page, and a short view for each thing that is done with it."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from qingchun.accounts.audit import opened, shows_nobody
from qingchun.ground.prepared import prepared
from qingchun.organizations.access import POST, access, takes_files
from qingchun.organizations.codes import county_of
from qingchun.stepping import Stepping
from qingchun.tapping import one_of, tapping
from services.proxy.actions import cases, mandates, papers, progress
from services.proxy.actions.cases import CASES
from services.proxy.choices import Custodian, Wrong
from services.proxy.forms.asking import HourForm, MandateForm
from services.proxy.forms.desk import (
    AgentForm,
    ExtendForm,
    HandOverForm,
    NoteForm,
    PaperForm,
    PapersForm,
    ReasonForm,
    TextForm,
    WaitForm,
    WaiveForm,
)
from services.proxy.models import Phrase, ServiceRequest, Slip
from services.proxy.permissions import NEAR, can_open_papers, can_tend, carries
from services.proxy.views.board import DESK
from services.proxy.views.mine import hour_page, keep_photos, registration

case_or_404 = one_of(
    ServiceRequest.objects.visible_to, "version", "organization", "slot", "agent__user"
)
# What the page's one form with its note can become, in the road's order.
ONWARD = ("accept", "to-office", "wait", "done", "impossible")
FORMS = {
    **dict.fromkeys(("accept", "to-office", "done"), TextForm),
    "wait": WaitForm,
    "impossible": ReasonForm,
    "reopen": ReasonForm,
    "assign": AgentForm,
    "extend": ExtendForm,
    "hour": HourForm,
    "mandate": MandateForm,
    **dict.fromkeys(("tick", "receive", "back"), PapersForm),
    "waive": WaiveForm,
}


def _back(case):
    return redirect("proxy:case", case.pk)


STEPPING = Stepping(
    CASES,
    case_or_404,
    who=DESK,
    route="proxy:case_step",
    forms=FORMS,
    back=_back,
)
case_step = STEPPING.page


def _asked(case, step, with_us):
    """Before a final tap: what it ends."""
    if not step.ask:
        return ""
    hour = case.slot and not case.slot.has_begun
    lines = [f"约好的是 {case.slot.in_words}。" if hour else ""]
    lines.append(f"还有 {with_us} 份材料在我们手里，请记得退还。" if with_us else "")
    return "".join([*lines, step.ask])


def show(request, case, **facts):
    """Whether names are masked: a reader of the unit sees them so, on each page of a case.

    Whoever sees them whole is written down.
    """
    is_masked = not can_tend(request.user, case)
    if is_masked:
        shows_nobody(request)
    else:
        opened(request, case, "查看代办件", **facts)
    return is_masked


@access(levels=NEAR, reads=("姓名", "电话", "情况"))
def case(request, pk):
    found, user = case_or_404(request, pk), request.user
    is_masked = show(request, found)
    listed = list(prepared(found.papers).with_bare_handings().prefetch_related("images"))
    mandate = mandates.standing(found)
    if found.agent_id and not found.agent:
        found.agent = cases.agent_of(found)
    works = carries(user, found) and found.agent_id is not None
    steps = {offer.key: offer for offer in STEPPING.offers(user, found)}
    with_us = sum(paper.holder != Custodian.PERSON for paper in listed)
    context = {
        "case": found,
        "papers": listed,
        "events": prepared(found.events),
        "mandate": mandate,
        "mandate_holds": mandate is not None and mandate.holds_on(localdate()),
        "slips": prepared(found.slips),
        "owes_receipt": any(paper.owes_receipt for paper in listed),
        "owes_return": any(paper.owes_return for paper in listed),
        "steps": steps,
        "onward": [
            (steps[key], _asked(found, steps[key].step, with_us)) for key in ONWARD if key in steps
        ],
        "of_papers": [steps[key] for key in ("tick", "receive", "back") if key in steps],
        "wrongs": Wrong.choices,
        "works": works,
        "has_left": found.agent_id is not None and not cases.is_held(found),
        "with_us": 0 if found.is_open else with_us,
        "is_masked": is_masked,
        "can_open": can_open_papers(user, found),
        "phrases": prepared(Phrase.objects).filter(
            organization_id__in=[found.organization_id, county_of(found.organization_id)]
        ),
        "note_form": NoteForm(),
        "hand_form": HandOverForm(auto_id="hand-%s"),
        "paper_form": PaperForm(),
    }
    return render(request, "proxy/case.html", context)


change_hour = hour_page(STEPPING, "hour")


def _to_papers(case):
    return redirect(f"{reverse('proxy:case', args=[case.pk])}#papers")


add_note = tapping(
    progress.add_note, case_or_404, form=NoteForm, said="已记下。", back=_back, **DESK
)


hand_over = tapping(
    progress.hand_over, case_or_404, form=HandOverForm,
    said="已转{record.organization.short_name}办理。", back="proxy:board", **DESK,
)  # fmt: skip


# Papers


add_paper = tapping(
    papers.add_paper, case_or_404, form=PaperForm, said="已加上。", back=_to_papers, **DESK
)


@access(**DESK, takes=POST)
@takes_files()
def add_photo(request, pk):
    found = case_or_404(request, pk)
    keep_photos(request, found, request.FILES.getlist("file"), actor=request.user)
    return _to_papers(found)


@access(**DESK, takes=POST)
def make_slip(request, pk):
    found = case_or_404(request, pk)
    slip = papers.make_slip(found, actor=request.user, is_return="back" in request.POST)
    return redirect("proxy:slip", slip.pk)


@access(levels=NEAR, reads=("姓名",))
def slip(request, pk):
    """A receipt, to print twice and sign."""
    found = get_object_or_404(
        Slip.objects.visible_to(request.user).select_related("request__version", "organization"),
        pk=pk,
    )
    context = {
        "slip": found,
        "case": found.request,
        "is_masked": show(request, found.request, slip=found.pk),
        "papers": [handing.paper for handing in found.handings.select_related("paper")],
    }
    return render(request, "proxy/slip.html", context)


case_slip = registration(case_or_404, levels=NEAR)

"""One request at the desk: its page, and a short view for each thing that is done with it."""

import datetime as dt

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingchun.accounts.audit import opened, shows_nobody
from qingchun.organizations.access import access, takes_files
from qingchun.organizations.refusals import Refused
from services.proxy.actions import after, carrying, cases, mandates, papers
from services.proxy.choices import ENDED, State, Wrong, moves_from
from services.proxy.forms import (
    AgentForm,
    ExtendForm,
    HandOverForm,
    MoveForm,
    NoteForm,
    PaperForm,
)
from services.proxy.forms.asking import MANDATE_DAYS
from services.proxy.models import Paper, Phrase, ServiceRequest, Slip
from services.proxy.permissions import NEAR, can_open_papers, can_tend, is_agent, leads
from services.proxy.views.board import DESK
from services.proxy.views.mine import hour_page, registration


def case_or_404(request, pk):
    found = ServiceRequest.objects.visible_to(request.user)
    return get_object_or_404(
        found.select_related("version", "organization", "slot", "agent__user"), pk=pk
    )


def _moves_for(case):
    """Where the agent may take it; what has ended is opened again in its own way."""
    if case.state in ENDED:
        return []
    return [state for state in moves_from(case.state) if state != State.WITHDRAWN]


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
@never_cache
@require_GET
def case(request, pk):
    found, user = case_or_404(request, pk), request.user
    is_masked = show(request, found)
    listed = list(found.papers.with_bare_handings().prefetch_related("images"))
    mandate = mandates.standing(found)
    works = can_tend(user, found) and (is_agent(user, found) or leads(user, found))
    is_held = cases.is_held(found)
    context = {
        "case": found,
        "papers": listed,
        "events": found.events.all(),
        "mandate": mandate,
        "mandate_days": MANDATE_DAYS,
        "mandate_holds": mandate is not None and mandate.holds_on(localdate()),
        "slips": found.slips.all(),
        "owes_receipt": any(paper.owes_receipt for paper in listed),
        "owes_return": any(paper.owes_return for paper in listed),
        "moves": _moves_for(found) if works and found.agent_id else [],
        "wrongs": Wrong.choices,
        "works": works and found.agent_id is not None,
        "can_take": can_tend(user, found) and not is_held and found.is_open,
        "can_give": works and found.is_open,
        "has_left": found.agent_id is not None and not is_held,
        "is_masked": is_masked,
        "can_open": can_open_papers(user, found),
        "can_reopen": works and after.can_be_reopened(found),
        "agent_form": AgentForm(case=found) if works and found.is_open else None,
        "phrases": Phrase.objects.filter(
            organization_id__in={found.organization_id, found.organization_id[:6]}
        ),
        "extend_form": ExtendForm(),
        "note_form": NoteForm(),
        "hand_form": HandOverForm(),
        "paper_form": PaperForm(),
    }
    return render(request, "proxy/case.html", context)


def _back(pk, part=""):
    response = redirect("proxy:case", pk)
    response["Location"] += part
    return response


def _valid(form):
    """Its clean values. Raises: Refused with the first thing that is wrong."""
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    return form.cleaned_data


@access(**DESK)
@require_POST
def take(request, pk):
    carrying.take(case_or_404(request, pk), actor=request.user)
    messages.success(request, "这件由您来办了，本人已收到通知。")
    return _back(pk)


@access(**DESK)
@require_POST
def assign(request, pk):
    found = case_or_404(request, pk)
    carrying.assign(found, actor=request.user, **_valid(AgentForm(request.POST, case=found)))
    messages.success(request, f"已交给{found.agent_name}。")
    return _back(pk)


def wrong_papers(data):
    """Paper id → what is wrong, from fields named wrong-<id>."""
    return {
        int(name.removeprefix("wrong-")): value
        for name, value in data.items()
        if name.startswith("wrong-")
        and name.removeprefix("wrong-").isdecimal()
        and value in Wrong.values
    }


@access(**DESK)
@require_POST
def move(request, pk):
    found, clean = case_or_404(request, pk), _valid(MoveForm(request.POST))
    carrying.move(
        found,
        State(clean["state"]),
        actor=request.user,
        text=clean["text"],
        wrong=wrong_papers(request.POST) if clean["state"] == State.WAITING else None,
    )
    messages.success(request, f"已改成“{found.get_state_display()}”，本人会收到通知。")
    return _back(pk)


@access(**DESK)
@require_POST
def extend(request, pk):
    found = case_or_404(request, pk)
    carrying.extend(found, actor=request.user, **_valid(ExtendForm(request.POST)))
    messages.success(request, "已延期，原因本人会看到。")
    return _back(pk)


@access(**DESK)
@never_cache
@require_http_methods(["GET", "POST"])
def change_hour(request, pk):
    found = case_or_404(request, pk)
    cases.must_carry(found, request.user)
    return hour_page(request, found, reverse("proxy:case", args=[pk]), actor=request.user)


@access(**DESK)
@require_POST
def add_note(request, pk):
    found = case_or_404(request, pk)
    carrying.add_note(found, actor=request.user, **_valid(NoteForm(request.POST)))
    messages.success(request, "已记下。")
    return _back(pk)


@access(**DESK)
@require_POST
def hand_over(request, pk):
    found, clean = case_or_404(request, pk), _valid(HandOverForm(request.POST))
    carrying.hand_over(found, actor=request.user, **clean)
    messages.success(request, f"已转{clean['unit'].short_name}办理。")
    return redirect("proxy:board")


@access(**DESK)
@require_POST
def reopen(request, pk):
    found = case_or_404(request, pk)
    after.reopen(found, actor=request.user, text=request.POST.get("text", "").strip()[:200])
    messages.success(request, "已重新打开，重新计算期限。")
    return _back(pk)


@access(**DESK)
@require_POST
def entrust(request, pk):
    """A mandate written down at the door."""
    found, days = case_or_404(request, pk), request.POST.get("until", "")
    if days not in dict(MANDATE_DAYS):
        raise Refused("请选委托多久。")
    mandates.give(found, actor=request.user, until_on=localdate() + dt.timedelta(int(days)))
    messages.success(request, "委托已登记。")
    return _back(pk)


@access(**DESK)
@require_POST
def confirm(request, pk):
    mandates.confirm(case_or_404(request, pk), actor=request.user)
    messages.success(request, "委托已核对。")
    return _back(pk)


# Papers


def _papers_of(found, request):
    wanted = {int(pk) for pk in request.POST.getlist("paper") if pk.isdecimal() and len(pk) < 12}
    return list(Paper.objects.filter(request=found, pk__in=wanted))


@access(**DESK)
@require_POST
def tick(request, pk):
    found = case_or_404(request, pk)
    chosen = _papers_of(found, request)
    if not chosen:
        raise Refused("请先选一份材料。")
    why = request.POST.get("why", "").strip()[:100]
    for paper in chosen:
        paper.request = found
        papers.tick(paper, actor=request.user, waived_why=why)
    messages.success(request, "已记下免交的理由。" if why else "已核对。")
    return _back(pk, "#papers")


@access(**DESK)
@require_POST
def hand(request, pk):
    """Papers over the counter: received, or given back."""
    found = case_or_404(request, pk)
    if "back" in request.POST:
        papers.give_back(found, actor=request.user, papers=_papers_of(found, request))
        messages.success(request, "已退还，请开收据给本人签字。")
    else:
        papers.receive(found, actor=request.user, papers=_papers_of(found, request))
        messages.success(request, "已收下，请开收据给本人。")
    return _back(pk, "#papers")


@access(**DESK)
@require_POST
def add_paper(request, pk):
    found = case_or_404(request, pk)
    form = PaperForm(request.POST)
    _valid(form)
    papers.add_paper(found, actor=request.user, **form.what())
    messages.success(request, "已加上。")
    return _back(pk, "#papers")


@access(**DESK)
@takes_files()
@require_POST
def add_photo(request, pk):
    found = case_or_404(request, pk)
    wanted = request.POST.get("paper", "")
    paper = get_object_or_404(Paper, request=found, pk=int(wanted) if wanted.isdecimal() else 0)
    if not request.FILES:
        raise Refused("请先选一张照片。")
    for file in request.FILES.getlist("file"):
        papers.add_image(paper, file=file, actor=request.user)
    messages.success(request, f"“{paper.name}”的照片已保存。")
    return _back(pk, "#papers")


@access(**DESK)
@require_POST
def fetch_back(request, pk):
    papers.fetch_back(case_or_404(request, pk), actor=request.user)
    messages.success(request, "材料已从部门取回，请退还本人。")
    return _back(pk, "#papers")


@access(**DESK)
@require_POST
def make_slip(request, pk):
    found = case_or_404(request, pk)
    slip = papers.make_slip(found, actor=request.user, is_return="back" in request.POST)
    return redirect("proxy:slip", slip.pk)


@access(levels=NEAR, reads=("姓名",))
@never_cache
@require_GET
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


@access(levels=NEAR)
@never_cache
@require_GET
def case_slip(request, pk):
    return registration(request, case_or_404(request, pk))

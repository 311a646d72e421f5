"""The desk's other pages: trips, hours that can be booked, the day's end, ready phrases."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from qingchun.accounts.audit import opened, shows_nobody
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import Refused, said_on
from qingchun.organizations.access import FORM, POST, access
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of, tapping
from services.proxy import lists
from services.proxy.actions import desk, papers, slots, trips
from services.proxy.choices import CaseState, Office, Wrong
from services.proxy.forms.desk import HoursForm, PhraseForm, wrong_papers
from services.proxy.models import (
    DayClose,
    Handing,
    Phrase,
    ServiceRequest,
    Slot,
    Trip,
)
from services.proxy.permissions import NEAR, can_tend
from services.proxy.views.board import DESK


@access(levels=NEAR)
def trip_list(request):
    found = lists.trips(request.user, request.GET)
    return render(request, "proxy/trips.html", {"page": page_of(found, request.GET.get("page"))})


@access(**DESK, takes=POST)
def set_out(request):
    """The cases that were ticked in the list go to an office together; what stays is ticked still."""
    wanted = {int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal() and len(pk) < 12}
    found = ServiceRequest.objects.visible_to(request.user).filter(pk__in=wanted)
    office, chosen = request.POST.get("office", ""), list(found.for_lists())
    try:
        if office not in Office.values:
            raise Refused("请选去哪个部门。")
        also = request.POST.get("also") == "on"
        trip, left = trips.set_out(chosen, actor=request.user, office=office, also_others=also)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('proxy:cases')}?{_ticked(chosen)}&to={office}")
    for _, why in left:
        messages.warning(request, f"没有带上 {why}")
    said = f"跑办单已开，共 {len(chosen) - len(left)} 件，请打印带上。"
    messages.success(request, said)
    ticked = f"?{_ticked(case for case, _ in left)}" if left else ""
    return redirect(f"{reverse('proxy:trip', args=[trip.pk])}{ticked}")


def _ticked(cases):
    """The list with these ticked, as an address asks for it."""
    return urlencode(
        {"state": CaseState.ACCEPTED, "chosen": [case.pk for case in cases]}, doseq=True
    )


_trip_or_404 = one_of(Trip.objects.visible_to)


@access(levels=NEAR, reads=("姓名",))
def trip(request, pk):
    """The list to print; and, back at the desk, what came of each case."""
    found = _trip_or_404(request, pk)
    is_masked = not can_tend(request.user, found)
    if is_masked:
        shows_nobody(request)
    else:
        opened(request, found, "查看跑办单")
    listed = found.cases.select_related("request__version", "request__organization")
    listed = listed.defer("request__place", "request__wish")
    context = {
        "trip": found,
        "is_masked": is_masked,
        "cases": [line.request for line in listed.prefetch_related("request__papers")],
        "results": [CaseState.DONE, CaseState.WAITING, CaseState.IMPOSSIBLE],
        "wrongs": Wrong.choices,
        "left": request.GET.urlencode() if "chosen" in request.GET else "",
    }
    return render(request, "proxy/trip.html", context)


@access(**DESK, takes=POST)
def come_back(request, pk):
    found, results = _trip_or_404(request, pk), []
    for line in found.cases.all():
        state = request.POST.get(f"state-{line.request_id}", "")
        if state not in (CaseState.DONE, CaseState.WAITING, CaseState.IMPOSSIBLE):
            continue
        text = request.POST.get(f"text-{line.request_id}", "").strip()[:200]
        wrong = wrong_papers(request.POST) if state == CaseState.WAITING else None
        results.append((line.request_id, CaseState(state), text, wrong))
    trips.come_back(found, actor=request.user, results=results)
    return done(request, f"{len(results)} 件的结果已记下，本人会收到通知。", "proxy:trip", pk)


# The day's end


@access(levels=NEAR)
def day(request):
    """What went over the counter today, what has no slip yet, and closing the day."""
    scope, today = request.user.scope, localdate()
    context = {
        "handings": Handing.objects.filter(unit=scope, on=today)
        .select_related("paper__request__version")
        .order_by("-pk")[:200],
        "bare": papers.without_slip(scope, today)[:50],
        "close": DayClose.objects.filter(organization_id=scope, on=today).first(),
        "today": today,
    }
    return render(request, "proxy/day.html", context)


close_day = tapping(papers.close_day, said="已收工，今天的原件都有收据。", back="proxy:day", **DESK)
open_day_again = tapping(papers.open_day_again, said="已撤销收工。", back="proxy:day", **DESK)


# Hours that can be booked


@access(**DESK, takes=FORM)
def slot_list(request):
    form = HoursForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            opened = slots.open_hours(actor=request.user, **form.what())
            return done(request, opened.in_words, "proxy:slots")
    page = page_of(lists.hours(request.user, request.GET), request.GET.get("page"), 50)
    for slot in page:
        slot.steps = STEPPING.offers(request.user, slot)
    return render(request, "proxy/slots.html", {"form": form, "page": page})


STEPPING = Stepping(
    slots.HOURS,
    one_of(Slot.objects.visible_to),
    who=DESK,
    route="proxy:slot_step",
    back=lambda slot: redirect("proxy:slots"),
)
slot_step = STEPPING.page


# Ready phrases


@access(**DESK, takes=FORM)
def phrases(request):
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        desk.add_phrase(actor=request.user, **form.cleaned_data)
        return done(request, "已保存。", "proxy:phrases")
    found = Phrase.objects.visible_to(request.user)
    return render(request, "proxy/phrases.html", {"form": form, "phrases": found})


phrase_drop = tapping(
    desk.drop_phrase,
    one_of(Phrase.objects.visible_to),
    said="已删去。",
    back="proxy:phrases",
    **DESK,
)

"""Pages for everybody: what is on in a place, one event, its poster, whether a note is real."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from qingchun.accounts import drafts
from qingchun.ground import bills
from qingchun.ground.calendars import calendar_file
from qingchun.ground.kept import serve_picture
from qingchun.ground.links import link_to, on_paper
from qingchun.ground.paging import page_of
from qingchun.ground.prepared import prepared
from qingchun.ground.refusals import NothingYet
from qingchun.organizations.access import FORM, PUBLIC, YOUNG, access
from services.events.actions import certificates, pledging, registration
from services.events.actions.placing import near_first
from services.events.actions.telling import spoken_hour
from services.events.choices import AHEAD, EventState
from services.events.exports import as_ics
from services.events.forms.desk import EventFilter
from services.events.models import Event, Signup
from talent.youth.models import Youth
from talent.youth.views.public import ANY, place_or_redirect


@access(PUBLIC)
def place_events(request, code):
    """What is on in a place: its own, and what the units above and below it ask to."""
    unit, elsewhere = place_or_redirect(code, "events:place_events", ANY)
    if elsewhere:
        return elsewhere
    form = EventFilter(request.GET)
    found = Event.objects.near(unit.code).filter(state__in=AHEAD, ends_at__gt=now())
    found = form.narrow(found.select_related("organization").with_places())
    context = {
        "unit": unit,
        "form": form,
        "is_filtered": any(form.data.values()),
        "page": page_of(found.order_by("starts_at", "pk"), request.GET.get("page")),
    }
    return render(request, "events/place.html", context)


def public_or_404(pk):
    found = prepared(Event.objects).published().select_related("organization")
    event = found.filter(pk=pk).order_by("pk").first()
    if event is None:
        raise NothingYet("没有这场活动，或者还没有发布。请看家乡页上的活动。")
    return event


@access(PUBLIC)
def event(request, pk):
    """One event; for whoever is signed in also where they stand with it."""
    found = public_or_404(pk)
    user = request.user
    groups = list(found.groups.select_related("near", "point"))
    youth = Youth.objects.of(user).first() if user.is_authenticated else None
    mine = list(Signup.objects.of(user).filter(event=found)) if user.is_authenticated else []
    if youth and found.of.has_posts:
        groups = near_first(groups, youth.organization_id)
    for signup in mine:
        signup.event = found
    of_another = youth and registration.is_of_another(found, youth)
    series = Event.objects.published().filter(series_id=found.series_id).exclude(pk=pk)
    context = {
        "event": found,
        "groups": groups,
        "youth": youth,
        "mine": [signup for signup in mine if signup.is_standing],
        "closed": "" if found.takes_people else registration.why_closed(found, now()),
        "not_for_me": registration.problem_with(found, youth, lives_here=True, is_single=True)
        if youth
        else "",
        "one_tap": not (found.questions or found.of.is_evening or found.of.has_posts)
        and (not youth or not registration.problem_with(found, youth))
        and not of_another,
        "of_another": of_another,
        "series": series[:12] if found.series_id else (),
        "is_young": user.is_authenticated and not user.acting,
    }
    return render(request, "events/event.html", context)


@access(PUBLIC)
def picture(request, pk):
    found = get_object_or_404(Event.objects.exclude(picture=""), pk=pk)
    if found.state == EventState.DRAFT and not found.organization_id.startswith(
        getattr(request.user, "scope", None) or "none"
    ):
        raise Http404
    return serve_picture(request, found.picture)


@access(PUBLIC)
def calendar(request, pk):
    found = public_or_404(pk)
    link = link_to(reverse("events:event", args=[pk]))
    return calendar_file(as_ics(found, link=link), f"event-{pk}")


@access(PUBLIC)
def poster(request, pk):
    found = public_or_404(pk)
    context = {"event": found, **on_paper("events:event", pk)}
    return render(request, "events/poster.html", context)


@access(PUBLIC)
def share(request, pk):
    """What a chat shows of a link to it."""
    found = public_or_404(pk)
    return bills.given(bills.card, found.title, f"{spoken_hour(found.starts_at)}　{found.place}")


@access(PUBLIC)
def poster_picture(request, pk):
    """The poster for a phone."""
    found = public_or_404(pk)
    return bills.given(
        bills.bill,
        found.organization.full_name,
        found.title,
        f"{spoken_hour(found.starts_at)}\n{found.place}",
        "扫一扫，报名",
        link_to(reverse("events:event", args=[pk])),
        f"{spoken_hour(found.closes_at)}截止，不收费",
        f"联系：{found.contact_name} {found.contact_phone}",
    )


@access(PUBLIC, takes=FORM)
@never_cache
def verify(request):
    """Whether a printed note is real. The number is posted, and no whole name is shown."""
    asked = drafts.once(request)
    number = asked.get("number", "")[:30] if asked else ""
    if request.method == "POST":
        drafts.put(request, {"number": [number]})
        return redirect("events:verify")
    filled = number or request.GET.get("n", "")[:20]  # by the code on the paper: one tap is left
    context = {"number": filled, "asked": asked is not None}
    if number:
        context["signup"] = certificates.verify(number)
    return render(request, "events/verify.html", context)


@access(PUBLIC)
def pledge(request):
    """移风易俗: what the pledge says; signed on the page by whoever likes."""
    user = request.user
    youth = Youth.objects.of(user).first() if user.is_authenticated else None
    context = {
        "youth": youth,
        "own": pledging.own(user) if youth else None,
        "is_known": user.is_authenticated,
    }
    return render(request, "events/pledge.html", context)


@access(YOUNG)
def pledge_sheet(request):
    own = pledging.own(request.user)
    if own is None:
        raise NothingYet("还没有签承诺。请先在承诺页签，再打印。")
    return render(request, "events/pledge_sheet.html", {"own": own})

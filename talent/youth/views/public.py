"""Pages for everybody: what this is, find your home, and what home tells."""

from django.db.models import Exists, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from campaigns.models import Campaign
from qingchun.accounts.navigation import first_page_of
from qingchun.ground.links import on_paper
from qingchun.ground.portal import answers
from qingchun.ground.prepared import prepared
from qingchun.ground.province import HOME
from qingchun.organizations.access import PUBLIC, access
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import city_of, county_of
from qingchun.organizations.finding import LONGEST, called
from qingchun.organizations.models import Organization
from talent.youth import pages
from talent.youth.actions.consents import current_texts
from talent.youth.actions.hometown import desk_of
from talent.youth.choices import NoteKind, PostingKind, Want
from talent.youth.models import (
    CheckIn,
    GroupNote,
    LiaisonGroup,
    Posting,
    PublishedAnswer,
    Youth,
)

MOST_FOUND = 40
LIVED_IN = (Level.CITY, Level.COUNTY, Level.TOWNSHIP)


@access(PUBLIC)
def home(request):
    """The front door: cadres go to what waits for them, everybody else reads what this is."""
    user = request.user
    if user.is_authenticated and user.acting:
        return redirect(first_page_of(user))
    context = {
        "campaign": Campaign.objects.current(),
        "cities": Organization.objects.cities().active(),
        "youth": own_youth(request),
    }
    return render(request, "talent/home.html", context)


def own_youth(request):
    """The record of whoever is signed in, or none."""
    if not request.user.is_authenticated:
        return None
    mine = prepared(Youth.objects).of(request.user).select_related("organization")
    return mine.order_by("pk").first()


def wants_work(youth):
    """Whether somebody ticked 找工作 when they checked in last."""
    newest = CheckIn.objects.filter(youth=youth).order_by("-at").first()
    return newest is not None and Want.JOB in newest.wants


@access(PUBLIC)
def find(request):
    """Find home by tapping down, or by typing what people call it."""
    words, code = request.GET.get("q", "").strip()[:LONGEST], request.GET.get("in", HOME.code)
    whose = HOME.code if words else code
    return _kept(request, whose, lambda: _find(request, words, code), f"find {words}")


def _find(request, words, code):
    if words:
        context = {"q": words, "found": called(words, levels=LIVED_IN, most=MOST_FOUND)}
        return render(request, "talent/find.html", context)
    within = Organization.objects.active().filter(code=code, is_public=True).first()
    if within is None or within.level in (Level.TOWNSHIP, Level.DEPARTMENT):
        raise Http404
    below = Organization.objects.active().filter(parent=within, is_public=True)
    context = {"within": within, "below": below.exclude(level=Level.DEPARTMENT)}
    return render(request, "talent/find.html", context)


def _kept(request, code, make, what=""):
    """The page as ``make`` has it; for somebody not signed in as it was last made."""
    if request.user.is_authenticated or request._messages:
        return make()
    marks, body = pages.kept(code, what)
    if body:
        return HttpResponse(body)
    response = make()
    if response.status_code == 200:
        pages.keep(code, marks, response.content.decode(), what)
    return response


NEAR, ANY = (Level.COUNTY, Level.TOWNSHIP), (Level.CITY, Level.COUNTY, Level.TOWNSHIP)


def place_or_redirect(code, route, levels=NEAR):
    """(the county or township a link names, None), or (None, where its successor is).

    ``levels``: of the places that have such a page. Raises: Http404 for what no young person calls home.
    """
    units = prepared(Organization.objects).select_related("parent", "succeeded_by")
    unit = units.filter(code=code).first()
    if unit is None or unit.level not in levels:
        raise Http404
    now = unit.successor()
    if now.code != unit.code:
        return None, redirect(route, now.code)
    if unit.closed_on or not unit.is_public:
        raise Http404
    return unit, None


@access(PUBLIC)
def hometown(request, code):
    """A county's own page, or a city's; for somebody not signed in it is kept until something on it changes."""
    return _kept(request, code, lambda: _hometown(request, code))


def _hometown(request, code):
    unit, elsewhere = place_or_redirect(code, "talent:hometown", ANY)
    return elsewhere or render(request, "talent/hometown.html", hometown_context(unit))


def hometown_context(unit):
    codes = {county_of(unit.code), unit.code}
    postings = Posting.objects.filter(organization_id__in=codes).order_by("on", "-pk")[:40]
    groups = LiaisonGroup.objects.standing().filter(
        organization_id__in=codes | {city_of(unit.code)}
    )
    notes = GroupNote.objects.filter(organization_id__in=codes).exclude(kind=NoteKind.GREETING)
    ways, below = _onward(unit)
    return {
        "unit": unit,
        "desk": desk_of(unit.code),
        "groups": groups.order_by("-organization_id", "pk"),
        "postings": [
            (kind, kind.label, [p for p in postings if p.kind == kind]) for kind in PostingKind
        ],
        "notes": notes[:3],
        "answers": PublishedAnswer.objects.filter(organization_id__in=codes)[:10],
        "ways": ways,
        "below": below,
    }


def _onward(unit):
    """(the ways that lead on from a place, the units right below it), in one question."""
    ways = [one(unit.code) for one in answers("at_home")]
    some = {f"way{n}": Exists(rows) for n, (_, rows) in enumerate(ways) if rows is not None}
    open_to_all = Organization.objects.active().filter(is_public=True)
    found = open_to_all.filter(Q(pk=unit.pk) | Q(parent=unit)).exclude(level=Level.DEPARTMENT)
    here, *below = found.annotate(**some)  # its own code stands before those that begin with it
    return [way for n, (way, _) in enumerate(ways) if getattr(here, f"way{n}", True)], below


@access(PUBLIC)
def poster(request, code):
    """A sheet to print and hang at a station: A4, or ``?paper=a3``."""
    unit, elsewhere = place_or_redirect(code, "talent:poster")
    if elsewhere:
        return elsewhere
    context = {
        "unit": unit,
        "paper": "a3" if request.GET.get("paper") == "a3" else "a4",
        "desk": desk_of(unit.code),
        **on_paper("talent:hometown", unit.code, error="q"),
    }
    return render(request, "talent/poster.html", context)


@access(PUBLIC)
def privacy(request):
    """What people are asked to agree to, in the version that holds."""
    return render(request, "talent/privacy.html", {"texts": current_texts()})

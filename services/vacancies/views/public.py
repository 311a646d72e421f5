"""Pages for everybody: home's vacancies by place and trade, one of them, its card for a chat."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from qingchun.ground import bills
from qingchun.ground.links import map_of
from qingchun.ground.paging import rows_after
from qingchun.ground.province import HOME
from qingchun.ground.refusals import NothingYet
from qingchun.organizations.access import PUBLIC, access
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from services.vacancies.choices import Standing, What
from services.vacancies.forms import VacancyFilter
from services.vacancies.models import Interest, Vacancy
from services.vacancies.querysets import internship_posts
from talent.youth.views.public import ANY, place_or_redirect

SHOWN = 3  # posts of internships above the vacancies


@access(PUBLIC)
def vacancies(request):
    """Those of all the province."""
    here = Organization.objects.get(pk=HOME.code)
    return _elsewhere(request, here) or _listed(request, here)


@access(PUBLIC)
def place_vacancies(request, code):
    """Those of a city or a county; of a township its county's."""
    here, elsewhere = place_or_redirect(code, "vacancies:place_vacancies", ANY)
    if here and county_of(here.code) != here.code:
        elsewhere = redirect("vacancies:place_vacancies", county_of(here.code))
    return elsewhere or _elsewhere(request, here) or _listed(request, here)


def _elsewhere(request, here):
    """Another place was chosen: it has a page of its own, with the rest of what was asked."""
    code = request.GET.get("place", "")
    if not code or code == here.code:
        return None
    asked = {name: request.GET[name] for name in ("trade", "what") if request.GET.get(name)}
    also = f"?{urlencode(asked)}" if asked else ""
    if code == HOME.code:
        return redirect(reverse("vacancies:vacancies") + also)
    levels = (Level.CITY, Level.COUNTY)
    known = Organization.objects.active().filter(pk=code, is_public=True, level__in=levels)
    if not known.exists():
        return None  # said beside the field
    return redirect(reverse("vacancies:place_vacancies", args=[code]) + also)


def _listed(request, here):
    form = VacancyFilter(request.GET, here=here)
    what = request.GET.get("what", "")
    posts = internship_posts(here.code)
    found = Vacancy.objects.open().within(here.code).select_related("organization__parent")
    is_of_posts = what == What.INTERNSHIP and form.is_valid()
    page = rows_after(posts if is_of_posts else form.narrow(found).order_by("-pk"), request.GET)
    first = not (what or request.GET.get("trade") or page.has_previous)
    context = {
        "here": here,
        "is_whole": here.level == Level.PROVINCE,
        "form": form,
        "page": page,
        "is_of_posts": is_of_posts,
        # They have no trade: whoever looks for one is shown none.
        "posts": posts[:SHOWN] if first else (),
    }
    return render(request, "vacancies/vacancies.html", context)


def public_or_404(pk):
    found = Vacancy.objects.shown().select_related("organization__parent").filter(pk=pk).first()
    if found is None:
        raise NothingYet(
            "没有这个岗位，或者已经撤下了。看看家乡别的岗位。",
            onward=(reverse("vacancies:vacancies"), "看岗位"),
        )
    return found


@access(PUBLIC)
def vacancy(request, pk):
    """One vacancy; for whoever is signed in also whether they asked for it."""
    found, user = public_or_404(pk), request.user
    mine = (
        Interest.objects.of(user).filter(vacancy=found).first() if user.is_authenticated else None
    )
    context = {
        "vacancy": found,
        "mine": mine,
        "is_open": found.standing == Standing.OPEN,
        "is_cadre": user.is_authenticated and bool(user.acting),
        "map_link": map_of(f"{found.organization.place}{found.place}"),
    }
    return render(request, "vacancies/vacancy.html", context)


@access(PUBLIC)
def share(request, pk):
    """What a chat shows of a link to it."""
    found = public_or_404(pk)
    return bills.given(bills.card, found.title, f"{found.organization.place}　{found.pay}")

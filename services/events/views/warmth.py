"""送温暖 at the desk: service points with people served, and visits; and figures for all levels."""

from django.db.models import Max, Subquery, Value
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from campaigns import checks
from campaigns.permissions import WRITERS
from campaigns.views.choosing import chosen_campaign
from qingchun.ground.paging import page_of
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, POST, access
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.tapping import done, one_of, tapping, valid
from services.events import figures, lists
from services.events.actions import warmth
from services.events.forms.desk import PointForm, VisitForm
from services.events.models import PointDay, ServicePoint, Visit
from services.events.permissions import can_stand_at


@access()
def points(request):
    """Stations in one's scope, with what was served at each last: one number, whoever stood there."""
    return _points(request)


def most_served(county):
    """The most people that any day of the county's points had, as a question."""
    days = PointDay.objects.within(county).order_by().values(all=Value(1))
    return days.annotate(most=Max("served")).values("most")


def _points(request, tried=None):
    """``tried``: the form of a point that asks or is wrong, with what was typed."""
    user = request.user
    most = Subquery(most_served(county_of(user.scope)))
    found = lists.points(user, request.GET).annotate(most=most)
    page = page_of(found, request.GET.get("page"))
    for point in page:
        if can_stand_at(user, point.organization_id):
            # Each with names of its own, so that no two parts of the page share one.
            point.form = PointForm(initial={"on": localdate()}, prefix=f"p{point.pk}")
            point.limit = checks.limit(point.most)
            if tried and tried.prefix == f"p{point.pk}":
                point.form = tried
    context = {"page": page}
    return render(request, "events/points.html", context)


@access(roles=WRITERS, takes=POST)
def serve(request, pk):
    # A township stands at its county's points.
    point = get_object_or_404(ServicePoint.objects.within(county_of(request.user.scope)), pk=pk)
    most = next((row["most"] for row in most_served(county_of(request.user.scope))), None)
    form = PointForm(request.POST, prefix=f"p{pk}", most=most)
    if not form.is_valid() and form.unsure:
        said = PointDay.objects.filter(point=point, on=form.cleaned_data.get("on")).first()
        form = PointForm(request.POST, prefix=f"p{pk}", most=most, kept=said and said.sure)
        if not form.is_valid():
            return _points(request, form)
    warmth.serve(point, actor=request.user, sure=form.confirmed, **valid(form))
    return done(request, f"“{point.name}”的服务人次已记下。", "events:points")


@access(
    levels=(Level.COUNTY,), roles=WRITERS, reads=("走访对象姓名", "住址", "困难情况"), takes=FORM
)
def visits(request):
    """Visits to young people in need: written and read by the county alone."""
    form = VisitForm(request.POST or None, initial={"on": localdate()})
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            warmth.visit(actor=request.user, **form.cleaned_data)
            return done(request, "走访已记下，只有本县看得到。", "events:visits")
    found = Visit.objects.own(request.user)
    context = {"form": form, "page": page_of(found, request.GET.get("page"))}
    return render(request, "events/visits.html", context)


visit_drop = tapping(
    warmth.take_out, one_of(Visit.objects.own),
    said="这条走访已删去。", back="events:visits", levels=(Level.COUNTY,), roles=WRITERS,
)  # fmt: skip


@access()
def figures_page(request):
    """What the sign-ups add up to, by unit: counts alone, those of people under five not shown."""
    editions, campaign = chosen_campaign(request)
    rows, whole = figures.by_unit(campaign, request.user.acting.organization)
    context = {
        "editions": editions,
        "campaign": campaign,
        "rows": rows,
        "whole": whole,
        "cards": figures.as_cards(whole),
        "by_kind": figures.BY_KIND,
    }
    return render(request, "events/figures.html", context)

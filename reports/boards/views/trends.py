"""走势: an edition's days and weeks beside those of the one before."""

from django.shortcuts import render
from django.utils.timezone import localdate

from campaigns.models import ActivityKind
from campaigns.views.choosing import chosen_campaign
from qingchun.organizations.access import access
from qingchun.organizations.codes import is_near
from qingchun.organizations.models import Organization
from reports.boards import charts, trends
from reports.boards.forms import TrendFilter
from reports.boards.views.boards import unit_of

SHAPES = ({"width": 900, "height": 330}, {"width": 380, "height": 300, "most_labels": 4})


def units_of(user, unit):
    """(code, name) of what one may look at: one's own unit, those right below it, and the one asked
    for where it lies deeper."""
    own = user.acting.organization
    found = [("", own.short_name)]
    if not is_near(own.code):
        below = Organization.objects.rows_below(own, ())
        found += [(one.code, one.short_name) for one in below]
    if unit.code not in (own.code, *(code for code, _ in found)):
        found.append((unit.code, unit.short_name))
    return found


@access()
def trend(request):
    user, today = request.user, localdate()
    editions, campaign = chosen_campaign(request, "stages")
    unit = unit_of(user, request.GET.get("unit"))
    before = trends.one_before(campaign, editions)
    both = [campaign, *filter(None, [before])]
    kinds = list(ActivityKind.objects.filter(campaign__in=both).open_to(unit.code))
    stages = [(one.number, one.name) for one in campaign.stages.all()]
    form = TrendFilter(
        request.GET,
        units=units_of(user, unit),
        kinds=[(one.key, one.short_name) for one in kinds if one.campaign_id == campaign.pk],
        stages=stages,
    )
    context = {"editions": editions, "campaign": campaign, "unit": unit, "form": form}
    if form.is_valid():
        context |= _drawn(form, campaign, before, unit.code, today)
        context["tables"] = _tables(form, context["courses"], kinds, today)
    return render(request, "reports/trend.html", context)


def _drawn(form, campaign, before, code, today):
    clean = form.cleaned_data
    figure, span = clean["figure"] or "activities", trends.SPANS[clean["by"] or "week"]
    mine, last = trends.courses(campaign, before, code, today)
    shown = trends.points(mine, last, span, form.keeps, clean["stage"])
    marks = _stage_marks(campaign, mine, shown)
    now = next((at for at, one in enumerate(shown) if one.day <= today <= one.until), None)
    values = [[getattr(one, name)[figure] for one in shown] for name in ("mine", "last")]
    labels = [f"{one.day:%-m.%-d}" for one in shown]
    return {
        "courses": (mine, last),
        "charts": [
            charts.drawn(*values, labels, stages=marks, today=now, **shape) for shape in SHAPES
        ],
        "points": shown,
        "figure": figure,
        "noun": trends.FIGURES[figure],
        "before": before,
        "aligned": trends.in_words(mine, last),
        "is_running": today < campaign.ends_on,
        "outside": trends.outside(mine, shown),
        "is_behind": trends.is_behind(campaign, before, code),
    }


def _tables(form, courses, kinds, today):
    """(title, lines) by stage, kind and level."""
    figure = form.cleaned_data["figure"] or "activities"
    has = {(one.campaign_id, one.key) for one in kinds}

    def has_begun(course, number):
        stages = course.campaign.stages.all()
        return any(one.number == number and one.starts_on <= today for one in stages)

    def has_kind(course, key):
        return (course.campaign.pk, key) in has

    chosen = (*courses, figure, form.keeps)
    stages, names = form.fields["stage"].choices[1:], form.fields["kind"].choices[1:]
    return [
        ("分阶段", trends.lines(*chosen, stages, lambda c, r: c.stage(r.day), is_known=has_begun)),
        ("分项目", trends.lines(*chosen, names, lambda c, r: r.kind, is_known=has_kind)),
        ("分级别", trends.lines(*chosen, trends.LEVELS, lambda c, r: r.level)),
    ]


def _stage_marks(campaign, mine, shown):
    """Where each stage begins on the axis."""
    found = []
    for stage in campaign.stages.all():
        at = next((n for n, one in enumerate(shown) if one.until >= stage.starts_on), None)
        if at is not None:
            found.append(charts.Mark(at, stage.name))
    return found

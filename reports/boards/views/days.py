"""日历: what all units that one may see do, by the month and by the week."""

import datetime as dt
from calendar import monthrange

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from campaigns.views.choosing import chosen_campaign
from qingchun.organizations.access import access
from reports.boards.days import days_between
from reports.boards.forms import DaysFilter
from reports.boards.views.boards import unit_of
from reports.boards.views.trends import units_of

FEW = {"": 2, "week": 12}  # events, and entries, that a day names


@access()
def days(request):
    user, today = request.user, localdate()
    editions, campaign = chosen_campaign(request, "stages", "deadlines")
    unit = unit_of(user, request.GET.get("unit"))
    form = DaysFilter(request.GET, units=units_of(user, unit), campaign=campaign)
    context = {"editions": editions, "campaign": campaign, "unit": unit, "form": form}
    if form.is_valid():
        clean = form.cleaned_data
        on = clean["on"] or _usual_day(campaign, today)
        first, last, back, forth = _span(clean["view"], on)
        found = days_between(
            first, last, campaign=campaign, unit=unit, user=user, today=today,
            few=FEW[clean["view"]],
        )  # fmt: skip
        for day in found:
            day.is_outside = not clean["view"] and day.date.month != on.month
        context |= {"days": found, "on": on, "back": back, "forth": forth, "last": last}
        context["log_url"] = reverse("campaigns:activities")
        context["is_week"] = clean["view"] == "week"
        context["is_empty"] = not any(day.items for day in found)
    return render(request, "reports/days.html", context)


def _usual_day(campaign, today):
    """Today, where the edition has it; else the day of it that is nearest."""
    return min(max(today, campaign.starts_on), campaign.ends_on)


def _span(view, on):
    """(first day, last day, a day of the span before, one of the next): whole weeks from Monday."""
    monday = on - dt.timedelta(on.weekday())
    if view == "week":
        return (monday, monday + dt.timedelta(6), on - dt.timedelta(7), on + dt.timedelta(7))
    begins = on.replace(day=1)
    ends = on.replace(day=monthrange(on.year, on.month)[1])
    first = begins - dt.timedelta(begins.weekday())
    return (
        first,
        ends + dt.timedelta(6 - ends.weekday()),
        begins - dt.timedelta(1),
        ends + dt.timedelta(1),
    )

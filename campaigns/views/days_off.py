"""The days off of a year: which are in force, by whose word; and a new announcement."""

import datetime as dt
from calendar import Calendar

from django.shortcuts import render
from django.utils.timezone import localdate

from campaigns.actions import days_off as actions
from campaigns.days_off_form import DaysOffForm, years
from campaigns.models import DaysOff
from campaigns.permissions import can_run_editions
from campaigns.views.editions import EDITION_ADMINS
from campaigns.workdays import DAY, KNOWN, Days, carried, law_of
from qingchun.ground.refusals import said_on
from qingchun.organizations.access import FORM, access
from qingchun.tapping import done

MARKS = {"off": "假", "work": "班"}


@access()
def days_off(request):
    """Of one year; without a word of which, of this."""
    found = list(DaysOff.objects.all())
    known = sorted({*years(), *(one.year for one in found)})
    asked = request.GET.get("year", "")
    year = next((one for one in known if str(one) == asked), localdate().year)
    versions = [one for one in found if one.year == year]
    in_force = next((one for one in versions if one.applied_at), None)
    announced = {one.year: one.announced for one in reversed(found) if one.applied_at}
    context = _of_year(year, Days(announced)) | {
        "years": known,
        "in_force": in_force,
        "waiting": next((one for one in versions[:1] if not one.applied_at), None),
        "versions": versions,
        "is_carried": carried(year) is not None,
        "law": law_of(year),
        "may_run": can_run_editions(request.user),
    }
    return render(request, "campaigns/days_off.html", context)


@access(**EDITION_ADMINS, takes=FORM)
def new_days_off(request):
    """Pasted, seen as a calendar, and then put in force: what was not seen is not."""
    before = DaysOff.objects.filter(year=_year_to_enter(request)).first()
    initial = {"year": _year_to_enter(request)}
    if before:  # an announcement that is put right is the same with a line of it changed
        initial |= {name: getattr(before, name) for name in ("text", "source", "issued_on", "link")}
    form = DaysOffForm(request.POST or None, initial=initial)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("seen") == form.seen:
            with said_on(form):
                made = actions.announce(
                    actor=request.user, announced=form.announced, **form.cleaned_data
                )
                return done(request, f"{made.said}已保存，正在启用，到期日跟着重新推算。", made)
        year = form.cleaned_data["year"]
        context |= _of_year(year, Days({year: form.announced}))
    return render(request, "campaigns/days_off_form.html", context)


def _year_to_enter(request):
    """The one that was asked for; else the next, which is announced in November."""
    asked = request.GET.get("year", "")
    return next((one for one in years() if str(one) == asked), localdate().year + 1)


def _of_year(year, days):
    """A year as a calendar, and where the library has it otherwise."""
    own = Days({year: days.announced[year]}) if year in days.announced else KNOWN
    other = own.changed(KNOWN) if carried(year) else ()
    return {
        "year": year,
        "months": [(month, _weeks(year, month, days)) for month in range(1, 13)],
        "holidays": _holidays(year, days),
        "differing": [(day, _worked(own, day), _worked(KNOWN, day)) for day in other],
    }


def _weeks(year, month, days):
    """(day, its look, its mark) of every day, from the Monday before the first; of other months None."""
    return [
        (day, look, MARKS.get(look, "")) if day.month == month else None
        for day in Calendar().itermonthdates(year, month)
        for look in [_look(day, days)]
    ]


def _look(day, days):
    if days.holiday(day):
        return "off"
    if day.weekday() < 5:
        return ""
    return "work" if days.is_workday(day) else "rest"


def _worked(days, day):
    return "上班" if days.is_workday(day) else "放假"


def _holidays(year, days):
    """(what it is called, its first day, its last, how many) in their order, as somebody reads it."""
    found = []
    first = dt.date(year, 1, 1)
    for day in (first + n * DAY for n in range(366)):
        if day.year != year:
            break
        name = days.holiday(day)
        if name and found and found[-1][0] == name and (day - found[-1][2]).days == 1:
            found[-1][2:] = [day, found[-1][3] + 1]
        elif name:
            found.append([name, day, day, 1])
    return found

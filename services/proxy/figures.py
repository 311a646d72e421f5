"""Figures of the green channel, from the counts kept beside the requests: no person in them."""

from collections import Counter, defaultdict

from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Left

from campaigns.counting import kept_below
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from services.proxy.choices import CaseFigure, Office, Wrong
from services.proxy.counts import PROXY
from services.proxy.models import CaseTally

PEOPLE = ("people", "elders", "children")
MOST_REASONS = 12


def median(histogram):
    """The middle number of days of {days: how many}; None of nothing."""
    total, passed = sum(histogram.values()), 0
    for days in sorted(histogram):
        passed += histogram[days]
        if 2 * passed >= total:
            return days
    return None


class Row:
    """Counts of one unit or one item, with the days they took."""

    def __init__(self, name, code=""):
        self.name, self.code = name, code
        self.counts, self.days = Counter(), Counter()

    def add(self, measure, detail, value):
        if measure == CaseFigure.DAYS:
            self.days[int(detail)] += value
        else:
            self.counts[measure] += value

    @property
    def median(self):
        return median(self.days)


def _tallies(campaign, code):
    # Details are kept for the days alone: what sent people home is a table of its own.
    return (
        CaseTally.objects.within(code)
        .filter(campaign=campaign)
        .exclude(measure=CaseFigure.SENT_HOME)
        .annotate(of=Case(When(measure=CaseFigure.DAYS, then=F("detail")), default=Value("")))
    )


def by_unit(campaign, unit):
    """(a row for each unit below, the row of them all); a county has none below."""
    digits = {Level.PROVINCE: 4, Level.CITY: 6}.get(unit.level, 6)
    found = (
        _tallies(campaign, county_of(unit.code))
        .annotate(below=Left("organization_id", digits))
        .values_list("below", "measure", "of")
        .annotate(total=Sum("value"))
        .order_by()
    )
    people = kept_below([f"{PROXY}-{key}" for key in PEOPLE], campaign, unit)
    rows, whole = defaultdict(lambda: Row("")), Row(unit.short_name)
    for below, measure, detail, total in found:
        rows[below].add(measure, detail, total)
        whole.add(measure, detail, total)
    for below, key, total in people:
        rows[below].counts[key.removeprefix(f"{PROXY}-")] += total
        whole.counts[key.removeprefix(f"{PROXY}-")] += total
    if digits == 6 and unit.level != Level.CITY:
        return [], whole
    units = Organization.objects.rows_below(unit, rows)
    for below in units:
        rows[below.code].name, rows[below.code].code = below.name, below.code
    return [rows[below.code] for below in units], whole


def by_item(campaign, code):
    """A row for each item, in the order of offices; the same title in two counties is one."""
    found = (
        _tallies(campaign, county_of(code))
        .values_list("item__newest__office", "item__newest__title", "measure", "of")
        .annotate(total=Sum("value"))
        .order_by()
    )
    rows = {}
    for office, title, measure, detail, total in found:
        row = rows.setdefault((office, title), Row(title, Office(office).label))
        row.add(measure, detail, total)
    return [rows[key] for key in sorted(rows)]


def sent_home(campaign, code):
    """What people had to come again for, the most frequent first: (item, material, what, times)."""
    found = (
        CaseTally.objects.within(county_of(code))
        .filter(campaign=campaign, measure=CaseFigure.SENT_HOME)
        .values_list("item__newest__title", "detail")
        .annotate(total=Sum("value"))
        .order_by("-total", "detail")[:MOST_REASONS]
    )
    reasons = []
    for title, detail, total in found:
        material, _, wrong = detail.rpartition("|")
        reasons.append((title, material, Wrong(wrong).label, total))
    return reasons

"""The activity log as somebody asks for it: the same rows on a page and in a file."""

from django.db import connection

from campaigns.forms import ActivityFilter
from campaigns.models import Activity, ActivityKind
from campaigns.models.log import LISTED
from qingchun.ground.ordering import Sorting
from qingchun.ground.prepared import prepared
from qingchun.ground.sought import Sought
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of, is_near
from qingchun.organizations.models import Organization

LEVEL_BELOW = {
    Level.PROVINCE: Level.CITY,
    Level.CITY: Level.COUNTY,
    Level.COUNTY: Level.TOWNSHIP,
}
# A text that stands in so many of the newest is found by reading on; one that so few entries hold
# by their numbers.
NEWEST, MANY, FEW = 500, 26, 4000
# What a pair is called differs by county: each is asked in its own words.
HOLDING = """
SELECT w.activity_id FROM unnest(%s::text[]) county(pairs) CROSS JOIN LATERAL
    (SELECT activity_id FROM campaigns_activitywords WHERE pairs @> county.pairs::int[] LIMIT %s) w
LIMIT %s
"""


def sorting_of(asked):
    """By the day alone: that is what the indexes of each level serve, whatever else is asked."""
    return Sorting(asked, {"held": LISTED})


def listed(user, campaign, asked):
    """(filter form, the entries of an edition that it leaves). ``asked``: what an address says."""
    scope = user.scope
    kinds = prepared(ActivityKind.objects).filter(campaign=campaign).open_to(scope)
    units = prepared(Organization.objects).within(scope)
    units = units.filter(level=LEVEL_BELOW.get(user.acting.organization.level))
    form = ActivityFilter(
        asked,
        kinds=kinds.values_list("key", "short_name", "pk"),
        units=units.values_list("code", "short_name"),
    )
    unit = asked.get("unit", "")
    if unit.startswith(scope) and unit not in dict(form.fields["unit"].choices):
        # A link from a board may name a unit deeper down than the list offers.
        deeper = Organization.objects.within(scope).filter(pk=unit)
        form.fields["unit"].choices += deeper.values_list("code", "short_name")
    form.is_valid()
    sought = Sought(form.cleaned_data.get("q", ""))
    # What is looked for by a text is asked in words of its own.
    begin = Activity.objects if sought.words else prepared(Activity.objects)
    found = form.narrow(begin.visible_to(user).of(campaign))
    if sought.words:
        found = holding(found, sought, form.cleaned_data.get("unit") or scope)
    return form, found


def holding(found, sought, code, more=None):
    """Those that hold a text, of what is found at and below a unit; asked at once is how many do.

    ``more``: what few are taken from instead, for which there is no index in order.
    """
    newest = Activity.objects.order_by().filter(pk__in=found.values("pk")[:NEWEST])
    if len(newest.holding(sought).values_list("pk")[:MANY]) < MANY:
        few = _of_words(sought, code)
        if len(few) <= FEW:
            found = (found if more is None else more).filter(pk__in=few)
    return found.holding(sought)


def _of_words(sought, code):
    """The numbers of entries that have all pairs of a text, but a little more than few."""
    if is_near(code):
        counties = [county_of(code)]
    else:
        units = Organization.objects.within(code).exclude(level=Level.TOWNSHIP)
        counties = units.values_list("code", flat=True)
    pairs = [
        f"{{{','.join(map(str, marks))}}}" for county in counties for marks in sought.marks(county)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of no use here, whatever is expected
        cursor.execute(HOLDING, [pairs, FEW + 1, FEW + 1])
        numbers = [number for (number,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return numbers

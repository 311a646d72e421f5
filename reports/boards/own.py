"""How far a unit is, in three figures, and what it did last: a township's are its own, not its county's."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Subquery, Sum
from django.db.models.functions import JSONObject

from campaigns.models import Activity, Campaign, Tally
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import is_below_county

LATELY = 12


def editions_of(code):
    """All editions, each with what a unit did in it: ``activities``, ``participants``, ``last_on``, and
    ``lately``, the latest first: [{"key", "kind", "place"}, …]."""
    if is_below_county(code):  # it has few enough to be counted
        return then(prepared(Campaign.objects), _counted, None, code)
    return then(prepared(Campaign.objects), _kept, None, code)


def _counted(found, _, code):
    rows = Activity.objects.filter(organization=code).live()
    return _with(found, code, rows, Count("pk"), "held_on")


def _kept(found, _, code):
    return _with(found, code, Tally.objects.within(code), Sum("activities"), "last_on")


def _with(found, code, rows, activities, day):
    rows = rows.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    sums = {"activities": activities, "participants": Sum("participants"), "last_on": Max(day)}
    own = Activity.objects.filter(organization=code, campaign=OuterRef("pk")).live()
    told = JSONObject(key="kind__key", kind="kind__short_name", place="place")
    lately = own.order_by("-logged_at").values(told=told).values("told")[:LATELY]
    return found.annotate(
        lately=ArraySubquery(lately),
        **{name: Subquery(rows.annotate(n=one).values("n")) for name, one in sums.items()},
    )

"""How far a unit is, in three figures: a township's are its own, not its county's."""

from django.db.models import Count, Max, OuterRef, Subquery, Sum

from campaigns.models import Activity, Campaign, Tally
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import is_below_county


def editions_of(code):
    """All editions, each with what a unit did in it: ``activities``, ``participants``, ``last_on``."""
    if is_below_county(code):  # it has few enough to be counted
        return then(prepared(Campaign.objects), _counted, None, code)
    return then(prepared(Campaign.objects), _kept, None, code)


def _counted(found, _, code):
    return _with(found, Activity.objects.filter(organization=code).live(), Count("pk"), "held_on")


def _kept(found, _, code):
    return _with(found, Tally.objects.within(code), Sum("activities"), "last_on")


def _with(found, rows, activities, day):
    rows = rows.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    sums = {"activities": activities, "participants": Sum("participants"), "last_on": Max(day)}
    return found.annotate(
        **{name: Subquery(rows.annotate(n=one).values("n")) for name, one in sums.items()}
    )

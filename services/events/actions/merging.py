"""A unit was merged: what is near to it, and who is at home there."""

from django.db.models import QuerySet

from qingchun.organizations.happening import follow
from qingchun.organizations.models import Organization
from services.events.models import EventGroup, Signup


def groups(rows: QuerySet, *, closed: Organization, after: Organization) -> int:
    near = EventGroup.objects.filter(near=closed).update(near=after)
    return near + follow(rows, after=after)


def signups(rows: QuerySet, *, closed: Organization, after: Organization) -> int:
    home = Signup.objects.filter(home=closed).update(home=after)
    return home + follow(rows, after=after)

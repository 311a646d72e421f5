"""A unit was merged: what is near to it, and who is at home there."""

from qingchun.organizations.happening import follow
from services.events.models import EventGroup, Signup


def groups(rows, *, closed, after):
    near = EventGroup.objects.filter(near=closed).update(near=after)
    return near + follow(rows, after=after)


def signups(rows, *, closed, after):
    home = Signup.objects.filter(home=closed).update(home=after)
    return home + follow(rows, after=after)

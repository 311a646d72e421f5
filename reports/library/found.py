"""What is kept for others, as it is found over everything."""

from django.db.models import Q

from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import above
from qingchun.organizations.querysets import code_range
from reports.library.models import Exemplar, Policy, Practice


def _practices(user, sought):
    found = prepared(Practice.objects).open_to(user)
    found = sought.among(found, *Practice.SEARCHED, said="title").order_by("-pk")
    return row_of(found, "practices", "title", "organization__short_name")


def _exemplars(user, sought):
    found = prepared(Exemplar.objects).open_to(user).exclude(title="")
    found = sought.among(found, "title", "place", "story", said="title").order_by("-pk")
    return row_of(found, "exemplars", "title", "organization__short_name", "place")


def _policies(user, sought):
    """Those of the unit's own place, of the places below it and of those above."""
    found = then(prepared(Policy.objects), _near, None, user.scope)
    found = sought.among(found, *Policy.SEARCHED, said="title").order_by("-pk")
    return row_of(found, "policies", "title", "organization__short_name", "who")


def _near(found, _, code):
    low, high = code_range(code)
    near = Q(organization_id__gte=low, organization_id__lt=high)
    return found.filter(near | Q(organization_id__in=above(code)), withdrawn_at=None)


def _hit(route):
    def show(user, row):
        who = " · ".join(filter(None, (row.who, row.note)))
        return Hit(row.what, who, address_of(route, row.pk))

    return show


def _kind(key, name, icon, route, find):
    return Find(key=key, name=name, icon=icon, route=route, find=find, show=_hit(route))


KEPT = [
    _kind("practices", "经验做法", "star", "reports:practice", _practices),
    _kind("exemplars", "典型", "user-star", "reports:exemplar", _exemplars),
    _kind("policies", "政策", "license", "reports:policy", _policies),
]

"""Units, as they are found over everything: each by how it stands."""

from django.db.models import Q

from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared
from qingchun.ground.shapes import Unread
from qingchun.organizations.choices import NameKind
from qingchun.organizations.models import Organization, OrganizationName
from qingchun.organizations.spelling import fold


def _units(user, sought):
    """By what stands in their names, as it is said too, or by how any name of theirs begins."""
    found = prepared(Organization.objects).within(user.scope).active()
    begins = (_called, Unread(fold(sought.text)))
    found = sought.among(found, "name", "full_name", said="name", equal=begins)
    return row_of(found.order_by("code"), "units", "full_name", "parent__name")


def _called(begins):
    names = OrganizationName.objects.filter(text__startswith=begins)
    return Q(pk__in=names.exclude(kind=NameKind.VILLAGE).values("unit"))


def _unit(user, row):
    return Hit(row.what, row.who, address_of(UNITS.route, row.pk))


UNITS = Find(
    key="units", name="单位", icon="building", route="reports:board_of",
    find=_units, show=_unit,
)  # fmt: skip

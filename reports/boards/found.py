"""Units, as they are found over everything: each by how it stands."""

from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared
from qingchun.ground.shapes import Unread
from qingchun.organizations.models import Organization


def _units(user, sought):
    """By their names, as they are said too, or by their whole code."""
    found = prepared(Organization.objects).within(user.scope).active()
    found = sought.among(
        found, "name", "full_name", said="name", equal=("code", Unread(sought.text))
    )
    return row_of(found.order_by("code"), "units", "full_name", "parent__name")


def _unit(user, row):
    return Hit(row.what, row.who, address_of(UNITS.route, row.pk))


UNITS = Find(
    key="units", name="单位", icon="building", route="reports:board_of",
    find=_units, show=_unit,
)  # fmt: skip

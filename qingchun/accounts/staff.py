"""Those who work at a unit, as its administrators find them over everything."""

from qingchun.accounts.models import Membership
from qingchun.accounts.phones import marked
from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared


def _staff(user, sought):
    found = prepared(Membership.objects).within(user.scope).standing()
    found = sought.among(found, said="user__name", equal=marked(sought.text, "user__phone_mark"))
    return row_of(found.order_by("-pk"), "staff", "user__name", "organization__short_name", "post")


def _one(user, row):
    who = " · ".join(filter(None, (row.who, row.note)))
    return Hit(row.what, who, address_of(STAFF.route, row.pk))


STAFF = Find(
    key="staff", name="人员", icon="users", route="accounts:person",
    find=_staff, show=_one,
)  # fmt: skip

"""The people of a unit and of those below, on their page, printed and exported whole."""

from django.db.models import Exists, OuterRef

from qingchun.accounts.models import Invitation, Membership
from qingchun.ground.lists import Listing
from qingchun.ground.ordering import Sorting
from qingchun.organizations.choices import Role
from qingchun.organizations.models import Organization

ADMINS = (Role.ADMIN,)
# A whole province has some thousands of posts.
WAYS = {
    "unit": ("organization_id", "pk"),
    "name": ("user__name", "pk"),
    "role": ("role", "organization_id", "pk"),
    "state": ("state", "organization_id", "pk"),
}


def sorting_of(asked):
    return Sorting(asked, WAYS)


def posts(user, asked):
    """The standing posts at and below a unit, with people and units."""
    found = Membership.objects.within(user.scope).standing()
    return sorting_of(asked).of(found.select_related("user", "organization"))


def unopened(user, asked):
    """The units below where nobody holds a post or is invited to one, in the order of their codes."""
    units = Organization.objects.within(user.scope).active().exclude(pk=user.scope)
    held = Membership.objects.within(user.scope).standing()
    asked_in = Invitation.objects.within(user.scope).waiting()
    taken = (one.filter(organization=OuterRef("pk")).order_by() for one in (held, asked_in))
    return units.filter(*(~Exists(one) for one in taken)).order_by("code")


UNOPENED = Listing(
    name="unopened",
    title="待开通账号的单位",
    page="accounts:open_many",
    rows=unopened,
    who={"roles": ADMINS},
    columns={"单位": "full_name", "级别": "get_level_display", "代码": "code"},
)
PEOPLE = Listing(
    name="people",
    title="人员名单",
    page="accounts:people",
    rows=posts,
    who={"roles": ADMINS},
    columns={
        "姓名": "user.name",
        "单位": "organization.short_name",
        "岗位": "post",
        "角色": "get_role_display",
        "手机号": "user.masked_phone",
        "提醒次序": "get_duty_display",
        "状态": "get_state_display",
    },
)

"""May this person do this? Nothing is queried, nothing raised."""

from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level, Role


def is_province_admin(user):
    return acts_as(user, Role.ADMIN) and user.acting.organization.level == Level.PROVINCE

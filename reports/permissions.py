"""May this person do this to this plan? Nothing is queried, nothing raised."""

from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level, Role

WRITERS = (Role.ADMIN, Role.EDITOR)
REVIEWERS = (Role.ADMIN, Role.REVIEWER)


def is_province(user):
    return bool(user.acting) and user.acting.organization.level == Level.PROVINCE


def can_write_plans(user):
    """A city writes its own plan; the province may not write one."""
    return acts_as(user, *WRITERS) and user.acting.organization.level == Level.CITY


def can_edit(user, plan):
    return can_write_plans(user) and user.scope == plan.organization_id


def can_review(user, plan):
    return is_province(user) and acts_as(user, *REVIEWERS)

"""May this person do this? Nothing is queried, nothing raised."""

from campaigns.permissions import WRITERS
from qingchun.accounts.permissions import acts_as, works_for
from qingchun.organizations.choices import Level


def can_post(user):
    """A county vouches for an employer; nobody above it knows them, a township asks it to."""
    return acts_as(user, *WRITERS) and user.acting.organization.level == Level.COUNTY


def can_keep(user, record):
    """A county's own vacancy, and whoever asked for it."""
    return can_post(user) and works_for(user, record.organization_id, *WRITERS)


def is_own(user, interest):
    """What somebody asked for is taken back by themselves alone."""
    return user is not None and user.pk is not None and interest.user_id == user.pk

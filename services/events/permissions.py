"""May this person do this? Nothing is queried, nothing raised."""

from campaigns.permissions import WRITERS
from qingchun.accounts.permissions import acts_as, works_for
from qingchun.organizations.choices import Level, Role


def can_make(user):
    """Every unit may ask people to something."""
    return acts_as(user, *WRITERS)


def can_run(user, event):
    """A unit runs its own events; those above see figures, those below the public page."""
    return works_for(user, event.organization_id, *WRITERS)


def can_stand_at(user, code):
    """Province, city, county and the county's townships stand at one point alike."""
    near = code.startswith(user.scope) or user.scope.startswith(code)
    return acts_as(user, *WRITERS) and bool(user.scope) and near


def can_visit(user):
    """Visits to people in need are the county's own affair."""
    return acts_as(user, *WRITERS) and user.acting.organization.level == Level.COUNTY


def can_answer_reports(user, event):
    return works_for(user, event.organization_id, Role.ADMIN, Role.REVIEWER)


def is_own(user, signup):
    """A sign-up is given up, confirmed and rated by its person alone."""
    return user is not None and user.pk is not None and signup.user_id == user.pk

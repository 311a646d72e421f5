"""May this person do this to this record? Nothing is queried, nothing raised."""

import datetime as dt

from django.utils.timezone import now

from qingchun.accounts.permissions import acts_as, is_above, works_for
from qingchun.organizations.choices import Level, Role

WRITERS = (Role.ADMIN, Role.EDITOR, Role.LIAISON)
CHECKERS = (Role.ADMIN, Role.REVIEWER, Role.EDITOR)
SLIP = dt.timedelta(minutes=10)


def can_log(user, code):
    """A unit logs what it did itself."""
    return works_for(user, code, *WRITERS)


def undertook(user, undertaking):
    return can_log(user, undertaking.organization_id)


def can_edit(user, activity):
    return works_for(user, activity.organization_id, *WRITERS) and activity.deleted_at is None


def can_check(user, activity):
    """A unit above marks an entry checked or asks; nobody checks their own."""
    return is_above(user, activity.organization_id) and acts_as(user, *CHECKERS)


def can_check_below(user):
    """Whoever has units below them whose entries they may check."""
    return acts_as(user, *CHECKERS) and user.acting.organization.level != Level.TOWNSHIP


def can_answer(user, activity):
    return works_for(user, activity.organization_id, *WRITERS)


def can_run_editions(user):
    """Province administrators look after editions, deadlines and extensions."""
    return acts_as(user, Role.ADMIN) and user.acting.organization.level == Level.PROVINCE


def can_run_edition(user, edition):
    return can_run_editions(user)


def just_logged(user, activity):
    """A slip of the pen: whoever logged it, minutes ago, need not say why they correct it."""
    age = now() - activity.logged_at
    return activity.logged_by_id == user.pk and not activity.checked_at and age < SLIP

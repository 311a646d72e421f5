"""May this person do this to this paper? Nothing is queried, nothing raised."""

from campaigns.choices import DeadlineType
from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level, Role
from qingchun.organizations.walls import PROVINCE

WRITERS = (Role.ADMIN, Role.EDITOR)
REVIEWERS = (Role.ADMIN, Role.REVIEWER)


def is_province(user):
    return bool(user.acting) and user.acting.organization.level == Level.PROVINCE


def can_write_plans(user):
    """A city writes its own plan; the province may not write one."""
    return acts_as(user, *WRITERS) and user.acting.organization.level == Level.CITY


def can_write_summaries(user):
    """A city writes its own; the province compiles its own from them."""
    at_work = acts_as(user, *WRITERS)
    return at_work and user.acting.organization.level in (Level.CITY, Level.PROVINCE)


def is_provinces_own(paper):
    return paper.organization_id == PROVINCE


def can_edit(user, paper):
    may = can_write_summaries if paper.purpose == DeadlineType.SUMMARY else can_write_plans
    return may(user) and user.scope == paper.organization_id


def can_review(user, paper):
    return is_province(user) and acts_as(user, *REVIEWERS)


def sends(user, paper):
    """A city sends its own."""
    return can_edit(user, paper) and not is_provinces_own(paper)


def settles(user, paper):
    """The province settles its own."""
    return can_edit(user, paper) and is_provinces_own(paper)


def reviews(user, paper):
    return can_review(user, paper) and not is_provinces_own(paper)


def reads_summaries(user):
    """Files are made for whoever may read what is in them."""
    return bool(user.acting) and user.acting.organization.level in (Level.CITY, Level.PROVINCE)


def is_own(user, record):
    return user.scope == record.organization_id

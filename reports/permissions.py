"""May this person do this to this paper? Nothing is queried, nothing raised."""

from campaigns.choices import Purpose
from campaigns.permissions import can_log
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
    may = can_write_summaries if paper.purpose == Purpose.SUMMARY else can_write_plans
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


def can_ask_below(user):
    """Whoever has units below may ask something of them; it goes on the ledger."""
    levels = (Level.PROVINCE, Level.CITY, Level.COUNTY)
    return acts_as(user, *WRITERS) and user.acting.organization.level in levels


def asks_it(user, demand):
    """The unit that asks, and nobody else, takes a demand back."""
    return can_ask_below(user) and is_own(user, demand)


def looks_at(user, voice):
    """Home looks at what its own young people say."""
    return can_log(user, voice.organization_id)


def is_own(user, record):
    return user.scope == record.organization_id


def can_keep(user):
    """Counties and cities write down what others can use; the province its own."""
    levels = (Level.PROVINCE, Level.CITY, Level.COUNTY)
    return acts_as(user, *WRITERS) and user.acting.organization.level in levels


def is_keepers_own(user, record):
    """Of the unit acted for, by somebody who keeps such things there."""
    return can_keep(user) and is_own(user, record)


def keeps_for_city(user, record):
    """The city above the record's unit."""
    city = bool(user.acting) and user.acting.organization.level == Level.CITY
    return city and can_keep(user) and record.organization_id.startswith(user.scope)


def passed_up(user, record):
    """The city that passed a county's story on to the province."""
    return keeps_for_city(user, record) and not is_own(user, record)


def keeps_for_province(user, record):
    return is_province(user) and can_keep(user)


def can_choose(user, record=None):
    """The province chooses what is shown to all."""
    return is_province(user) and acts_as(user, *REVIEWERS)

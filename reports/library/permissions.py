"""May this person do this to this paper? Nothing is queried, nothing raised."""

from campaigns.permissions import can_log
from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level
from reports.papers.permissions import REVIEWERS, WRITERS, is_own, is_province


def looks_at(user, voice):
    """Home looks at what its own young people say."""
    return can_log(user, voice.organization_id)


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

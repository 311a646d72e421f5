"""May this person do this? Nothing is queried, nothing raised."""

from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level, Role
from talent.youth.permissions import can_publish_texts, can_register


def can_tend_record(user, record):
    return can_register(user) and record.organization_id.startswith(user.scope)


def can_tend_sheet(user, sheet):
    return can_register(user) and sheet.organization_id.startswith(user.scope)


def can_ask_for_record(user):
    """The city and the province may read one record, if they say why."""
    acting = user.acting
    return (
        bool(acting)
        and acting.organization.level in (Level.PROVINCE, Level.CITY)
        and acts_as(user, Role.ADMIN, Role.REVIEWER)
    )


def can_keep_terms(user):
    return can_publish_texts(user)

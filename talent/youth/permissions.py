"""May this person do this? Nothing is queried, nothing raised."""

from campaigns.permissions import CHECKERS, WRITERS
from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level, Role
from qingchun.organizations.codes import is_near

NEAR = (Level.COUNTY, Level.TOWNSHIP)


def is_near_home(user):
    """Counties and townships see people; the city and the province see figures."""
    return bool(user.acting) and user.acting.organization.level in NEAR


def can_register(user):
    return is_near_home(user) and acts_as(user, *WRITERS)


def can_keep(user, code):
    """A unit keeps its own groups and page; the unit above may step in."""
    return acts_as(user, *WRITERS) and bool(user.scope) and code.startswith(user.scope)


def can_tend(user, youth):
    return can_register(user) and youth.organization_id.startswith(user.scope)


def can_answer(user, question):
    """Whoever it lies with, the county for its townships, and the city once it is late."""
    code, scope = question.organization_id, user.scope
    if not scope or not acts_as(user, *WRITERS) or not code.startswith(scope):
        return False
    return code == scope or is_near(scope) or question.risen_at is not None


def can_publish_texts(user):
    return acts_as(user, Role.ADMIN) and user.acting.organization.level == Level.PROVINCE


def writes_letters(user, code):
    """A county writes home for all its people, a township for its own."""
    return is_near_home(user) and can_keep(user, code)


def writes_part(user, part):
    return writes_letters(user, part.organization_id)


def approves_part(user, part):
    """The county looks at what is said in its letter; that it was written by another, the action asks."""
    return has_county(user) and part.organization_id.startswith(user.scope)


def sends_letter(user, letter):
    return has_county(user) and letter.organization_id == user.scope


def has_county(user):
    return acts_as(user, *CHECKERS) and user.acting.organization.level == Level.COUNTY

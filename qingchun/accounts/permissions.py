"""May this person do this? Yes or no: nothing is asked of the database, nothing raised."""

from qingchun.organizations.choices import Role
from qingchun.organizations.walls import PROVINCE as TOP

WATCHED = (Role.ADMIN, Role.AUDITOR)


def acts_as(user, *roles):
    return bool(user.acting) and user.acting.role in roles


def works_for(user, code, *roles):
    """True when the person acts for exactly this unit, in one of these roles."""
    return acts_as(user, *roles) and user.scope == code


def is_above(user, code):
    """True when the person acts for a unit strictly above the one with this code."""
    return bool(user.scope) and code.startswith(user.scope) and code != user.scope


def can_manage_people(user, code):
    """An administrator looks after the accounts of their own unit and of those below."""
    return acts_as(user, Role.ADMIN) and code.startswith(user.scope)


def can_manage_person(user, posts):
    """What touches a whole person asks for the right over every one of their standing posts.

    An administrator's number and password are not a colleague's to change, nor are those of an
    auditor, who reads what the colleague did: the unit above does it, and in the province, which
    has none above, another administrator.
    """
    return bool(posts) and all(
        can_manage_people(user, post.organization_id)
        and (post.role not in WATCHED or is_above(user, post.organization_id) or user.scope == TOP)
        for post in posts
    )

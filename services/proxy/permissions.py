"""May this person do this? Nothing is queried, nothing raised."""

from campaigns.permissions import WRITERS
from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level, Role

NEAR = (Level.COUNTY, Level.TOWNSHIP)
LEADS = (Role.ADMIN, Role.REVIEWER)  # of a county


def is_near(user):
    """Counties and townships see people; the city and the province see figures."""
    return bool(user.acting) and user.acting.organization.level in NEAR


def can_carry(user):
    """Whoever works on requests of their own unit and of those below it."""
    return is_near(user) and acts_as(user, *WRITERS)


def can_tend(user, case):
    return can_carry(user) and case.organization_id.startswith(user.scope)


def leads(user, case):
    """The county's own cadres who answer for its cases."""
    return (
        acts_as(user, *LEADS)
        and user.acting.organization.level == Level.COUNTY
        and case.organization_id.startswith(user.scope)
    )


def is_agent(user, case):
    return bool(user.acting) and case.agent_id is not None and case.agent_id == user.acting.pk


def carries(user, case):
    """Its agent, or the county's lead."""
    return can_tend(user, case) and (is_agent(user, case) or leads(user, case))


def is_askers(user, case):
    """Of whoever asked."""
    return user is not None and case.asker_id == user.pk


# Pictures of papers: the agent and the county's lead; the person sees their own.
can_open_papers = carries


def can_keep_items(user):
    """A county keeps its checklist, the province its templates."""
    return acts_as(user, Role.ADMIN, Role.EDITOR) and user.acting.organization.level in (
        Level.COUNTY,
        Level.PROVINCE,
    )


def can_keep(user, item):
    return can_keep_items(user) and item.organization_id == user.scope

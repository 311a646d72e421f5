"""May this person do this to this paper? Nothing is queried, nothing raised."""

from qingchun.accounts.permissions import acts_as
from qingchun.organizations.choices import Level
from reports.papers.permissions import WRITERS, is_own


def can_ask_below(user):
    """Whoever has units below may ask something of them; it goes on the ledger."""
    levels = (Level.PROVINCE, Level.CITY, Level.COUNTY)
    return acts_as(user, *WRITERS) and user.acting.organization.level in levels


def asks_it(user, demand):
    """The unit that asks, and nobody else, takes a demand back."""
    return can_ask_below(user) and is_own(user, demand)

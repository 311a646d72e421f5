"""A person changes their unit: what hangs on them goes along, and their figures too."""

from typing import Any

from django.db.models import QuerySet

from campaigns.counting import count
from qingchun.notifications.actions import no_longer
from qingchun.organizations.changes import MOVED as CHANGE
from qingchun.organizations.happening import happen, pointing
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.youth.counts import CHECKED_IN
from talent.youth.models import Youth


def move(youth: Youth, home: Organization) -> None:
    """Give a person and all that is known of them to another unit.

    Called by the actions that may: a person's own choice, a hand-over.
    Questions stay with whoever is answering them.
    """
    no_longer(youth)
    with acting("hand over"):
        happen(CHANGE, pointing(Youth=[youth], themselves=True), after=home)
    youth.organization = home


def checkins(rows: QuerySet, *, after: Organization, **_: Any) -> int:
    for checkin in rows.filter(campaign__isnull=False):
        counted = CHECKED_IN[checkin.kind]
        count(counted, checkin.campaign_id, checkin.organization_id, -1)
        count(counted, checkin.campaign_id, after.code)
    return rows.update(organization=after)

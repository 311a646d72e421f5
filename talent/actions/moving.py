"""A person changes their unit: what hangs on them goes along, and their figures too."""

from campaigns.counting import count
from qingchun.organizations.walls import as_clerk
from talent.counts import CHECKED_IN
from talent.models import CheckIn, Consent, Contact, GroupMember


def move(youth, home):
    """Give a person and all that is known of them to another unit.

    Called by the actions that may: a person's own choice, a hand-over, a merger of units.
    Questions stay with whoever is answering them.
    """
    with as_clerk():
        for checkin in CheckIn.objects.filter(youth=youth, campaign__isnull=False):
            counted = CHECKED_IN[checkin.kind]
            count(counted, checkin.campaign_id, checkin.organization_id, -1)
            count(counted, checkin.campaign_id, home.code)
        for model in (CheckIn, Consent, Contact, GroupMember):
            model.objects.filter(youth=youth).update(organization=home)
        type(youth).objects.filter(pk=youth.pk).update(organization=home)
    youth.organization = home

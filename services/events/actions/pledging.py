"""移风易俗承诺: signed at will, counted, printed."""

from django.db import IntegrityError, transaction

from campaigns.models import Campaign
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused
from services.events import counts
from services.events.models import Pledge
from talent.youth.models import Youth


def own(user: User) -> Pledge | None:
    """The pledge of the edition at work, or none."""
    return Pledge.objects.filter(user=user, campaign=Campaign.objects.at_work()).first()


@transaction.atomic
def pledge(user: User) -> Pledge | None:
    """Raises: Refused before they have checked in. Signed already, it stays as it is."""
    youth = Youth.objects.of(user).first()
    if youth is None:
        raise Refused("请先向家乡团组织报到，再签承诺。")
    if found := own(user):
        return found
    try:
        with transaction.atomic():
            made = Pledge.objects.create(
                organization_id=youth.organization_id,
                user=user,
                campaign=Campaign.objects.at_work(),
                name=youth.name,
            )
    except IntegrityError:  # the same tap, twice at once
        return own(user)
    counts.count_record(counts.PLEDGES, made)
    return made


@transaction.atomic
def take_back(user: User) -> None:
    """Signed at will, taken back at will."""
    if found := own(user):
        Pledge.objects.filter(pk=found.pk).delete()
        counts.count_record(counts.PLEDGES, found)

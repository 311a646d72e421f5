"""Who runs what: written when the province approves a city's plan."""

from django.db import transaction

from campaigns.choices import Group
from campaigns.models import ActivityKind, Undertaking

FIRST_INNOVATION = 100  # after the ten


@transaction.atomic
def undertake(campaign, city, *, rows, own, featured, action_day):
    """Make what the city and its counties run equal to the approved plan.

    Needs: ``rows`` as unit code → keys of kinds; ``own`` as key in the plan → name of an
    innovation, which becomes a kind like the ten; a transaction that approves the plan.
    """
    kinds = {kind.key: kind for kind in campaign.kinds.filter(city=None)}
    for number, (key, name) in enumerate(own.items(), FIRST_INNOVATION):
        kinds[key], _ = ActivityKind.objects.update_or_create(
            campaign=campaign,
            key=f"{city.code}-{key}",
            defaults={
                "number": number, "group": Group.INNOVATION, "name": name,
                "short_name": name[:10], "run_by": city.name, "city": city,
            },
        )  # fmt: skip
    Undertaking.objects.within(city.code).filter(campaign=campaign).delete()
    Undertaking.objects.bulk_create(
        Undertaking(
            campaign=campaign,
            organization_id=code,
            kind=kinds[key],
            is_featured=key == featured,
            action_day=action_day,
        )
        for code, keys in rows.items()
        for key in keys
    )


@transaction.atomic
def give_up(campaign, city):
    """The plan is not approved after all: nobody runs what it said. Needs: nothing logged by it."""
    Undertaking.objects.within(city.code).filter(campaign=campaign).delete()
    ActivityKind.objects.filter(campaign=campaign, city=city).delete()

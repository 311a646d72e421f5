"""Who runs what: written when the province approves a city's plan."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns.choices import CampaignState, Group
from campaigns.models import ActivityKind, Tally, Undertaking

FIRST_INNOVATION = 100  # after the ten


@transaction.atomic
def undertake(campaign, city, *, rows, own, featured, action_day):
    """Make what the city and its counties run equal to the approved plan.

    Needs: ``rows`` as unit code → keys of kinds; ``own`` as key in the plan → name of an
    innovation, which becomes a kind like the ten; a transaction that approves the plan.
    """
    kinds = {kind.key: kind for kind in campaign.kinds.of_all()}
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


def pass_on_owed(rows, *, after, **_):
    """What a unit that was merged undertook and has not reported is its successor's to report.

    Once, where both undertook it. What was reported stays with what it was reported by.
    """
    done = Tally.objects.filter(
        campaign=OuterRef("campaign"), organization=OuterRef("organization"),
        kind=OuterRef("kind"), activities__gt=0,
    )  # fmt: skip
    owed = rows.filter(nothing_to_report_at=None).exclude(campaign__state=CampaignState.LOCKED)
    found = list(owed.exclude(Exists(done)))
    for one in found:
        _owe(one, after)
    return len(found)


def _owe(one, after):
    same = {"campaign": one.campaign_id, "kind": one.kind_id, "organization": after}
    both = Undertaking.objects.filter(**same).first()
    if both is None:
        Undertaking.objects.filter(pk=one.pk).update(organization=after)
        return
    both.is_featured |= one.is_featured
    both.action_day = both.action_day or one.action_day
    both.save(update_fields=["is_featured", "action_day"])
    one.delete()


@transaction.atomic
def give_up(campaign, city):
    """The plan is not approved after all: nobody runs what it said. Needs: nothing logged by it."""
    Undertaking.objects.within(city.code).filter(campaign=campaign).delete()
    ActivityKind.objects.filter(campaign=campaign, city=city).delete()

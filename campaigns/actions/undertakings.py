"""Who runs what: written when the province approves a city's plan."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from campaigns.choices import CampaignState, Group
from campaigns.models import Activity, ActivityKind, Campaign, Tally, Undertaking
from qingchun.organizations.models import Organization

FIRST_INNOVATION = 100  # after the ten


@transaction.atomic
def undertake(
    campaign: Campaign,
    city: Organization,
    *,
    rows: Mapping[str, Iterable[str]],
    own: Mapping[str, str],
    featured: str,
    action_day: dt.date | None,
) -> None:
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
    _make_equal(
        campaign,
        city,
        {(code, kinds[key].pk): key == featured for code, keys in rows.items() for key in keys},
        action_day,
    )
    _drop_unused(campaign, city, keep=[kinds[key].pk for key in own])


def _make_equal(
    campaign: Campaign,
    city: Organization,
    wanted: Mapping[tuple[str, int], bool],
    action_day: dt.date | None,
) -> None:
    """What stays keeps what the unit said of it. ``wanted``: (unit, kind) → whether featured."""
    held = Undertaking.objects.within(city.code).filter(campaign=campaign)
    stay, gone = {}, []
    for one in held:
        at = (one.organization_id, one.kind_id)
        if at in wanted:
            stay[at] = one
            one.is_featured, one.action_day = wanted[at], action_day
        else:
            gone.append(one.pk)
    held.filter(pk__in=gone).delete()
    Undertaking.objects.bulk_update(stay.values(), ["is_featured", "action_day"])
    Undertaking.objects.bulk_create(
        Undertaking(
            campaign=campaign,
            organization_id=code,
            kind_id=kind,
            is_featured=is_featured,
            action_day=action_day,
        )
        for (code, kind), is_featured in wanted.items()
        if (code, kind) not in stay
    )


def _drop_unused(campaign: Campaign, city: Organization, *, keep: Iterable[int]) -> None:
    """The city's own kinds that its plan has no longer; what was logged keeps its kind."""
    own = ActivityKind.objects.filter(campaign=campaign, city=city).exclude(pk__in=keep)
    own.exclude(Exists(Activity._base_manager.filter(kind=OuterRef("pk")))).delete()


def pass_on_owed(rows: QuerySet, *, after: Organization, **_: Any) -> int:
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


def _owe(one: Undertaking, after: Organization) -> None:
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
def give_up(campaign: Campaign, city: Organization) -> None:
    """The plan is not approved after all: nobody runs what it said. Needs: nothing logged by it."""
    Undertaking.objects.within(city.code).filter(campaign=campaign).delete()
    ActivityKind.objects.filter(campaign=campaign, city=city).delete()

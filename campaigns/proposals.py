"""What the form of an entry proposes: what its unit logged last, and what a notice of the group is
read by (static/qingchun/notice.js, on the device: nothing of a notice is sent here)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import IntegerField, QuerySet, Value

from campaigns.catalogue import SAID
from campaigns.models import Activity, ActivityKind, Campaign
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization

LOOKED_AT, PLACES = 30, 6


def latest(
    code: str, campaign: Campaign, editions: Sequence[Campaign]
) -> tuple[list[str], list[str]]:
    """(keys of kinds, places) of what a unit logged last, each once; of this edition, then of the
    one before it, whose halls are the same. One query."""
    earlier = (one.pk for one in editions if one.starts_on < campaign.starts_on)
    before = next(earlier, campaign.pk)
    found = then(prepared(Activity.objects), _latest, None, code, campaign.pk, before)
    kinds, places = {}, {}  # in their order
    for key, place, *_ in found:
        kinds[key] = places[place] = True
    return list(kinds), list(places)[:PLACES]


def _latest(found: QuerySet, _: None, code: str, *editions: int) -> QuerySet:
    each = [
        found.filter(campaign=edition, organization=code, deleted_at=None)
        .annotate(turn=Value(turn, output_field=IntegerField()))
        .order_by("-logged_at")
        .values_list("kind__key", "place", "logged_at", "turn")[:LOOKED_AT]
        for turn, edition in enumerate(editions)
    ]
    return each[0].union(*each[1:], all=True).order_by("turn", "-logged_at")


def read_by(user: Any, campaign: Campaign, kinds: Iterable[ActivityKind]) -> dict[str, Any]:
    """By what static/qingchun/notice.js reads: words of the kinds, the first day, whose it may be."""
    scope, unit = user.scope, user.acting.organization
    named = prepared(Organization.objects).active().filter(level__in=[Level.CITY, Level.COUNTY])
    own, others = {unit.name}, set()
    for code, name in named.values_list("code", "name"):
        if code.startswith(scope) or code == county_of(scope):
            own.add(name)
        elif not scope.startswith(code):
            others.add(name)
    return {
        "kinds": [
            {
                "key": kind.key,
                "name": kind.short_name,
                "words": [kind.name, *SAID.get(kind.key, ())],
            }
            for kind in kinds
        ],
        "from": campaign.starts_on.isoformat(),
        "here": unit.name,
        "own": sorted(own),
        "others": sorted(others - own),
    }

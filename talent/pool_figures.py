"""The pool in numbers, for those who may not see its people: counted as the clerk, by unit."""

from collections import Counter, defaultdict
from itertools import pairwise

from django.db.models import Count
from django.db.models.functions import Left

from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import as_clerk
from talent.choices import IN_THE_POOL, Intention, Stage
from talent.models import TalentRecord
from talent.regions import tiles
from talent.words import pairs_in, plain

MOST_FOUND = 50


def by_unit(unit):
    """A row for each unit below a city or the province, in the order of their codes."""
    digits = 4 if unit.level == Level.PROVINCE else 6
    with as_clerk():
        counted = (
            TalentRecord.objects.within(unit.code)
            .standing()
            .annotate(below=Left("organization_id", digits))
            .values_list("below", "stage", "intention")
            .annotate(people=Count("pk"))
            .order_by()
        )
        found = defaultdict(Counter)
        for below, stage, intention, people in counted:
            found[below][stage] += people
            found[below][f"wants-{intention}"] += people
    units = Organization.objects.active().filter(parent=unit).exclude(level=Level.DEPARTMENT)
    return [
        {
            "unit": below,
            "known": sum(found[below.code][stage] for stage in Stage.values),
            "pool": sum(found[below.code][stage] for stage in IN_THE_POOL),
            "returned": found[below.code][Stage.RETURNED],
            "started": found[below.code][Stage.STARTED],
            "will": found[below.code][f"wants-{Intention.WILL.value}"],
        }
        for below in units
    ]


def lives_in(code):
    """The tiles of the map, and how many live where nobody can tell."""
    with as_clerk():
        counted = dict(
            TalentRecord.objects.within(code)
            .standing()
            .values_list("lives_in")
            .annotate(people=Count("pk"))
            .order_by()
        )
    unknown = counted.pop("", 0)
    rows = sorted(tiles(counted), key=lambda tile: tile["code"])
    return {"tiles": rows, "unknown": unknown, "people": sum(counted.values()) + unknown}


def holding(unit, text):
    """[(county's name, number of a record)]: who has a text, for those who see no names.

    Pairs alone are asked: a record may be found that has them in another order.
    """
    counties = dict(Organization.objects.counties_of(unit.code).values_list("code", "short_name"))
    # What a pair is called differs by county, so each is looked up under every county's name.
    pairs = set(map("".join, pairwise(plain(text))))
    with as_clerk():
        found = TalentRecord.objects.standing().within(unit.code)
        for pair in pairs:
            marks = [mark for code in counties for mark in pairs_in([pair], code)]
            found = found.filter(words__pairs__overlap=marks)
        rows = list(found.order_by("-pk").values_list("county", "pk")[: MOST_FOUND + 1])
    return [(counties.get(county, county), pk) for county, pk in rows]

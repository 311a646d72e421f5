"""The pool in numbers, for those who may not see its people: counted past the wall, by unit."""

from collections import Counter, defaultdict

from django.db import connection
from django.db.models import Count
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left

from qingchun.ground.sought import Sought
from qingchun.organizations.choices import Level
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting
from talent.pool.choices import IN_THE_POOL, Intention, Stage
from talent.pool.models import TalentRecord
from talent.pool.regions import tiles

MOST_FOUND, FEW_COUNTIES = 50, 12
SEVERAL = 3  # so many say it that it tells of nobody


def by_unit(unit):
    """A row for each unit below a city or the province, in the order of their codes."""
    digits = 4 if unit.level == Level.PROVINCE else 6
    with acting("count"):
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
    units = Organization.objects.rows_below(unit, found)
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
    with acting("count"):
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


UNNAMED = """
SELECT word, count(*) FROM talent_talentrecord, unnest(skills) word
WHERE merged_into_id IS NULL AND NOT word = ANY(%s)
GROUP BY word HAVING count(*) >= %s ORDER BY 2 DESC, 1 LIMIT 20
"""


def unnamed_skills(terms):
    """[(word, people)]: what is written for a skill by several people and has no name yet."""
    known = [word for term in terms for word in (term.name, *term.others)]
    with acting("count"), connection.cursor() as cursor:
        cursor.execute(UNNAMED, [known, SEVERAL])
        return cursor.fetchall()


# What a pair is called differs by county: each is asked in its own words.
HOLDING = """
SELECT w.record_id FROM unnest(%s::text[]) county(pairs) CROSS JOIN LATERAL
    (SELECT record_id FROM talent_poolwords WHERE pairs @> county.pairs::int[] LIMIT %s) w
"""


def holding(unit, text):
    """[(county's name, number of a record)]: who has a text, for those who see no names."""
    counties = dict(Organization.objects.counties_of(unit.code).values_list("code", "short_name"))
    codes, found, sought = list(counties), [], Sought(text)
    with acting("count"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of no use here, whatever is expected
        # What many say is found in a few counties, what few say is quickly asked in all.
        for some in (codes[:FEW_COUNTIES], codes[FEW_COUNTIES:]):
            if len(found) <= MOST_FOUND:
                marks = (one for code in some for one in sought.marks(code))
                pairs = [f"{{{','.join(map(str, one))}}}" for one in marks]
                numbers = RawSQL(HOLDING, [pairs, 2 * MOST_FOUND])  # noqa: S611 only marks go in
                # A mark may be another one's in a county that was not asked: one in four billion.
                records = TalentRecord.objects.within(unit.code).standing().filter(pk__in=numbers)
                records = records.really_holding(sought).order_by("county", "-pk")
                found += records.values_list("county", "pk")[: MOST_FOUND + 1]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return [(counties[county], pk) for county, pk in found[: MOST_FOUND + 1]]

"""What each level asks of the next, in minutes times units: seen by whoever asks, and upward. What it
takes to log an entry is not estimated but counted, where pages have counted it."""

from dataclasses import dataclass
from math import ceil

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from campaigns.choices import DeadlineType
from campaigns.counting import page_of, registered
from campaigns.effort import Figures, figures
from campaigns.models import Measure, Tally
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of, is_above_county, is_below_county
from qingchun.organizations.models import Organization
from reports.boards.choices import DemandKind
from reports.boards.models import Demand, YouthCount
from reports.papers.choices import Section
from reports.papers.summary_content import NEEDED

# Minutes, estimated: what the portal itself asks. Whoever asks more says for themselves. An entry's
# is of use until there are counted ones.
A_PART_OF_A_PLAN, A_PART_OF_A_SUMMARY = 8, 5
A_MINUTE = 60
# What the portal has already, beside the figures that apps register.
KNOWN = {
    "场次": "活动台账",
    "活动场数": "活动台账",
    "参加人次": "活动台账",
    "参与人数": "活动台账",
    "参加人数": "活动台账",
    "照片": "活动台账",
    "图片": "活动台账",
    "台账": "活动台账",
    "媒体报道": "活动台账",
    "报到人数": "返乡青年",
    "返乡青年人数": "返乡青年",
    "进展": "进展",
    "周报": "进展",
    "日报": "进展",
    "进度": "进展",
}
PLACES = {
    "活动台账": "campaigns:activities",
    "返乡青年": "talent:youth",
    "进展": "reports:board",
}


@dataclass(frozen=True)
class Row:
    """One thing asked. ``of``: which level it is asked of."""

    what: str
    by: str
    of: str
    minutes: int
    units: int
    demand: object = None

    @property
    def in_all(self):
        return self.minutes * self.units


def known_fact(label, campaign):
    """(what it is called here, where it stands) of a fact the portal has, or None."""
    wanted = label.replace(" ", "")
    for counted in registered().values():
        if counted.label in wanted and len(counted.label) > 2:
            return counted.label, reverse(page_of(counted.name))
    for name in Measure.objects.filter(kind__campaign=campaign).values_list("label", flat=True):
        if name in wanted:
            return name, reverse("campaigns:activities")
    for word, place in KNOWN.items():
        if word in wanted:
            return word, reverse(PLACES[place])
    return None


def units_below(code):
    return Organization.objects.active().filter(parent=code).exclude(level=Level.DEPARTMENT)


def demands_for(campaign, unit):
    """What a unit is asked by the one right above it, and what it asks itself."""
    found = Demand.objects.filter(
        campaign=campaign, organization__in=[unit.code, unit.parent_id], dropped_at=None
    )
    return found.select_related("organization")


def demands_below(campaign, code):
    """What units below ask of theirs: for whoever is above."""
    found = Demand.objects.within(code).filter(campaign=campaign, dropped_at=None)
    return found.exclude(organization=code).select_related("organization")


def counties():
    """Every county with its city's name and the number of young people that is known of it."""
    known = YouthCount.objects.filter(organization=OuterRef("pk"))
    found = Organization.objects.active().filter(level=Level.COUNTY).select_related("parent")
    return found.annotate(
        young_people=Subquery(known.values("people")[:1]),
        source=Subquery(known.values("source")[:1]),
    )


LEVELS = {2: "各市", 4: "各县", 6: "各乡镇"}


def ledger(campaign, unit, entry=A_MINUTE):
    """Rows of what is asked of a unit, counted once, and of what it asks of those below it.

    ``entry``: seconds that one entry takes.
    """
    rows = [*_own_rows(campaign, unit, entry)]
    for demand in demands_for(campaign, unit):
        by = demand.organization
        is_own = by.code == unit.code
        rows.append(
            Row(
                demand.label,
                "团省委" if by.level == Level.PROVINCE else by.name,
                LEVELS.get(len(by.code), "") if is_own else unit.name,
                demand.minutes,
                demand.units if is_own else 1,
                demand,
            )
        )
    return rows


def _own_rows(campaign, unit, entry):
    """What the portal brings along: the plan, the summary, an entry for each thing done."""
    below = Organization.objects.active().within(unit.code)
    cities = below.filter(level=Level.CITY).count() if is_above_county(unit.code) else 0
    counties = below.filter(level=Level.COUNTY).count() if not is_below_county(unit.code) else 0
    entries = sum(
        Tally.objects.within(county_of(unit.code)).of(campaign).values_list("activities", flat=True)
    )
    if cities:
        plan, summary = A_PART_OF_A_PLAN * len(Section), A_PART_OF_A_SUMMARY * len(NEEDED)
        whom = "各市" if cities > 1 else unit.name
        yield Row(f"实施方案（{len(Section)} 个部分）", "团省委", whom, plan, cities)
        yield Row(f"总结（自己写 {len(NEEDED)} 个部分）", "团省委", whom, summary, cities)
    if counties:
        whom = "各县" if counties > 1 else unit.name
        each = ceil(entry * entries / counties / A_MINUTE)
        yield Row(f"登记活动（已登记 {entries} 场）", "团省委", whom, each, counties)


# In the order in which most is logged.
METERED = (Level.COUNTY, Level.TOWNSHIP, Level.CITY, Level.PROVINCE, Level.DEPARTMENT)


@dataclass(frozen=True)
class Metered:
    """What logging an activity of one kind takes, in an edition and in the one before; None where
    that is not known."""

    name: str
    now: Figures | None
    before: Figures | None


@dataclass(frozen=True)
class Meter:
    """``level``: the one that is shown, or empty for all; ``levels``: those that there is anything of;
    ``entry``: seconds one takes, of all levels, None where it is not known."""

    level: str
    levels: list[Level]
    all: Metered
    rows: list[Metered]
    entry: int | None


def meter(campaign, before, kinds, asked):
    """``before``: the edition before, or None; ``asked``: a level, as an address says it. A city's own
    kinds are among the rows once they are known."""
    found = figures([one.pk for one in (campaign, before) if one], METERED)
    level = next((one for one in METERED if one == asked), None)

    def row(name, key):
        both = [found.get((one.pk, key, level)) if one else None for one in (campaign, before)]
        return Metered(name, *both)

    rows = [(row(kind.name, kind.key), kind.city_id is None) for kind in kinds]
    every = found.get((campaign.pk, None, None))
    return Meter(
        level=level or "",
        levels=[one for one in METERED if (campaign.pk, None, one) in found],
        all=row("各项合计", None),
        rows=[one for one, is_of_all in rows if is_of_all or one.now],
        entry=every.half.seconds if every else None,
    )


@dataclass(frozen=True)
class Growth:
    """A number that grew on the way down: asked of a unit, and by it of all those below."""

    demand: object
    asked: int
    passed_on: int

    @property
    def more(self):
        return self.passed_on - self.asked


def growths(demands):
    """Quotas that add up to more below than was asked from above, by label and activity."""
    from_above = {
        (d.label, d.activity): d.number
        for d in demands
        if d.kind == DemandKind.QUOTA and d.organization.level == Level.PROVINCE
    }
    found = []
    for demand in demands:
        if demand.kind != DemandKind.QUOTA or demand.organization.level == Level.PROVINCE:
            continue
        asked, passed_on = (
            from_above.get((demand.label, demand.activity), 0),
            demand.number * demand.units,
        )
        if passed_on > asked:
            found.append(Growth(demand, asked, passed_on))
    return found


def days_left(today, due_on, deadline, days):
    """(working days a unit below gets, those there are until the deadline itself). ``days``: the days
    off that are in force."""
    return days.workdays(today, due_on), days.workdays(today, deadline.enforced_on)


def is_too_short(given, whole):
    """A day brought forward that leaves the level below less than half of the working days."""
    return 2 * given < whole


def deadline_for(campaign, purpose):
    return (
        campaign.deadlines.filter(purpose=purpose).first()
        if purpose in DeadlineType.values
        else None
    )

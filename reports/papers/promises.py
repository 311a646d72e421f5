"""What a plan promised, beside what was done."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from campaigns.models import Activity, Stage, Undertaking
from qingchun.organizations.codes import county_of
from reports.papers.content import CARRY_OUT


@dataclass
class Promise:
    """Of one kind. ``units`` of how many it was expected, ``silent`` names those still owing."""

    key: str
    name: str
    is_innovation: bool = False
    is_featured: bool = False
    action_day: object = None
    until: object = None  # the last day on which it may still be done
    units: list = field(default_factory=list)
    silent: list = field(default_factory=list)
    nothing: list = field(default_factory=list)

    @property
    def is_done(self):
        return len(self.units) > len(self.silent) + len(self.nothing)

    @property
    def heard(self):
        """Who logged it, or said that there is nothing."""
        owing = {unit.pk for unit in self.silent}
        return [unit for unit in self.units if unit.pk not in owing]

    @property
    def said(self):
        if self.is_innovation and self.is_done:
            return "创新项目，已开展"
        if self.is_done:
            return "方案已选，已开展"
        return "方案已选，没有登记" if self.silent else "方案已选，单位说明没有可报"


@dataclass
class ActionDay:
    """统一行动日: what was logged on that day, by how many units."""

    on: object
    activities: int
    participants: int
    units: int

    @property
    def is_held(self):
        return self.activities > 0


def _reported(campaign, code, figures):
    """(unit, kind key) of whatever was logged or recorded."""
    return {
        (unit, figure.kind) for figure in figures for unit, value in figure.units.items() if value
    }


def promises(campaign, unit, figures):
    """Kind key → promise of a city: from the plan that was approved."""
    found = {}
    reported = _reported(campaign, unit.code, figures)
    rows = Undertaking.objects.within(unit.code).filter(campaign=campaign)
    stage = Stage.objects.filter(campaign=OuterRef("campaign"), number=CARRY_OUT)
    rows = rows.annotate(until=Subquery(stage.values("ends_on")[:1]))
    for row in rows.select_related("kind", "organization").order_by("organization_id", "kind"):
        promise = found.setdefault(
            row.kind.key, Promise(row.kind.key, row.kind.name, bool(row.kind.city_id))
        )
        promise.is_featured |= row.is_featured
        promise.action_day = row.action_day or promise.action_day
        promise.until = row.until or campaign.ends_on
        promise.units.append(row.organization)
        if (row.organization_id, row.kind.key) not in reported:
            silent = promise.nothing if row.nothing_to_report_at else promise.silent
            silent.append(row.organization)
    return found


def action_day(campaign, unit, promised):
    """What was logged on the day that the plan set, or None where it set none."""
    day = max((p.action_day for p in promised.values() if p.action_day), default=None)
    if day is None:
        return None
    held = Activity.objects.within(unit.code).of(campaign).filter(held_on=day)
    units, people, activities = set(), 0, 0
    for code, participants in held.values_list("organization_id", "participants"):
        units.add(county_of(code))
        people += participants
        activities += 1
    return ActionDay(day, activities, people, len(units))


def owing(found):
    """Unit → names of kinds it was to run and has not logged, nor said that there is nothing."""
    by_unit = defaultdict(list)
    for promise in found.values():
        for unit in promise.silent:
            by_unit[unit].append(promise.name)
    return dict(by_unit)

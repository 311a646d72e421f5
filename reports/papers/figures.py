"""The figures of a summary: counted from the records at one moment, never asked for.

Each figure keeps what every unit below gave to it, and knows where its rows can be opened.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse

from campaigns.choices import Adds
from campaigns.counting import people_asked, registered
from campaigns.models import ActivityKind, Measure
from qingchun.accounts.claims import LEFT_OUT
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import is_province
from qingchun.organizations.querysets import code_range
from qingchun.organizations.walls import acting

LOG = (("activities", "活动", "场"), ("participants", "参加", "人次"))
PEOPLE = ("people", "联系服务青年", "人")
ALL = "all"  # the key of what belongs to no one kind


class FigureJson(TypedDict):
    """A figure as a seal keeps it."""

    name: str
    kind: str
    label: str
    unit: str
    value: int
    units: dict[str, int]
    least: int
    by_hand: str
    is_most: bool


@dataclass(frozen=True)
class Figure:
    """One number with its name. ``units``: code → what it gave; the sum may be less than those
    add up to, since a person is counted once."""

    name: str
    kind: str
    label: str
    unit: str
    value: int
    units: dict[str, int] = field(default_factory=dict)
    least: int = 0
    by_hand: str = ""  # why it was typed
    is_most: bool = False  # the largest of the units, not their sum

    @property
    def shown(self):
        """The value as pages and papers show it."""
        return self.shown_of(self.value)

    def shown_of(self, value):
        return f"不足 {self.least}" if 0 < value < self.least else value

    @property
    def text(self):
        return (
            f"{self.shown} {self.unit}"
            if isinstance(self.shown, str)
            else f"{self.value:,}{self.unit}"
        )

    @property
    def is_of_the_log(self):
        return self.name.split(".")[1] in ("activities", "participants") or ".m-" in self.name

    def as_json(self) -> FigureJson:
        return {
            "name": self.name, "kind": self.kind, "label": self.label, "unit": self.unit,
            "value": self.value, "units": dict(self.units), "least": self.least,
            "by_hand": self.by_hand, "is_most": self.is_most,
        }  # fmt: skip


# One statement, so one moment: what the log and the records add up to, unit by unit.
COUNTS = """
SELECT left(t.organization_id, %(digits)s), k.key, 'activities', sum(t.activities)::bigint
FROM campaigns_tally t JOIN campaigns_activitykind k ON k.id = t.kind_id
WHERE t.campaign_id = %(campaign)s AND t.organization_id >= %(low)s AND t.organization_id < %(high)s
GROUP BY 1, 2
UNION ALL
SELECT left(t.organization_id, %(digits)s), k.key, 'participants', sum(t.participants)::bigint
FROM campaigns_tally t JOIN campaigns_activitykind k ON k.id = t.kind_id
WHERE t.campaign_id = %(campaign)s AND t.organization_id >= %(low)s AND t.organization_id < %(high)s
GROUP BY 1, 2
UNION ALL
SELECT left(f.organization_id, %(digits)s), k.key, 'm-' || m.key,
    CASE WHEN m.adds = 'most' THEN max(f.value) ELSE sum(f.value) END::bigint
FROM campaigns_figuretally f JOIN campaigns_measure m ON m.id = f.measure_id
JOIN campaigns_activitykind k ON k.id = m.kind_id
WHERE f.campaign_id = %(campaign)s AND f.organization_id >= %(low)s AND f.organization_id < %(high)s
GROUP BY 1, 2, 3, m.adds
UNION ALL
SELECT left(r.organization_id, %(digits)s), split_part(r.key, '-', 1), 'r-' || r.key,
    sum(r.value)::bigint
FROM campaigns_recordtally r
WHERE r.campaign_id = %(campaign)s AND r.organization_id >= %(low)s AND r.organization_id < %(high)s
GROUP BY 1, 2, 3
"""


def digits_of(unit):
    """How long the codes of the level below are."""
    return 4 if unit.level == Level.PROVINCE else 6


def kinds_of(campaign, code):
    """The ten, and the innovations of the cities in scope, each with ``figures``: its measures."""
    measures = Measure.objects.filter(kind=OuterRef("pk")).order_by("position", "pk")
    columns = JSONObject(key="key", label="label", unit="unit", adds="adds")
    kinds = ActivityKind.objects.filter(campaign=campaign)
    kinds = kinds.annotate(figures=ArraySubquery(measures.values(columns=columns)))
    return list(kinds if is_province(code) else kinds.open_to(code))


def _asked(campaign, code, digits):
    """((unit, kind, what) → value, kind → people once), in one statement: of one moment.

    Asked past the wall, since a city counts young people and never sees one.
    """
    low, high = code_range(code)
    given = {"campaign": campaign.pk, "digits": digits, "low": low, "high": high, "dots": LEFT_OUT}
    found, people = defaultdict(dict), defaultdict(dict)
    with acting("count", code), connection.cursor() as cursor:
        cursor.execute(f"{COUNTS} UNION ALL ({people_asked(PEOPLE[0], ALL)})", given)
        for unit, kind, what, value in cursor.fetchall():
            if what == PEOPLE[0]:
                people[kind][unit] = value
            elif value:
                found[kind, what][unit] = value
    return found, {kind: (units.pop(""), units) for kind, units in people.items()}


def people_once(campaign, code, digits):
    """Kind → (people, unit → people), each person counted once; "all" for whatever kind."""
    return _asked(campaign, code, digits)[1]


def count(campaign, unit, kinds=None):
    """Figures of a city or the province, in the order of the notice; what nobody did is left out, and
    how many people were reached where no record says it: unknown is not none.

    One query, and one for the kinds where they are not given.
    """
    kinds = kinds_of(campaign, unit.code) if kinds is None else kinds
    found, people = _asked(campaign, unit.code, digits_of(unit))
    figures = []
    for key, label, name in LOG:
        units = defaultdict(int)
        for kind in kinds:
            for below, value in found[kind.key, key].items():
                units[below] += value
        figures.append(Figure(f"{ALL}.{key}", ALL, label, name, sum(units.values()), dict(units)))
    figures.append(_people(ALL, people))
    for kind in kinds:
        figures += _of_kind(kind, found)
        if kind.key in people:
            figures.append(_people(kind.key, people))
    return [
        figure
        for figure in figures
        if figure.value or (figure.is_of_the_log and figure.kind == ALL)
    ]


def _people(key, people):
    whole, units = people.get(key, (0, {}))
    # Where a number of men or women is too small to be shown, that of both is as well.
    least = max((c.least for c in registered().values() if c.kind == key), default=0)
    return Figure(f"{key}.people", key, PEOPLE[1], PEOPLE[2], whole, units, least)


def _of_kind(kind, found):
    for key, label, name in LOG:
        units = found[kind.key, key]
        yield Figure(f"{kind.key}.{key}", kind.key, label, name, sum(units.values()), units)
    for measure in kind.figures:
        units = found[kind.key, f"m-{measure['key']}"]
        add = max if measure["adds"] == Adds.MOST else sum
        value = add(units.values()) if units else 0
        name, is_most = f"{kind.key}.m-{measure['key']}", add is max
        yield Figure(
            name, kind.key, measure["label"], measure["unit"], value, units, is_most=is_most
        )
    for counted in registered().values():
        if counted.kind == kind.key:
            units = found[kind.key, f"r-{counted.name}"]
            name, least = f"{kind.key}.r-{counted.key}", counted.least
            value = sum(units.values())
            yield Figure(name, kind.key, counted.label, counted.unit, value, units, least)


def from_json(rows: Iterable[FigureJson]) -> list[Figure]:
    return [Figure(**row) for row in rows]


def corrected(figures, errata):
    """Sealed figures as they stand after what was mended since."""
    last = {erratum.figure: erratum for erratum in errata}
    return [
        Figure(**(figure.as_json() | {"value": found.becomes, "units": found.units}))
        if (found := last.get(figure.name))
        else figure
        for figure in figures
    ]


def opens(figure, campaign, code, paper=None):
    """Where the rows are that a figure counts: the log itself, or what each unit gave."""
    if figure.is_of_the_log:
        kind = "" if figure.kind == ALL else f"&kind={figure.kind}"
        return f"{reverse('campaigns:activities')}?campaign={campaign.pk}&unit={code}{kind}"
    if paper is None:
        return ""
    return reverse("reports:summary_figure", args=[paper.pk, figure.name])

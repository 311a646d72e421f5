"""The boards: what is expected, what was received, what happened where.

Units stand in the order of their codes. Nothing here sorts by a figure: no ranking anywhere.
Every figure is read from the counts kept beside the log, in a number of queries that does not
depend on how many rows there are.
"""

import datetime as dt
from collections import Counter, defaultdict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject, Left
from django.utils.functional import cached_property
from django.utils.timezone import localdate

from campaigns.choices import DeadlineType, Reporting
from campaigns.counting import registered
from campaigns.models import (
    Activity,
    ActivityKind,
    RecordTally,
    Tally,
    Undertaking,
)
from qingchun.ground.standby import reading
from qingchun.organizations.choices import Level
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.organizations.querysets import code_range
from reports.papers.content import CARRY_OUT
from reports.papers.models import Plan
from reports.papers.standing import deadline_of, standing_with, units_of

SILENT_DAYS = 7
NEWEST = 5
# All that is read for a board, which is kept until one of them changes (``kept``). Who holds nothing
# any more (``unheld``) is asked afresh: that stands on everybody's records.
READS = (
    "campaigns.Activity", "campaigns.ActivityKind", "campaigns.ActivityQuestion",
    "campaigns.Campaign", "campaigns.Deadline", "campaigns.Extension", "campaigns.RecordTally",
    "campaigns.Stage", "campaigns.Tally", "campaigns.Undertaking", "organizations.Organization",
    "reports.Paper",
)  # fmt: skip


def silent_since(campaign):
    """The day before which a last activity means silence; an old edition is judged by its end."""
    return min(localdate(), campaign.ends_on) - dt.timedelta(SILENT_DAYS)


def stages_now(campaign):
    """The stages with where each stands today, for the track at the head of a board."""
    today, found = localdate(), []
    for stage in campaign.stages.all():
        if stage.ends_on and stage.ends_on < today:
            state, share = "done", 100
        elif stage.starts_on <= today:
            length = ((stage.ends_on or today + dt.timedelta(30)) - stage.starts_on).days or 1
            state, share = "now", round(100 * (today - stage.starts_on).days / length)
        else:
            state, share = "", 0
        found.append({"stage": stage, "state": state, "share": share})
    return found


# Written out: to compose it anew for each page would cost the ORM more than it costs PostgreSQL.
EXPECTED = """
SELECT left(u.organization_id, %s), u.kind_id, count(*),
       count(*) FILTER (WHERE t.id IS NOT NULL OR r.kind IS NOT NULL),
       count(*) FILTER (WHERE t.id IS NULL AND r.kind IS NULL
                        AND u.nothing_to_report_at IS NOT NULL)
FROM campaigns_undertaking u
JOIN campaigns_activitykind k ON k.id = u.kind_id
LEFT JOIN (SELECT DISTINCT ON (campaign_id, organization_id, kind_id) *
           FROM campaigns_tally WHERE activities > 0) t
    ON (t.campaign_id, t.organization_id, t.kind_id)
     = (u.campaign_id, u.organization_id, u.kind_id)
LEFT JOIN (SELECT DISTINCT campaign_id, organization_id, split_part(key, '-', 1) AS kind
           FROM campaigns_recordtally WHERE value > 0) r
    ON (r.campaign_id, r.organization_id, r.kind) = (u.campaign_id, u.organization_id, k.key)
WHERE u.campaign_id = %s AND u.organization_id >= %s AND u.organization_id < %s
GROUP BY 1, 2
"""


def _by_kind(records):
    """Kind key → (label, unit, value), in the order in which the figures were registered."""
    totals = {record["key"]: record["total"] for record in records}
    found = defaultdict(list)
    for name, counted in registered().items():
        if totals.get(name):
            value = counted.shown(totals[name])
            found[counted.kind].append((counted.label, counted.unit, value))
    return found


def _nothing_yet():
    return {"activities": 0, "participants": 0}


class Board:
    """What one unit sees of an edition: its own figures, and those of the level below.

    ``digits`` is how long the codes of that level are: 4 under the province, 6 under a city.
    """

    def __init__(self, campaign, unit, user):
        self.campaign, self.unit, self.user = campaign, unit, user
        self.code = unit.code
        self.is_province = unit.level == Level.PROVINCE
        self.is_city = unit.level == Level.CITY
        self.digits = 4 if self.is_province else 6
        self.deadline = deadline_of(campaign, DeadlineType.PLAN)
        kinds = ActivityKind.objects.filter(campaign=campaign).open_to(self.code)
        self.kinds = list(kinds.annotate(records=self._records()))
        self.recorded = _by_kind(self.kinds[0].records if self.kinds else ())
        self._count()

    def _records(self):
        """What records outside the log add up to; along with the kinds, asked once."""
        kept = RecordTally.objects.within(county_of(self.code)).filter(campaign=self.campaign)
        sums = kept.order_by().values("key").annotate(total=Sum("value"))
        return ArraySubquery(sums.values(pair=JSONObject(key="key", total="total")))

    @staticmethod
    def counted(campaign, code, digits):
        """(unit, kind, stage, activities, participants, last day), summed up from the counts."""
        return (
            Tally.objects.within(county_of(code))
            .of(campaign)
            .annotate(unit=Left("organization_id", digits))
            .values_list("unit", "kind_id", "stage")
            .annotate_sums()
        )

    def _count(self):
        counted = self.counted(self.campaign, self.code, self.digits)
        self.by_unit, self.by_kind, self.by_stage, self.cells = (
            defaultdict(_nothing_yet) for _ in range(4)
        )
        self.last_on, self.total = {}, _nothing_yet()
        for unit, kind, stage, activities, participants, last_on in counted:
            for figures in (
                self.by_unit[unit], self.by_kind[kind], self.by_stage[stage],
                self.cells[unit, kind], self.total,
            ):  # fmt: skip
                figures["activities"] += activities
                figures["participants"] += participants
            self.last_on[unit] = max(filter(None, (self.last_on.get(unit), last_on)))

    def expected(self):
        """(unit, kind) → counts of expected, reported and 零, at the level below.

        A county has none below; for it the counts are those of its own undertakings.
        """
        if not (self.is_province or self.is_city):
            return {
                (county_of(self.code), row["undertaking"].kind_id): {
                    "expected": 1,
                    "reported": int(row["state"] == Reporting.REPORTED),
                    "none": int(row["state"] == Reporting.NONE),
                }
                for row in self.undertaken
            }
        low, high = code_range(county_of(self.code))
        with reading().cursor() as cursor:
            cursor.execute(EXPECTED, [self.digits, self.campaign.pk, low, high])
            return {
                (unit, kind): {"expected": expected, "reported": reported, "none": none}
                for unit, kind, expected, reported, none in cursor.fetchall()
            }

    def children(self, expected):
        """A row for each unit below, in the order of their codes."""
        counted = {*self.by_unit, *(code for code, _ in expected)}
        if self.is_province:
            units = units_of(self.code, Level.CITY, self.deadline, counted)
            units = self._with_counties(units)
            plans = {
                plan.organization_id: plan
                for plan in Plan.objects.visible_to(self.user).filter(campaign=self.campaign)
            }
        else:
            units = Organization.objects.rows_below(self.unit, counted)
            plans = {}
        since = silent_since(self.campaign)
        due, received = Counter(), Counter()
        for (code, _), counts in expected.items():
            due[code] += counts["expected"]
            received[code] += counts["reported"] + counts["none"]
        rows = []
        for unit in units:
            last_on = self.last_on.get(unit.code)
            row = {
                "unit": unit,
                **self.by_unit[unit.code],
                "last_on": last_on,
                "is_silent": not unit.closed_on and (last_on is None or last_on <= since),
                "expected": due[unit.code],
                "received": received[unit.code],
            }
            if self.is_province:
                due_on = self.deadline and self.deadline.enforced_on
                row |= standing_with(plans.get(unit.code), due_on, unit.extended_until)
                row |= {"counties": unit.counties or 0, "silent": unit.silent or 0}
            rows.append(row)
        return rows

    def _with_counties(self, cities):
        """Each city with how many counties it has, and how many were silent for seven days."""
        heard = Tally.objects.of(self.campaign).filter(
            organization=OuterRef("pk"), last_on__gt=silent_since(self.campaign)
        )
        counties = (
            Organization.objects.active()
            .filter(level=Level.COUNTY, parent=OuterRef("pk"))
            .annotate(is_heard=Exists(heard))
            .order_by()
            .values("parent")
        )
        silent = Count("pk", filter=Q(is_heard=False))
        return cities.annotate(
            counties=Subquery(counties.annotate(n=Count("pk")).values("n")),
            silent=Subquery(counties.annotate(n=silent).values("n")),
        )

    def kind_rows(self, expected):
        """A row for each kind: what happened, and of how many units it was expected."""
        most = max((c["activities"] for c in self.by_kind.values()), default=0) or 1
        rows = []
        for kind in self.kinds:
            of_kind = [e for (_, k), e in expected.items() if k == kind.pk]
            figures = self.by_kind[kind.pk]
            if kind.city_id and not (of_kind or figures["activities"]):
                continue
            rows.append(
                {
                    "kind": kind,
                    "activities": figures["activities"],
                    "participants": figures["participants"],
                    "recorded": self.recorded[kind.key],
                    "share": round(100 * figures["activities"] / most),
                    "expected": sum(e["expected"] for e in of_kind),
                    "received": sum(e["reported"] + e["none"] for e in of_kind),
                }
            )
        return rows

    @cached_property
    def owed(self):
        """What is to be said of a kind that was expected and of which nothing came yet."""
        stage = next((s for s in self.campaign.stages.all() if s.number == CARRY_OUT), None)
        until = (stage and stage.ends_on) or self.campaign.ends_on
        return Reporting.MISSING if until < localdate() else Reporting.WAITING

    def cell(self, code, kind, expected):
        """One field of the grid: what is to be said of a unit and a kind, and the count."""
        count = self.cells[code, kind.pk]["activities"]
        undertaken = expected.get((code, kind.pk))
        if count:
            state = Reporting.REPORTED
        elif not expected:
            state = Reporting.UNKNOWN
        elif not undertaken:
            state = Reporting.NOT_CHOSEN
        elif undertaken["reported"]:
            state = Reporting.REPORTED  # by its records, without an entry in the log
        else:
            state = Reporting.NONE if undertaken["none"] else self.owed
        return {"kind": kind, "state": state, "label": state.label, "count": count}

    def grid(self, rows, expected):
        """Counties × kinds; kinds nobody runs and nobody logged are left out."""
        alive = {k for _, k in expected} | {
            k for (_, k), c in self.cells.items() if c["activities"]
        }
        kinds = [kind for kind in self.kinds if kind.pk in alive]
        return kinds, [
            (row, [self.cell(row["unit"].code, kind, expected) for kind in kinds]) for row in rows
        ]

    def newest(self):
        found = Activity.objects.within(self.code).of(self.campaign)
        return (
            found.order_by("-logged_at")
            .annotate(kind_name=F("kind__short_name"), unit_name=F("organization__short_name"))
            .only("id", "title", "held_on", "participants", "logged_at")[:NEWEST]
        )

    @cached_property
    def undertaken(self):
        """A county's kinds with what is to be said of each, to be logged or called 零."""
        mine = Undertaking.objects.run_by(self.code).filter(campaign=self.campaign)
        code = county_of(self.code)
        found = []
        for undertaking in mine.select_related("kind").order_by("kind__number"):
            count = self.cells[code, undertaking.kind_id]["activities"]
            said = undertaking.nothing_to_report_at
            is_reported = count or undertaking.kind.key in self.recorded
            state = Reporting.REPORTED if is_reported else Reporting.NONE if said else self.owed
            found.append(
                {"undertaking": undertaking, "state": state, "label": state.label, "count": count}
            )
        return found

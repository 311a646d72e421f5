"""What the log and the records beside it add up to, kept in the transaction that changes them."""

from django.db import models
from django.db.models import Q

from campaigns.models.editions import ActivityKind, Campaign, Measure
from campaigns.querysets import TallyQuerySet
from qingchun.organizations.changes import UNIT_CLOSED, Stay
from qingchun.organizations.law import Doing, Law, OwnCounty, Unit
from qingchun.organizations.models import OrganizationOwned


class Tally(OrganizationOwned):
    """What the log adds up to, kept in the transaction that changes the log.

    One row per edition, counting unit, kind and stage. The counting unit is the county-level
    unit (a city's or the province's own entries count for itself): see docs/how/fast-pages.md.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    kind = models.ForeignKey(ActivityKind, models.CASCADE, db_index=False)
    stage = models.PositiveSmallIntegerField()
    activities = models.IntegerField("场次", default=0)
    participants = models.BigIntegerField("人次", default=0)
    last_on = models.DateField("最近一次", null=True)

    objects = TallyQuerySet.as_manager()

    law = Law(Unit(), OwnCounty(), on={UNIT_CLOSED: Stay("counted from the log, which stays")})

    class Meta:
        verbose_name = verbose_name_plural = "计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "kind", "stage"],
                include=["activities", "participants", "last_on"],
                name="campaigns_one_tally_of_a_kind",
            ),
            models.CheckConstraint(
                name="campaigns_tally_is_not_negative",
                condition=Q(activities__gte=0, participants__gte=0),
            ),
        ]


class DayTally(OrganizationOwned):
    """The same for each day, and for who did it: what a county's own cadres logged, and what its
    townships did, stand apart. Read for what happened over time (reports/boards/trends.py).

    An edition has at most units × kinds × days × 2 of these, however many entries it has.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    held_on = models.DateField("日期")
    kind = models.ForeignKey(ActivityKind, models.CASCADE, db_index=False)
    is_below = models.BooleanField("乡镇登记的")
    activities = models.IntegerField("场次", default=0)
    participants = models.BigIntegerField("人次", default=0)

    objects = TallyQuerySet.as_manager()

    law = Law(Unit(), OwnCounty(), on={UNIT_CLOSED: Stay("counted from the log, which stays")})

    class Meta:
        verbose_name = verbose_name_plural = "逐日计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "held_on", "kind", "is_below"],
                include=["activities", "participants"],
                name="campaigns_one_tally_of_a_day",
            ),
            models.CheckConstraint(
                name="campaigns_day_is_not_negative",
                condition=Q(activities__gte=0, participants__gte=0),
            ),
        ]


class RecordTally(OrganizationOwned):
    """What records outside the log add up to: check-ins, requests, matches.

    The app that keeps the records counts them here, in the transaction that writes one, and
    registers where the truth is: see campaigns/counting.py.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    key = models.SlugField("键", max_length=40)
    value = models.BigIntegerField("数值", default=0)

    law = Law(
        Unit(),
        OwnCounty(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "run an event",
            "carry a case",
            "forget",
        ),
        on={UNIT_CLOSED: Stay("counted anew from the records, see actions/mergers.py")},
    )

    class Meta:
        verbose_name = verbose_name_plural = "记录计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "key"],
                name="campaigns_one_record_tally_of_a_key",
            ),
        ]


class FigureTally(OrganizationOwned):
    """The same for each measure of a kind."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    measure = models.ForeignKey(Measure, models.CASCADE, db_index=False)
    value = models.BigIntegerField("数值", default=0)

    law = Law(Unit(), OwnCounty(), on={UNIT_CLOSED: Stay("counted from the log, which stays")})

    class Meta:
        verbose_name = verbose_name_plural = "指标计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "measure"],
                name="campaigns_one_figure_of_a_measure",
            ),
        ]

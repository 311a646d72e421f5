"""What was said with somebody, and how they came through the stages."""

from django.db import models
from django.utils.timezone import localdate, now

from campaigns.models import Campaign
from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    UNIT_CLOSED,
    By,
    Empty,
    Follow,
    Stay,
)
from qingchun.organizations.law import Doing, Law, Near, Of, Self
from qingchun.organizations.models import OrganizationOwned
from talent.pool.choices import (
    Stage,
)
from talent.pool.models.records import TalentRecord
from talent.youth.choices import Means


class StageChange(OrganizationOwned):
    """One step of a record's life; it stays, of nobody in particular, when the record goes."""

    record = models.ForeignKey(TalentRecord, models.SET_NULL, null=True, related_name="steps")
    stage = models.CharField("阶段", max_length=10, choices=Stage)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    # The first time somebody comes into the pool is what an edition counts.
    is_new = models.BooleanField(default=False)
    # Of a sheet: so many came in by one step.
    people = models.PositiveIntegerField(default=1)
    sheet = models.ForeignKey("talent.Sheet", models.SET_NULL, null=True)
    by_name = models.CharField("经办人", max_length=LONGEST_NAME, blank=True)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "count",
            "merge units",
            "forget",
            "install the demo",
        ),
        Of("record", "talent.TalentRecord", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Empty({"record": None, "by_name": ""}),
            MERGED: By("talent.pool.actions.deduplication.count_once"),
            MOVED: Stay("counted where it was done"),
        },
        told="with the record",
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "人才阶段"

    def __str__(self):
        return f"{self.get_stage_display()} {self.at:%Y-%m-%d}"


class FollowUp(OrganizationOwned):
    """回访: one conversation, or the attempt at one."""

    record = models.ForeignKey(TalentRecord, models.SET_NULL, null=True, related_name="talks")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    means = models.CharField("方式", max_length=8, choices=Means)
    reached = models.BooleanField("联系上了", default=True)
    text = models.CharField("谈了什么", max_length=300, blank=True)
    promised = models.CharField("答应的事", max_length=200, blank=True)
    on = models.DateField("日期", default=localdate)
    next_on = models.DateField("下次联系", null=True)
    by_name = models.CharField("回访人", max_length=LONGEST_NAME, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "count",
            "merge units",
            "forget",
            "install the demo",
        ),
        Of("record", "talent.TalentRecord", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Empty({"record": None, "text": "", "promised": "", "by_name": ""}),
            MERGED: Follow(),
            MOVED: By("talent.pool.actions.moving.talks"),
        },
        told="with the record",
    )

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = verbose_name_plural = "回访"

    def __str__(self):
        return f"{self.get_means_display()} {self.on}"

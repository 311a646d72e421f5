"""Beside the pool: that two records are one person, who wants no contact, who looked and why."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import localdate, now

from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    UNIT_CLOSED,
    By,
    Erase,
    Follow,
    Stay,
)
from qingchun.organizations.law import Doing, Law, Near, Self, Told
from qingchun.organizations.models import OrganizationOwned
from talent.pool.choices import Verdict
from talent.pool.models.records import TalentRecord


class Likeness(OrganizationOwned):
    """What was decided about two records that look alike, and how to take it back."""

    kept = models.ForeignKey(TalentRecord, models.CASCADE, related_name="+")
    double = models.ForeignKey(TalentRecord, models.CASCADE, related_name="+")
    verdict = models.CharField("结论", max_length=10, choices=Verdict)
    # What the kept one said before, where it changed; which talks came over.
    before: dict[str, Any] = models.JSONField(default=dict)
    talks = ArrayField(models.BigIntegerField(), default=list)
    by_name = models.CharField("经办人", max_length=LONGEST_NAME)
    at = models.DateTimeField(default=now)

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "merge units",
            "forget",
            "install the demo",
            "seal anew",
        ),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Erase(),
            MERGED: Stay("how to take the one before back"),
            MOVED: Follow(),
        },
        told="which facts came from which of their records: the record says it",
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "查重结论"
        constraints = [
            models.UniqueConstraint(fields=["kept", "double"], name="talent_one_verdict_of_a_pair"),
        ]

    def __str__(self):
        return self.get_verdict_display()


class DoNotContact(OrganizationOwned):
    """Somebody of a county who refused, or did not answer: a keyed mark of their number alone."""

    mark = models.BigIntegerField()
    refused = models.BooleanField()
    on = models.DateField(default=localdate)

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "merge units",
            "forget",
            "install the demo",
        ),
        on={
            UNIT_CLOSED: By("talent.pool.actions.moving.keep_refusals"),
            LEFT: Stay("a keyed mark alone, so that nobody writes or calls again"),
        },
        told="a mark that nobody reads",
    )

    class Meta:
        verbose_name = verbose_name_plural = "不再联系"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "mark"], name="talent_one_refusal_of_a_number"
            ),
        ]


class Opening(OrganizationOwned):
    """The city or the province reads one record, for a reason that home can see too."""

    record = models.ForeignKey(TalentRecord, models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    by_name = models.CharField("查阅人", max_length=LONGEST_NAME)
    by_unit = models.CharField("查阅单位", max_length=60)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("查阅时间", default=now)
    until = models.DateTimeField("到期")

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "open above home",
            "merge",
            "hand over",
            "merge units",
            "forget",
            "install the demo",
        ),
        Self("user"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Erase(),
            MERGED: Stay("whoever read the double read the double"),
            MOVED: Follow(),
        },
        told=Told("人才库查阅", "talent.pool.mine.openings"),
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "查阅记录"

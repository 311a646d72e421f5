"""The figures of a summary as they were when it was sent, and what was mended since."""

from typing import Any

from django.db import models
from django.utils.timezone import now

from qingchun.organizations.changes import UNIT_CLOSED, Stay
from qingchun.organizations.law import Law, Unit
from qingchun.organizations.models import OrganizationOwned
from reports.papers.models.papers import Paper


class Seal(OrganizationOwned):
    """封存: the figures of one version, and the rows they were counted from. Never changed."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="seals")
    number = models.PositiveSmallIntegerField("版次")
    as_of = models.DateTimeField("数据截至")
    # As ``figures.FigureJson`` says them.
    figures: list[dict[str, Any]] = models.JSONField()
    # What was counted, compressed: see reports.papers.seals. The digest is that of the rows as text.
    rows = models.BinaryField()
    digest = models.CharField("校验码", max_length=64)

    law = Law(Unit(), on={UNIT_CLOSED: Stay("sealed as it was sent")})

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = "封存数据"
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"], name="reports_one_seal_of_a_version"
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 版封存数据"


class Erratum(OrganizationOwned):
    """更正: a sealed figure is another one now, and why. Never changed."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="errata")
    number = models.PositiveSmallIntegerField("版次")
    figure = models.CharField(max_length=80)
    label = models.CharField("数据", max_length=80)
    was = models.BigIntegerField("原数")
    becomes = models.BigIntegerField("更正为")
    # Unit → value, as the corrected figure adds up.
    units: dict[str, int] = models.JSONField(default=dict)
    reason = models.CharField("原因", max_length=300)
    made_by = models.CharField("更正人", max_length=60)
    made_at = models.DateTimeField("时间", default=now)

    law = Law(Unit(), on={UNIT_CLOSED: Stay("sealed as it was sent")})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "更正"

    def __str__(self):
        return f"{self.label}：{self.was:,} 更正为 {self.becomes:,}"

"""The days off of a year, as the State Council announces them and the province has put them in force."""

from django.db import models
from django.urls import reverse
from django.utils.timezone import now

from campaigns.workdays import Announced
from qingchun.ground.province import HOME
from qingchun.organizations.law import Open


class DaysOff(models.Model):
    """放假安排: one version of a year's. The last that was applied is in force; none is ever changed."""

    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveSmallIntegerField("第几版")
    text = models.TextField("通知原文", max_length=6000)
    # {"off": {day: which holiday}, "work": [day]}: as it was confirmed, however it is read later.
    days = models.JSONField("日历")
    source = models.CharField("文号", max_length=60)
    issued_on = models.DateField("印发日期")
    link = models.URLField("网址", blank=True)
    entered_by = models.CharField("录入人", max_length=60)
    entered_at = models.DateTimeField("录入时间", default=now)
    # Since when it is in force: with all that was counted before it laid out anew.
    applied_at = models.DateTimeField("启用时间", null=True)

    law = Open("国务院办公厅公布的放假安排，全国一样")

    class Meta:
        ordering = ["-year", "-number"]
        verbose_name = verbose_name_plural = "放假安排"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"], name="campaigns_one_version_of_days_off_a_number"
            ),
        ]

    def __str__(self):
        return f"{self.year}年放假安排"

    def get_absolute_url(self):
        return f"{reverse('campaigns:days_off')}?year={self.year}"

    # Announced for all: its audit trail is the province's.
    organization_id = HOME.code

    @property
    def announced(self):
        return Announced.read(self.days)

    @property
    def said(self):
        """Its source in a sentence: 国办发明电〔2025〕7号."""
        return f"{self.year}年放假安排（{self.source}）"

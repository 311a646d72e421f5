"""When those who still owe something are reminded."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models

from campaigns.models import Campaign, Deadline
from qingchun.organizations.changes import UNIT_CLOSED, Stay
from qingchun.organizations.law import Law, Open, Unit
from qingchun.organizations.models import OrganizationOwned
from reports.papers.choices import TimeZone


def _days_before():
    return [7, 3, 1]


def _times_on_the_day():
    return [dt.time(9), dt.time(15)]


class ReminderSchedule(models.Model):
    """提醒安排 of an edition: when those who still owe its plan or summary are reminded."""

    campaign = models.OneToOneField(
        Campaign, models.CASCADE, primary_key=True, related_name="reminder_schedule"
    )
    days_before = ArrayField(models.PositiveSmallIntegerField(), default=_days_before)
    at = models.TimeField("几点提醒", default=dt.time(9))
    on_the_day = ArrayField(models.TimeField(), default=_times_on_the_day)
    late_days = models.PositiveSmallIntegerField("逾期后连续提醒几天", default=7)
    deputy_from = models.PositiveSmallIntegerField("提前几天起加发副职", default=1)
    time_zone = models.CharField("时间", max_length=40, choices=TimeZone, default=TimeZone.BEIJING)
    is_on = models.BooleanField("按时自动提醒", default=True)

    law = Open("全省一样的催报安排")

    class Meta:
        verbose_name = verbose_name_plural = "提醒安排"

    def __str__(self):
        return f"{self.campaign_id} 提醒安排"


class Nudge(OrganizationOwned):
    """催办: when a unit was last reminded by hand of one thing; at most once an hour."""

    deadline = models.ForeignKey(Deadline, models.CASCADE)
    at = models.DateTimeField("时间")

    law = Law(Unit(), on={UNIT_CLOSED: Stay("that unit was reminded")})

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "organization"], name="reports_one_nudge_of_a_debt"
            ),
        ]

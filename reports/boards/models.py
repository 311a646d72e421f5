"""What one level asks of the next: numbers to reach, days to keep, fields and files to send."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.organizations.changes import UNIT_CLOSED, Follow
from qingchun.organizations.law import Everybody, Law, Unit
from qingchun.organizations.models import OrganizationOwned
from reports.boards.choices import DemandKind, DemandState


class Demand(OrganizationOwned):
    """要求: made by ``organization`` of each unit right below it, in one edition.

    Open to read: whoever is asked must be able to see by whom, and what it costs.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="demands")
    kind = models.CharField("种类", max_length=8, choices=DemandKind)
    label = models.CharField("要求什么", max_length=40)
    # Of which activity, by its key; empty where it is of none.
    activity = models.CharField("哪一项", max_length=40, blank=True)
    number = models.PositiveIntegerField("每个单位多少", null=True, blank=True)
    due_on = models.DateField("什么时候前", null=True, blank=True)
    # The deadline of the edition that it brings forward, where it is one.
    purpose = models.CharField("哪一个截止日期", max_length=10, blank=True)
    reason = models.CharField("为什么", max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField("每个单位要花几分钟")
    units = models.PositiveSmallIntegerField("几个单位")
    made_by = models.CharField("提出人", max_length=60)
    made_at = models.DateTimeField("时间", default=now)
    dropped_at = models.DateTimeField("撤销时间", null=True)

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["organization_id", "pk"]
        verbose_name = verbose_name_plural = "要求"
        constraints = [
            models.CheckConstraint(
                name="reports_quota_has_a_number",
                condition=~Q(kind=DemandKind.QUOTA) | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_day_to_keep_is_a_day",
                condition=~Q(kind=DemandKind.DAY) | Q(due_on__isnull=False),
            ),
        ]

    def __str__(self):
        return self.label

    STATES = DemandState

    @property
    def state(self):
        return DemandState.DROPPED if self.dropped_at else DemandState.ASKED

    def get_state_display(self):
        return self.state.label

    @property
    def minutes_in_all(self):
        return self.minutes * self.units


class YouthCount(OrganizationOwned):
    """青年人数: how many young people a county has, from the yearbook; figures are held against it."""

    people = models.PositiveIntegerField("青年人数")
    source = models.CharField("来源", max_length=60)
    noted_at = models.DateTimeField("填写时间", default=now)

    law = Law(Unit(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["organization_id"]
        verbose_name = verbose_name_plural = "青年人数"
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="reports_one_youth_count"),
        ]

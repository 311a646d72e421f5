import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from campaigns.models import Campaign, Deadline
from qingchun.organizations.models import Organization, OrganizationOwned
from reports.choices import EDITABLE, PlanState, Section, TimeZone
from reports.querysets import PlanQuerySet, SummaryQuerySet


class Plan(OrganizationOwned):
    """实施方案: what a city sends to the province by 10 January (notice, part 四).

    ``state`` moves only through reports.actions, which also writes the history.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="plans")
    state = models.CharField("状态", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    number = models.PositiveSmallIntegerField("版次", default=0)
    # On time is judged by the first sending: a plan returned and sent again stays on time.
    first_sent_at = models.DateTimeField("首次报送", null=True)
    sent_at = models.DateTimeField("报送时间", null=True)
    decided_at = models.DateTimeField("审定时间", null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["organization_id"]
        verbose_name = verbose_name_plural = "实施方案"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization"], name="reports_one_plan_of_a_city"
            ),
            models.CheckConstraint(
                name="reports_sent_plan_has_a_time",
                condition=Q(state=PlanState.DRAFT) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.organization}实施方案"

    def get_absolute_url(self):
        return reverse("reports:plan", args=[self.pk])

    @property
    def is_editable(self):
        return self.state in EDITABLE


class PlanSection(OrganizationOwned):
    """One part of the working copy. Its own version lets two people write side by side."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    key = models.CharField("部分", max_length=16, choices=Section)
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.CharField("修改人", max_length=60, blank=True)
    edited_at = models.DateTimeField("修改时间", null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "方案部分"
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="reports_one_section_of_a_key"),
        ]

    def __str__(self):
        return self.get_key_display()


class PlanVersion(OrganizationOwned):
    """A plan as it was sent, whole. Never edited."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    content = models.JSONField()
    sent_at = models.DateTimeField("报送时间")
    sent_by = models.CharField("报送人", max_length=60)

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = "方案版次"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="reports_one_version_of_a_number"
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 版"


class Remark(OrganizationOwned):
    """审阅意见 on one section of one version."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="remarks")
    number = models.PositiveSmallIntegerField("版次")
    section = models.CharField("部分", max_length=16, choices=Section, blank=True)
    text = models.TextField("意见")
    made_by = models.CharField("审阅人", max_length=60)
    made_at = models.DateTimeField("时间", default=now)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "审阅意见"

    def __str__(self):
        return self.text


class Attachment(OrganizationOwned):
    """附件 of a plan: served only through a permission check."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="attachments")
    name = models.CharField("文件名", max_length=120)
    file = models.FileField(upload_to="plans/%Y/")
    size = models.PositiveIntegerField("大小")
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "附件"

    def __str__(self):
        return self.name


class PlanExample(models.Model):
    """A plan the province shows to all, without anybody's name or telephone number.

    A copy, so that the wall around the plan itself stays whole.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    city = models.ForeignKey(Organization, models.PROTECT)
    content = models.JSONField()
    published_at = models.DateTimeField("发布时间", default=now)

    class Meta:
        ordering = ["city_id"]
        verbose_name = verbose_name_plural = "示范方案"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "city"], name="reports_one_example_of_a_city"
            ),
        ]

    def __str__(self):
        return f"{self.city}方案"


class Summary(OrganizationOwned):
    """总结: that a city has sent its own, by the last day of February (notice, part 四).

    Only when it went: a city that sends it by letter says so here, and is not reminded again.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="summaries")
    first_sent_at = models.DateTimeField("首次报送")
    noted_by = models.CharField("登记人", max_length=60)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ["organization_id"]
        verbose_name = verbose_name_plural = "总结"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization"], name="reports_one_summary_of_a_city"
            ),
        ]

    def __str__(self):
        return f"{self.organization}总结"


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

    class Meta:
        verbose_name = verbose_name_plural = "提醒安排"

    def __str__(self):
        return f"{self.campaign_id} 提醒安排"


class Nudge(OrganizationOwned):
    """催办: when a unit was last reminded by hand of one thing; at most once an hour."""

    deadline = models.ForeignKey(Deadline, models.CASCADE)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "organization"], name="reports_one_nudge_of_a_debt"
            ),
        ]

    def __str__(self):
        return f"{self.organization_id} {self.at}"

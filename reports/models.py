from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.organizations.models import Organization, OrganizationOwned
from reports.choices import EDITABLE, PlanState, Section
from reports.querysets import PlanQuerySet


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

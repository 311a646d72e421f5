"""Plans and summaries: the working copy part by part, what was sent, what was remarked."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from campaigns.choices import DeadlineType
from campaigns.models import Campaign
from qingchun.organizations.changes import UNIT_CLOSED, By, Stay
from qingchun.organizations.law import Doing, Law, Open, Unit
from qingchun.organizations.models import Organization, OrganizationOwned
from reports.papers.choices import EDITABLE, SECTIONS, PaperState
from reports.papers.querysets import PaperManager, PaperQuerySet
from reports.papers.summary_content import Letter


class Paper(OrganizationOwned):
    """What a unit sends to the province: its plan, later its summary. One road for both.

    ``state`` moves only through its steps, which also writes the history.
    """

    # The green channel has papers too: no way back from the unit.
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="单位", related_name="+"
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="papers")
    purpose = models.CharField("事项", max_length=10, choices=DeadlineType)
    state = models.CharField("状态", max_length=10, choices=PaperState, default=PaperState.DRAFT)
    number = models.PositiveSmallIntegerField("版次", default=0)
    # On time is judged by the first sending: a plan returned and sent again stays on time.
    first_sent_at = models.DateTimeField("首次报送", null=True)
    sent_at = models.DateTimeField("报送时间", null=True)
    decided_at = models.DateTimeField("审定时间", null=True)
    shown_at = models.DateTimeField("作为示范发布的时间", null=True)
    # While an approved plan is being changed: why, who asked and sent it, which files it had.
    change: dict[str, Any] | None = models.JSONField("变更", null=True)
    # What an office writes on the paper itself: no part of what is sent
    # and sealed, since the number is given when it is printed.
    letter: Letter | None = models.JSONField("公文要素", null=True)

    objects = PaperQuerySet.as_manager()

    law = Law(
        Unit(),
        Doing("publish for all"),
        on={UNIT_CLOSED: By("reports.papers.actions.merging.papers")},
    )

    class Meta:
        ordering = ["organization_id"]
        verbose_name = verbose_name_plural = "报送材料"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "purpose"],
                name="reports_one_paper_of_a_purpose",
            ),
            models.CheckConstraint(
                name="reports_sent_paper_has_a_time",
                condition=Q(state=PaperState.DRAFT) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.organization}{self.get_purpose_display()}"

    def get_absolute_url(self):
        return reverse(f"reports:{self.purpose}", args=[self.pk])

    @property
    def is_editable(self):
        return self.state in EDITABLE


class Plan(Paper):
    """实施方案: what a city sends to the province by 10 January (notice, part 四)."""

    PURPOSE = DeadlineType.PLAN

    objects = PaperManager.from_queryset(PaperQuerySet)()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "实施方案"


class Summary(Paper):
    """总结: what a city sends by the last day of February (notice, part 四), and the province's
    own, compiled from the cities'. Its figures are counted, and sealed when it is sent."""

    PURPOSE = DeadlineType.SUMMARY

    objects = PaperManager.from_queryset(PaperQuerySet)()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "总结"


class PaperSection(OrganizationOwned):
    """One part of the working copy. Its own version lets two people write side by side."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="sections")
    key = models.CharField("部分", max_length=16, choices=SECTIONS)
    # As content.py and summary_content.py shape it, by the key.
    content: dict[str, Any] = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.CharField("修改人", max_length=60, blank=True)
    edited_at = models.DateTimeField("修改时间", null=True)

    law = Law(Unit(), on={UNIT_CLOSED: By("reports.papers.actions.merging.parts")})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "材料部分"
        constraints = [
            models.UniqueConstraint(fields=["paper", "key"], name="reports_one_section_of_a_key"),
        ]

    def __str__(self):
        return self.get_key_display()


class PaperVersion(OrganizationOwned):
    """A paper as it was sent, whole. Never edited."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    content: dict[str, Any] = models.JSONField()
    sent_at = models.DateTimeField("报送时间")
    sent_by = models.CharField("报送人", max_length=60)

    law = Law(Unit(), on={UNIT_CLOSED: Stay("with the paper that was sent")})

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = "材料版次"
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"], name="reports_one_version_of_a_number"
            ),
        ]

    def __str__(self):
        return f"第 {self.number} 版"


class Remark(OrganizationOwned):
    """审阅意见 on one section of one version."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="remarks")
    number = models.PositiveSmallIntegerField("版次")
    section = models.CharField("部分", max_length=16, choices=SECTIONS, blank=True)
    text = models.TextField("意见")
    made_by = models.CharField("审阅人", max_length=60)
    made_at = models.DateTimeField("时间", default=now)

    law = Law(Unit(), on={UNIT_CLOSED: Stay("with the paper that was sent")})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "审阅意见"

    def __str__(self):
        return self.text


class Attachment(OrganizationOwned):
    """附件 of a paper: served only through a permission check."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="attachments")
    name = models.CharField("文件名", max_length=120)
    file = models.FileField(upload_to="plans/%Y/")
    size = models.PositiveIntegerField("大小")
    added_at = models.DateTimeField(default=now)

    law = Law(Unit(), on={UNIT_CLOSED: By("reports.papers.actions.merging.parts")})

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
    content: dict[str, Any] = models.JSONField()
    published_at = models.DateTimeField("发布时间", default=now)

    law = Open("全省一样的范例")

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

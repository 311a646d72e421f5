"""An edition: its stages, deadlines and kinds of activity, and who runs what."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate, now

from campaigns.choices import Adds, CampaignState, DeadlineType, Group, Season, UndertakingState
from campaigns.querysets import (
    ActivityKindQuerySet,
    CampaignQuerySet,
    UndertakingQuerySet,
)
from qingchun.accounts.models import Membership
from qingchun.ground.province import HOME
from qingchun.organizations.changes import (
    POST_ENDED,
    UNIT_CLOSED,
    By,
    Erase,
    Follow,
)
from qingchun.organizations.law import Law, Open, OwnCounty, Unit
from qingchun.organizations.models import Organization, OrganizationOwned

ENDS_FIRST = "结束日期不能早于开始日期，请改一下。"


class Campaign(models.Model):
    """行动: one edition, winter or summer."""

    title = models.CharField("名称", max_length=60)
    theme = models.CharField("主题", max_length=40, default=HOME.action)
    season = models.CharField("季节", max_length=10, choices=Season, default=Season.WINTER)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    spring_festival_on = models.DateField("春节（正月初一）", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=CampaignState, default=CampaignState.PREPARING
    )
    least_kinds = models.PositiveSmallIntegerField(
        "方案至少选几项", default=3, help_text="通知要求从十项主要活动中重点选择几项。"
    )
    notice_title = models.CharField("通知标题", max_length=120, blank=True)
    notice_text = models.TextField("通知要点", blank=True)
    notice_file = models.FileField("通知附件", upload_to="notices/", blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    law = Open("全省一样的届次")

    class Meta:
        ordering = ["-starts_on", "-pk"]
        verbose_name = verbose_name_plural = "行动"
        constraints = [
            models.CheckConstraint(
                name="campaigns_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=ENDS_FIRST,
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("campaigns:campaign", args=[self.pk])

    # An edition belongs to the province: its audit trail is the province's.
    organization_id = HOME.code

    @property
    def what_opening_does(self):
        """In words, for whoever is about to open it."""
        runs = type(self).objects.at_work()
        said = "开放后各级看得到这次行动，可以写方案；还没有人登记时可以收回开放。"
        if runs is None:
            return said
        if self.starts_on > localdate():
            then = f"到{self.starts_on:%Y年%-m月%-d日}各级打开的才是这一次"
        else:
            then = "这一次的日子已经到了，各级打开的就是这一次，那一次在页面上可以选"
        return f"{said}{runs}照常进行，{then}。"

    @property
    def is_preparing(self):
        return self.state == CampaignState.PREPARING

    @property
    def is_open(self):
        return self.state == CampaignState.OPEN

    @property
    def is_locked(self):
        return self.state == CampaignState.LOCKED


class Stage(models.Model):
    """推进步骤: one of three; the last has no end (总结延伸阶段 …—长期)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("名称", max_length=20)
    printed = models.CharField("通知写法", max_length=60, blank=True)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束", null=True, blank=True)

    law = Open("全省一样的阶段")

    class Meta:
        ordering = ["campaign", "number"]
        verbose_name = verbose_name_plural = "阶段"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], name="campaigns_one_stage_of_a_number"
            ),
            models.CheckConstraint(
                name="campaigns_stage_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=ENDS_FIRST,
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def in_words(self):
        """As the notice prints its days; until that is written, the days."""
        end = f"{self.ends_on:%-m月%-d日}" if self.ends_on else "长期"
        return self.printed or f"{self.starts_on:%Y年%-m月%-d日}—{end}"


class Deadline(models.Model):
    """截止日期: what the notice printed, what it can mean, and the day that is enforced.

    The notice prints "2月30日" for the summary; both the print and the decision are kept.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="deadlines")
    purpose = models.CharField("事项", max_length=10, choices=DeadlineType)
    printed = models.CharField("通知写法", max_length=20, blank=True)
    earliest_on = models.DateField("最早可能")
    latest_on = models.DateField("最晚可能")
    enforced_on = models.DateField("执行日期")
    reason = models.CharField("依据", max_length=200, blank=True)
    decided_by = models.CharField("确认人", max_length=60, blank=True)
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)

    law = Open("全省一样的期限")

    class Meta:
        ordering = ["campaign", "enforced_on"]
        verbose_name = verbose_name_plural = "截止日期"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "purpose"], name="campaigns_one_deadline_for_a_purpose"
            ),
            models.CheckConstraint(
                name="campaigns_deadline_earliest_before_latest",
                condition=Q(latest_on__gte=F("earliest_on")),
            ),
            models.CheckConstraint(
                name="campaigns_decided_deadline_has_a_name",
                condition=Q(decided_at=None) | ~Q(decided_by=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}截止日期"


class Extension(OrganizationOwned):
    """准延: more time for one unit and one deadline, with a reason and an end."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="extensions")
    until_on = models.DateField("延至")
    reason = models.CharField("原因", max_length=200)
    granted_by = models.CharField("批准人", max_length=60)
    granted_at = models.DateTimeField("批准时间", default=now)

    law = Law(Unit(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "准延"
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "organization"], name="campaigns_one_extension_for_a_unit"
            ),
        ]

    def __str__(self):
        return f"准延至 {self.until_on:%-m月%-d日}"


class ActivityKind(models.Model):
    """十项主要活动之一, or an innovation of one city, which is its equal."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kinds")
    key = models.SlugField("键", max_length=40)
    number = models.PositiveSmallIntegerField("序号")
    group = models.CharField("类别", max_length=12, choices=Group)
    name = models.CharField("名称", max_length=40)
    short_name = models.CharField("简称", max_length=10)
    run_by = models.CharField("由谁开展", max_length=60)
    # Empty for the ten; an innovation is run in the city that thought of it.
    city = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True)

    objects = ActivityKindQuerySet.as_manager()

    law = Open("全省一样的活动种类")

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = verbose_name_plural = "活动项目"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="campaigns_one_kind_of_a_key"),
            models.CheckConstraint(
                name="campaigns_innovation_has_a_city",
                condition=Q(group=Group.INNOVATION, city__isnull=False)
                | ~Q(group=Group.INNOVATION) & Q(city=None),
            ),
        ]

    def __str__(self):
        return self.name


class Measure(models.Model):
    """A figure that one kind of activity yields, beside how many took part."""

    kind = models.ForeignKey(ActivityKind, models.CASCADE, related_name="measures")
    key = models.SlugField("键", max_length=30)
    label = models.CharField("名称", max_length=20)
    unit = models.CharField("单位", max_length=6)
    adds = models.CharField("汇总", max_length=4, choices=Adds, default=Adds.SUM)
    position = models.PositiveSmallIntegerField("次序", default=0)

    law = Open("全省一样的数字")

    class Meta:
        ordering = ["kind", "position", "pk"]
        verbose_name = verbose_name_plural = "指标"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="campaigns_one_measure_of_a_key"),
        ]

    def __str__(self):
        return f"{self.label}（{self.unit}）"


class Undertaking(OrganizationOwned):
    """承担: a unit runs a kind in this edition. Written when the province approves a plan."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    kind = models.ForeignKey(ActivityKind, models.CASCADE, related_name="undertakings")
    is_featured = models.BooleanField("特色项目", default=False)
    action_day = models.DateField("统一行动日", null=True)
    # Said by the unit itself: chosen, and nothing took place (零), which is not silence.
    nothing_to_report_at = models.DateTimeField(null=True)

    objects = UndertakingQuerySet.as_manager()

    law = Law(
        Unit(), OwnCounty(), on={UNIT_CLOSED: By("campaigns.actions.undertakings.pass_on_owed")}
    )

    class Meta:
        ordering = ["organization_id", "kind"]
        verbose_name = verbose_name_plural = "承担"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "kind"], name="campaigns_undertaken_once"
            ),
        ]

    def __str__(self):
        return f"{self.organization_id} {self.kind_id}"

    STATES = UndertakingState

    @property
    def state(self):
        return UndertakingState.NOTHING if self.nothing_to_report_at else UndertakingState.GOES_ON

    def get_state_display(self):
        return self.state.label


class CalendarKey(models.Model):
    """The private address at which a calendar program reads a post's deadlines.

    Only the digest is kept; a new key ends the one before.
    """

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("建立时间", default=now, editable=False)
    # Of the person, as it was when the key was made.
    credential_version = models.PositiveIntegerField(default=0, editable=False)

    law = Open(
        "只有密钥的摘要，由持有人的密钥找到",
        on={
            POST_ENDED: Erase(),
        },
    )

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"

    def __str__(self):
        return f"{self.membership_id} 日历订阅"

"""What editions leave behind for others: practices, people to look up to, policies."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, now

from campaigns.models import Activity, Campaign
from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.sealed_fields import SealedFileField
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, By, Follow, Stay
from qingchun.organizations.law import Doing, Everybody, Law, Self, Told, Unit, Where
from qingchun.organizations.models import OrganizationOwned
from reports.library.choices import ExemplarState, PolicyKind, PolicyState, PracticeState
from reports.library.querysets import ExemplarQuerySet, KeptQuerySet, PolicyQuerySet
from reports.papers.models.papers import Paper


class Kept(OrganizationOwned):
    """Something that is looked for by words: ``pairs`` marks each two letters of ``SEARCHED``."""

    SEARCHED = ()

    pairs = ArrayField(models.IntegerField(), default=list, editable=False)
    made_by = models.CharField("填写人", max_length=60, blank=True)
    made_at = models.DateTimeField("填写时间", default=now, editable=False)

    class Meta:
        abstract = True
        indexes = [GinIndex(fields=["pairs"], name="reports_%(class)s_words")]


class Practice(Kept):
    """经验做法: written by a county or city so that others can copy it."""

    PARTS = (
        ("situation", "什么情况"), ("did", "怎么做的"), ("took", "花了什么"),
        ("outcome", "结果怎样"), ("copying", "别处怎么照着做"),
    )  # fmt: skip
    SEARCHED = ("title", "place", *(name for name, _ in PARTS))

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="practices")
    title = models.CharField("名称", max_length=40)
    # Whose it is: the township or village that thought of it is named.
    place = models.CharField("哪个乡镇、村先做的", max_length=40, blank=True)
    situation = models.TextField("什么情况", blank=True)
    did = models.TextField("怎么做的", blank=True)
    took = models.TextField("花了什么", blank=True)
    outcome = models.TextField("结果怎样", blank=True)
    copying = models.TextField("别处怎么照着做", blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=PracticeState, default=PracticeState.DRAFT
    )
    chosen_at = models.DateTimeField("推广时间", null=True)
    evidence = models.ManyToManyField(Activity, through="Evidence", related_name="+")

    objects = KeptQuerySet.as_manager()

    law = Law(
        Unit(),
        Doing("publish for all"),
        reads=Where("state = 'chosen'", "推广后所有人"),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta(Kept.Meta):
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "经验做法"
        constraints = [
            models.CheckConstraint(
                name="reports_chosen_practice_has_a_time",
                condition=~Q(state=PracticeState.CHOSEN) | Q(chosen_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:practice", args=[self.pk])


class Evidence(OrganizationOwned):
    """An entry of the log that shows a practice; it may be deleted, and then shows no longer."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="shown_by")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="+")

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "做法依据"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "activity"], name="reports_entry_shows_a_practice_once"
            ),
        ]


class PracticeUse(OrganizationOwned):
    """借鉴: a city's plan takes a practice up; counted once the plan is approved."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="uses")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="practices_used")
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Unit(),
        Doing("publish for all"),
        reads=Everybody(),
        on={UNIT_CLOSED: Stay("with the plan that used it")},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "借鉴"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "paper"], name="reports_plan_uses_a_practice_once"
            ),
        ]


class Exemplar(Kept):
    """典型: somebody who gave back to their home. Published with their consent, gone without it."""

    SEARCHED = ("title", "name", "place", "story")

    # Told nobody: the story's address.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    name = models.CharField("姓名", max_length=LONGEST_NAME, blank=True)
    # The number itself is not kept: its mark tells the person when they sign in with it.
    phone_mark = models.BigIntegerField(null=True, editable=False)
    phone_shown = models.CharField("手机号", max_length=16, blank=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    place = models.CharField("在哪里、做什么", max_length=60, blank=True)
    title = models.CharField("标题", max_length=60, blank=True)
    story = models.TextField("事迹", blank=True)
    picture = models.FileField("照片", upload_to="exemplars/%Y/", blank=True)
    paper = SealedFileField(
        "本人签字的同意书", upload_to="exemplars/%Y/", blank=True, what="signed consent"
    )
    agreed_at = models.DateTimeField("本人同意时间", null=True)
    agreed_to = models.PositiveSmallIntegerField("同意书版本", null=True)
    state = models.CharField(
        "状态", max_length=12, choices=ExemplarState, default=ExemplarState.DRAFT
    )
    published_at = models.DateTimeField("发布时间", null=True)

    objects = ExemplarQuerySet.as_manager()

    law = Law(
        Unit(),
        Self("user"),
        Doing("claim", "forget", "seal anew"),
        reads=Where("state = 'published'", "发布后所有人"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: By("reports.library.actions.exemplars.forget"),
            MOVED: Stay("with the unit that wrote it"),
        },
        told=Told("我的事迹", "reports.library.mine.stories"),
    )

    class Meta(Kept.Meta):
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "典型"
        constraints = [
            models.CheckConstraint(
                name="reports_published_exemplar_agreed",
                condition=~Q(state=ExemplarState.PUBLISHED) | Q(agreed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reports_withdrawn_exemplar_is_empty",
                condition=~Q(state=ExemplarState.WITHDRAWN)
                | Q(name="", phone_mark=None, story="", title="", picture="", place=""),
            ),
        ]

    def __str__(self):
        return self.title or "已撤回的典型"

    def get_absolute_url(self):
        return reverse("reports:exemplar", args=[self.pk])


class Policy(Kept):
    """就业创业政策 of a place: who it is for, how much, how to get it, until when."""

    SEARCHED = ("title", "who", "amount", "how")

    title = models.CharField("名称", max_length=60)
    kind = models.CharField("哪方面", max_length=10, choices=PolicyKind)
    who = models.CharField("给谁", max_length=200)
    amount = models.CharField("给多少", max_length=200)
    how = models.TextField("怎么办")
    source = models.CharField("依据（文号）", max_length=80, blank=True)
    link = models.URLField("原文链接", blank=True)
    # One of the two is said; a policy without a date is no promise.
    valid_until = models.DateField("有效期到", null=True, blank=True)
    is_lasting = models.BooleanField("长期有效", default=False)
    withdrawn_at = models.DateTimeField("停用时间", null=True)

    objects = PolicyQuerySet.as_manager()

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta(Kept.Meta):
        ordering = ["kind", "organization_id", "pk"]
        verbose_name = verbose_name_plural = "就业创业政策"
        constraints = [
            models.CheckConstraint(
                name="reports_policy_says_until_when",
                condition=Q(is_lasting=True, valid_until=None)
                | Q(is_lasting=False, valid_until__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    STATES = PolicyState

    @property
    def state(self):
        return PolicyState.WITHDRAWN if self.withdrawn_at else PolicyState.STANDING

    def get_state_display(self):
        return self.state.label

    @property
    def is_over(self):
        return bool(self.valid_until and self.valid_until < localdate())

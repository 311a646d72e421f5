"""Theme publicity (activity 1): the kit, where it is shown, and people's own words."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.ground.province import HOME
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, WITHDRAWN, Erase, Follow, Stay
from qingchun.organizations.law import Doing, Everybody, Law, Self, Told, Unit, Where
from qingchun.organizations.models import OrganizationOwned
from reports.library.choices import KitKind, Others, SpotKind, VoiceState
from reports.library.querysets import VoiceQuerySet


class KitItem(OrganizationOwned):
    """宣传品 of an edition, for all to take. A newer one of the same ``series`` replaces it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kit")
    series = models.UUIDField(default=uuid.uuid4, editable=False)
    number = models.PositiveSmallIntegerField("版次", default=1)
    kind = models.CharField("种类", max_length=8, choices=KitKind)
    title = models.CharField("名称", max_length=40)
    file = models.FileField("文件", upload_to="kit/%Y/", blank=True)
    text = models.TextField("文字", blank=True)
    link = models.URLField("链接", blank=True)
    made_by = models.CharField("发布人", max_length=60)
    made_at = models.DateTimeField("发布时间", default=now)
    is_newest = models.BooleanField(default=True)

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["kind", "title", "-number"]
        verbose_name = verbose_name_plural = "宣传品"
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="reports_one_kit_version"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(is_newest=True), name="reports_one_newest_kit_item"
            ),
        ]

    def __str__(self):
        return f"{self.title}（第 {self.number} 版）"


class KitFetch(OrganizationOwned):
    """下载: how often a unit took one version; counted, nobody types it."""

    item = models.ForeignKey(KitItem, models.CASCADE, related_name="fetches")
    times = models.PositiveIntegerField("次数", default=0)

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Stay("that unit fetched it")})

    class Meta:
        verbose_name = verbose_name_plural = "宣传品下载"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "organization"], name="reports_one_count_of_a_unit"
            ),
        ]


class Spot(OrganizationOwned):
    """展示点位: a station, an airport, a square where the theme is shown, with a photo of it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="spots")
    kind = models.CharField("哪类地方", max_length=8, choices=SpotKind)
    name = models.CharField("地点", max_length=40)
    what = models.CharField("展示什么", max_length=60, blank=True)
    picture = models.FileField("照片", upload_to="spots/%Y/", blank=True)
    since = models.DateField("从哪天起")
    made_by = models.CharField("登记人", max_length=60)
    made_at = models.DateTimeField("登记时间", default=now)

    law = Law(Unit(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["organization_id", "kind", "pk"]
        verbose_name = verbose_name_plural = "展示点位"

    def __str__(self):
        return self.name


class Voice(OrganizationOwned):
    """我为山西代言: a picture and a sentence, seen by nobody before somebody has looked at it.

    ``organization`` is home, whose cadres look at it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, related_name="+")
    called = models.CharField("怎么称呼", max_length=12, help_text="写昵称或姓氏，会公开。")
    words = models.CharField("一句话", max_length=60)
    picture = models.FileField("照片", upload_to="voices/%Y/")
    # Their own word; empty of those who spoke before it was asked.
    others = models.CharField(
        "照片里还有谁", max_length=8, choices=Others, blank=True, db_default=""
    )
    state = models.CharField("状态", max_length=10, choices=VoiceState, default=VoiceState.WAITING)
    why = models.CharField("原因", max_length=100, blank=True)
    looked_at_by = models.CharField("审看人", max_length=60, blank=True)
    looked_at = models.DateTimeField("审看时间", null=True)
    made_at = models.DateTimeField("提交时间", default=now)
    # Of what was shown before a consent of its own was asked for: when its person was, see actions/portraits.py.
    asked_on = models.DateField("请本人同意的日子", null=True, editable=False)

    objects = VoiceQuerySet.as_manager()

    law = Law(
        Unit(),
        Self("user"),
        Doing("forget"),
        reads=Where("state = 'shown'", "展示后所有人"),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: Erase(),
            LEFT: Erase(),
            MOVED: Stay("with home that looks at it"),
        },
        basis=("voice",),
        told=Told(f"我为{HOME.short}代言", "reports.library.mine.voices"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = f"我为{HOME.short}代言"
        constraints = [
            models.CheckConstraint(
                name="reports_shown_voice_was_looked_at",
                condition=~Q(state=VoiceState.SHOWN) | Q(looked_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization"],
                name="reports_voice_waits",
                condition=Q(state=VoiceState.WAITING),
            ),
        ]

    def __str__(self):
        return f"代言 {self.pk}"

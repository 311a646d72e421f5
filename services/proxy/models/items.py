"""民事代办清单: what a county carries through for people, version by version."""

from typing import NotRequired, TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate, now

from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import UNIT_CLOSED, By, Follow, Stay
from qingchun.organizations.law import Everybody, Law, Unit
from qingchun.organizations.models import OrganizationOwned
from services.proxy.choices import (
    BY_MANDATE,
    WORD_HOLDS,
    Beneficiary,
    Category,
    Office,
    Possible,
    Shown,
    in_words,
)
from services.proxy.querysets import ItemQuerySet


class ServiceItem(OrganizationOwned):
    """One item of a county's checklist; the province's are templates that counties adopt."""

    template = models.ForeignKey("self", models.PROTECT, null=True, related_name="adopted")
    # The template's version that the county has looked at.
    template_number = models.PositiveSmallIntegerField(null=True)
    newest = models.ForeignKey("proxy.ItemVersion", models.PROTECT, null=True, related_name="+")
    published = models.ForeignKey("proxy.ItemVersion", models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField("部门确认日期", null=True)
    confirmed_by = models.CharField("部门确认人", max_length=40, blank=True)
    # Of the version that the office agreed to.
    confirmed_number = models.PositiveSmallIntegerField(null=True)

    STATES = Shown
    objects = ItemQuerySet.as_manager()

    law = Law(
        Unit(), reads=Everybody(), on={UNIT_CLOSED: By("services.proxy.actions.items.follow_unit")}
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "代办事项"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "template"],
                condition=Q(template__isnull=False),
                name="proxy_a_template_is_adopted_once",
            ),
            models.CheckConstraint(
                name="proxy_confirmation_has_a_day_and_a_name",
                condition=Q(confirmed_on=None, confirmed_number=None)
                | Q(confirmed_on__isnull=False, confirmed_number__isnull=False)
                & ~Q(confirmed_by=""),
            ),
        ]

    @property
    def shown(self):
        return Shown.PUBLIC if self.published_id else Shown.OFF

    def get_shown_display(self):
        return self.shown.label

    @property
    def good_until(self):
        """The last day on which the office's word holds; None without it."""
        return self.confirmed_on + WORD_HOLDS if self.confirmed_on else None

    @property
    def is_stale(self):
        return self.good_until is None or self.good_until < localdate()

    @property
    def is_changed(self):
        """There is a version newer than the published one."""
        return self.newest_id != self.published_id

    @property
    def is_confirmed(self):
        """The office agreed to the newest version, and not too long ago."""
        return not self.is_stale and self.confirmed_number == self.newest.number


class Material(TypedDict):
    """What has to be brought. ``key``: by it papers are known, from version to version; a template
    has none yet. ``waived_by``: whom it is not asked of."""

    key: NotRequired[str]
    name: str
    form: str
    count: int
    note: str
    waived_by: str


class ItemStep(TypedDict):
    """One step of the way, in working days."""

    name: str
    by: str
    days: int


class ItemVersion(OrganizationOwned):
    """What an item says, at one time. Added, never changed: a request keeps its own."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    title = models.CharField("事项名称", max_length=40)
    category = models.CharField("类别", max_length=10, choices=Category)
    office = models.CharField("主管部门", max_length=10, choices=Office)
    possible = models.CharField("能代办到哪一步", max_length=8, choices=Possible)
    for_whom = ArrayField(
        models.CharField(max_length=6, choices=Beneficiary), verbose_name="给谁办"
    )
    entitled = models.CharField("办理条件", max_length=300, blank=True)
    materials: list[Material] = models.JSONField("材料", default=list)
    steps: list[ItemStep] = models.JSONField("步骤", default=list)
    latest_days = models.PositiveSmallIntegerField("法定时限（工作日）", null=True, blank=True)
    fee = models.CharField("收费", max_length=60, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    place = models.CharField("办理地点", max_length=80, blank=True)
    hours = models.CharField("办理时间", max_length=80, blank=True)
    advice = models.CharField("政策和提醒", max_length=500, blank=True)
    valid_from = models.DateField("开始日期", null=True, blank=True)
    valid_until = models.DateField("结束日期", null=True, blank=True)
    second_confirms = models.BooleanField("委托须由第二人核对", default=False)
    made_by_name = models.CharField("填写人", max_length=LONGEST_NAME)
    made_at = models.DateTimeField("时间", default=now)

    law = Law(
        Unit(),
        reads=Everybody(),
        on={UNIT_CLOSED: Stay("added and never changed; the item leads to it")},
    )

    class Meta:
        ordering = ["item", "-number"]
        verbose_name = verbose_name_plural = "事项版本"
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="proxy_one_version_a_number"),
            models.CheckConstraint(
                name="proxy_an_item_ends_after_it_begins",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self):
        return f"{self.title} 第 {self.number} 版"

    @property
    def days(self):
        """Working days that the steps take together."""
        return sum(step["days"] for step in self.steps)

    @property
    def needs_mandate(self):
        return self.possible in BY_MANDATE

    @property
    def whom(self):
        return [Beneficiary(key).label for key in self.for_whom]

    @property
    def needed(self):
        """What has to be brought, in words."""
        return [in_words(m["name"], m["form"], m["count"]) for m in self.materials]


class ExamplePicture(OrganizationOwned):
    """What a material looks like: a made-up one, open to all."""

    item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="pictures")
    key = models.CharField(max_length=12)
    picture = models.FileField("样图", upload_to="examples/%Y/%m/")

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        verbose_name = verbose_name_plural = "材料样图"
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="proxy_one_example_a_material"),
        ]

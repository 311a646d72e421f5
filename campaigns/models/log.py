"""The activity log, and what hangs on it; what it adds up to: tallies.py."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.timezone import now

from campaigns.choices import EntryState
from campaigns.models.editions import ActivityKind, Campaign
from campaigns.querysets import ActivityQuerySet, PhotoQuerySet
from qingchun.ground.names import LONGEST_NAME, LONGEST_SIGNED
from qingchun.ground.sealed_fields import SealedFileField
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, Stay
from qingchun.organizations.codes import CITY, COUNTY
from qingchun.organizations.law import Doing, Law, Open, Unit, UnitOfMany
from qingchun.organizations.models import Organization, OrganizationOwned

LISTED, NEWEST = ("-held_on", "-logged_at", "-id"), ("-logged_at",)
# A name, what is asked one value of, the order in which it is shown. A kind is one edition's.
LEVELS = [("", ()), ("city", ("city",)), ("county", ("county",)), ("unit", ("organization",))]
ORDERED_BY = [
    (name or "listed", ("campaign", *where), LISTED) for name, where in LEVELS
] + [
    (f"kind_{name}".strip("_"), ("kind", *where), LISTED) for name, where in LEVELS
] + [
    (f"latest_{name}".strip("_"), ("campaign", *where), NEWEST) for name, where in LEVELS
]  # fmt: skip


class Activity(OrganizationOwned):
    """活动: a thing that took place. The id is made in the browser, so it is logged once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Asked for in an edition, by ``campaigns_log_unit``: an index of its own tempts the planner to
    # fetch a unit's whole log and sort it.
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="单位", db_index=False
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT)
    kind = models.ForeignKey(ActivityKind, models.PROTECT, verbose_name="项目", db_index=False)
    stage = models.PositiveSmallIntegerField("阶段")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=60)
    title = models.CharField("名称", max_length=80)
    participants = models.PositiveIntegerField("参与人次")
    text = models.TextField("简述", blank=True)
    figures: dict[str, int] = models.JSONField("指标", default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False
    )
    logged_by_name = models.CharField("登记人", max_length=LONGEST_NAME)
    logged_at = models.DateTimeField("登记时间", default=now)
    checked_at = models.DateTimeField("核对时间", null=True)
    checked_by_name = models.CharField("核对人", max_length=LONGEST_NAME, blank=True)
    deleted_at = models.DateTimeField("删除时间", null=True)
    # What was asked when it was typed, and who said that it is so: see campaigns/checks.py.
    sure: dict[str, Any] | None = models.JSONField("已核实", null=True, editable=False)
    # Where it counts, as columns: a list in order asks one value of an index, not a range.
    county = models.GeneratedField(
        expression=Left("organization", COUNTY), db_persist=True,
        output_field=models.CharField(max_length=COUNTY, db_collation="C"),
    )  # fmt: skip
    city = models.GeneratedField(
        expression=Left("organization", CITY), db_persist=True,
        output_field=models.CharField(max_length=CITY, db_collation="C"),
    )  # fmt: skip

    objects = ActivityQuerySet.as_manager()

    law = Law(
        UnitOfMany(),
        on={
            UNIT_CLOSED: Stay("what was done stands where it was done"),
            LEFT: Stay("a cadre's work: it belongs to the unit"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = LISTED
        verbose_name = verbose_name_plural = "活动"
        constraints = [
            models.CheckConstraint(
                name="campaigns_participants_are_plausible",
                condition=Q(participants__lte=1_000_000),
            ),
        ]
        indexes = [
            # Each level's list of an edition in its order, of one kind too, and what was logged last.
            *(
                models.Index(
                    fields=[*where, *order],
                    name=f"campaigns_log_{name}",
                    condition=Q(deleted_at=None),
                )
                for name, where, order in ORDERED_BY
            ),
        ]

    def __str__(self):
        return self.title

    STATES = EntryState

    @property
    def standing(self):
        if self.deleted_at:
            return EntryState.DELETED
        return EntryState.CHECKED if self.checked_at else EntryState.LOGGED

    def get_standing_display(self):
        return self.standing.label

    def get_absolute_url(self):
        return reverse("campaigns:activity", args=[self.pk])


class ActivityWords(models.Model):
    """The keyed pairs of characters of an entry: searched without a wall, read by nobody.

    Behind row-level security an array's index could not be used (see docs/how/what-is-sealed.md).
    """

    activity = models.OneToOneField(
        Activity, models.CASCADE, primary_key=True, db_constraint=False, related_name="words"
    )
    pairs = ArrayField(models.IntegerField())
    # Whether they tell how its title is said as well: not where a version before wrote them.
    is_said = models.BooleanField(default=True, db_default=False)

    law = Open("只有词的带密钥的记号", told="marks that nobody reads")

    class Meta:
        verbose_name = verbose_name_plural = "台账的搜索索引"
        indexes = [GinIndex(fields=["pairs"], name="campaigns_log_words")]

    def __str__(self):
        return str(self.pk)


def path_of(photo, name):
    """One path a picture or its film, however often it is made: what a killed worker left is written
    over."""
    return f"photos/made/{photo.pk!s:.2}/{photo.pk}-{name}"


class Photo(OrganizationOwned):
    """A picture of an activity, kept by the entry's id until that is saved.

    As it came it tells where it was taken: nobody is given that. It lies sealed until a worker has made
    it anew; then there is an image, or ``trouble`` says why there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.UUIDField(db_index=True)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="photos")
    raw = SealedFileField(upload_to="raw/", what="photo", blank=True, default="", db_default="")
    image = models.FileField(upload_to=path_of, blank=True)
    thumbnail = models.FileField(upload_to=path_of, blank=True)
    trouble = models.CharField(
        "没有收下的原因", max_length=200, blank=True, db_default="", default=""
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # How it looks, in 64 bits: pictures that look alike differ in few. Empty until it was looked at.
    look = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(default=now)

    objects = PhotoQuerySet.as_manager()

    law = Law(Unit(), Doing("seal anew"), on={UNIT_CLOSED: Stay("with its entry")})

    class Meta:
        ordering = ["added_at", "id"]
        verbose_name = verbose_name_plural = "照片"

    @property
    def is_waiting(self):
        return not self.image and not self.trouble

    @property
    def film(self):
        """The clip whose first frame it is; None of a photograph."""
        return getattr(self, "clip", None)

    @property
    def called(self):
        return "段影像" if self.film else "张照片"


class MediaCoverage(OrganizationOwned):
    """媒体报道 of one activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="coverage")
    title = models.CharField("标题", max_length=100)
    outlet = models.CharField("媒体", max_length=40)
    url = models.URLField("链接", blank=True)
    published_on = models.DateField("日期")

    law = Law(Unit(), on={UNIT_CLOSED: Stay("with its entry")})

    class Meta:
        ordering = ["published_on", "pk"]
        verbose_name = verbose_name_plural = "媒体报道"

    def __str__(self):
        return self.title


class ActivityQuestion(OrganizationOwned):
    """What the city asked about an entry, and what the county answered."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="questions")
    text = models.CharField("问题", max_length=300)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    asked_by = models.CharField("提问人", max_length=LONGEST_SIGNED)
    asked_at = models.DateTimeField("提问时间", default=now)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.CharField("答复人", max_length=LONGEST_SIGNED, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)

    law = Law(
        Unit(),
        on={
            UNIT_CLOSED: Stay("with its entry"),
            LEFT: Stay("a cadre's work: it belongs to the unit"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "活动询问"
        constraints = [
            models.CheckConstraint(
                name="campaigns_answer_has_a_time",
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization"],
                name="campaigns_question_open",
                condition=Q(answered_at=None),
            ),
        ]

    def __str__(self):
        return self.text

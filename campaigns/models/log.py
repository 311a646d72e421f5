"""The activity log, what hangs on it, and what it adds up to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from campaigns.choices import EntryState
from campaigns.models.editions import ActivityKind, Campaign, Measure
from campaigns.querysets import (
    ActivityQuerySet,
    TallyQuerySet,
)
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, Stay
from qingchun.organizations.law import Doing, Law, OwnCounty, Unit
from qingchun.organizations.models import OrganizationOwned


class Activity(OrganizationOwned):
    """活动: a thing that took place. The id is made in the browser, so it is logged once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT)
    kind = models.ForeignKey(ActivityKind, models.PROTECT, verbose_name="项目", db_index=False)
    stage = models.PositiveSmallIntegerField("阶段")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=60)
    title = models.CharField("名称", max_length=80)
    participants = models.PositiveIntegerField("参与人次")
    text = models.TextField("简述", blank=True)
    figures = models.JSONField("指标", default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False
    )
    logged_by_name = models.CharField("登记人", max_length=30)
    logged_at = models.DateTimeField("登记时间", default=now)
    checked_at = models.DateTimeField("核对时间", null=True)
    checked_by_name = models.CharField("核对人", max_length=30, blank=True)
    deleted_at = models.DateTimeField("删除时间", null=True)

    objects = ActivityQuerySet.as_manager()

    law = Law(
        Unit(),
        on={
            UNIT_CLOSED: Stay("what was done stands where it was done"),
            LEFT: Stay("a cadre's work: it belongs to the unit"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = ["-held_on", "-logged_at", "id"]
        verbose_name = verbose_name_plural = "活动"
        constraints = [
            models.CheckConstraint(
                name="campaigns_participants_are_plausible",
                condition=Q(participants__lte=1_000_000),
            ),
        ]
        indexes = [
            # The county list: one unit's live rows of an edition, newest first.
            models.Index(
                fields=["campaign", "organization", "-held_on", "-logged_at"],
                name="campaigns_activity_list",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["campaign", "-logged_at"],
                name="campaigns_activity_newest",
                condition=Q(deleted_at=None),
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


class Photo(OrganizationOwned):
    """A picture of an activity, re-encoded by us; kept by the entry's id until that is saved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.UUIDField(db_index=True)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="photos")
    image = models.FileField(upload_to="photos/%Y/%m/")
    thumbnail = models.FileField(upload_to="photos/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # How it looks, in 64 bits: pictures that look alike differ in few. Empty until it was looked at.
    look = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(default=now)

    law = Law(Unit(), on={UNIT_CLOSED: Stay("with its entry")})

    class Meta:
        ordering = ["added_at", "id"]
        verbose_name = verbose_name_plural = "照片"


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
    asked_by = models.CharField("提问人", max_length=60)
    asked_at = models.DateTimeField("提问时间", default=now)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
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


class Tally(OrganizationOwned):
    """What the log adds up to, kept in the transaction that changes the log.

    One row per edition, counting unit, kind and stage. The counting unit is the county-level
    unit (a city's or the province's own entries count for itself): see docs/how/fast-pages.md.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    kind = models.ForeignKey(ActivityKind, models.CASCADE, db_index=False)
    stage = models.PositiveSmallIntegerField()
    activities = models.IntegerField("场次", default=0)
    participants = models.BigIntegerField("人次", default=0)
    last_on = models.DateField("最近一次", null=True)

    objects = TallyQuerySet.as_manager()

    law = Law(Unit(), OwnCounty(), on={UNIT_CLOSED: Stay("counted from the log, which stays")})

    class Meta:
        verbose_name = verbose_name_plural = "计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "kind", "stage"],
                include=["activities", "participants", "last_on"],
                name="campaigns_one_tally_of_a_kind",
            ),
            models.CheckConstraint(
                name="campaigns_tally_is_not_negative",
                condition=Q(activities__gte=0, participants__gte=0),
            ),
        ]


class RecordTally(OrganizationOwned):
    """What records outside the log add up to: check-ins, requests, matches.

    The app that keeps the records counts them here, in the transaction that writes one, and
    registers where the truth is: see campaigns/counting.py.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    key = models.SlugField("键", max_length=40)
    value = models.BigIntegerField("数值", default=0)

    law = Law(
        Unit(),
        OwnCounty(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "run an event",
            "carry a case",
            "forget",
        ),
        on={UNIT_CLOSED: Stay("counted anew from the records, see actions/mergers.py")},
    )

    class Meta:
        verbose_name = verbose_name_plural = "记录计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "key"],
                name="campaigns_one_record_tally_of_a_key",
            ),
        ]


class FigureTally(OrganizationOwned):
    """The same for each measure of a kind."""

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    measure = models.ForeignKey(Measure, models.CASCADE, db_index=False)
    value = models.BigIntegerField("数值", default=0)

    law = Law(Unit(), OwnCounty(), on={UNIT_CLOSED: Stay("counted from the log, which stays")})

    class Meta:
        verbose_name = verbose_name_plural = "指标计数"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization", "measure"],
                name="campaigns_one_figure_of_a_measure",
            ),
        ]

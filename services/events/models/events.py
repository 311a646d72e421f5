"""活动: what people are asked to turn up for, and its places."""

import datetime as dt
import uuid
from typing import NotRequired, Required, TypedDict

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate, localtime, now

from campaigns.models import Activity, Campaign
from qingchun.ground.names import LONGEST_NAME, LONGEST_SIGNED
from qingchun.organizations.changes import LEFT, UNIT_CLOSED, By, Follow, Stay
from qingchun.organizations.law import Doing, Everybody, Law, OwnCounty, Unit
from qingchun.organizations.models import Organization, OrganizationOwned
from services.events import kinds
from services.events.choices import (
    ACCEPT_HOURS,
    FEWEST_HOURS,
    MOST_HOURS,
    TAKES_PEOPLE,
    EventState,
    PointKind,
    Reach,
)
from services.events.querysets import EventQuerySet
from talent.youth.choices import YouthType

HTTPS = RegexValidator(r"^https://", "网址要以 https:// 开头，请从地图里复制链接。")


class EventQuestion(TypedDict):
    """What an event asks whoever signs up; ``kind``: one of ``Asked``; ``choices``: of one of them."""

    key: str
    label: str
    kind: str
    choices: list[str]
    required: NotRequired[bool]


class Event(OrganizationOwned):
    """活动. ``organization`` runs it. Nothing of persons stands here: anybody may read it."""

    kind = models.CharField("属于哪项", max_length=12, choices=kinds.choices)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    # The first of a series; itself for the first.
    series = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    title = models.CharField("名称", max_length=60)
    text = models.TextField("介绍", max_length=2000, blank=True)
    picture = models.FileField("图片", upload_to="events/%Y/%m/", blank=True)
    place = models.CharField("地点", max_length=80)
    map_link = models.URLField("地图链接", blank=True, validators=[HTTPS])
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    opens_at = models.DateTimeField("报名开始", default=now)
    closes_at = models.DateTimeField("报名截止")
    # Of all groups together, where that is less than their sum.
    capacity = models.PositiveIntegerField("总名额", null=True, blank=True)
    taken = models.PositiveIntegerField("已占", default=0)
    needs_approval = models.BooleanField("报名要审核", default=False)
    accept_hours = models.PositiveSmallIntegerField("候补递补后几小时内确认", default=ACCEPT_HOURS)
    reach = models.CharField("谁可以报名", max_length=5, choices=Reach, default=Reach.ANY)
    classes = ArrayField(
        models.CharField(max_length=10, choices=YouthType),
        verbose_name="身份",
        default=list,
        blank=True,
    )
    adults_only = models.BooleanField("只限 18 周岁以上", default=False)
    singles_only = models.BooleanField("只限单身（本人声明）", default=False)
    questions: list[EventQuestion] = models.JSONField("报名时问什么", default=list, blank=True)
    contact_name = models.CharField("联系人", max_length=LONGEST_NAME)
    contact_phone = models.CharField("联系电话", max_length=20)
    state = models.CharField("状态", max_length=9, choices=EventState, default=EventState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    # When that number was last raised; None where it never was, or by the version before.
    changed_at = models.DateTimeField(null=True, editable=False)
    # The log entry that this becomes; its photos are kept by the same id.
    entry = models.UUIDField(default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, related_name="+")
    cancelled_why = models.CharField("取消原因", max_length=200, blank=True)
    held_at = models.DateTimeField("举办确认", null=True)
    # It was said by mistake that it was held: the clock does not say so again at once.
    reopened_at = models.DateTimeField("改回未举办", null=True)
    # Many wishes are placed by a worker: since when they wait for it, and who asked.
    made_by_name = models.CharField("发布人", max_length=LONGEST_NAME, blank=True)

    objects = EventQuerySet.as_manager()

    law = Law(
        Unit(),
        Doing("run an event", "join", "match", "forget"),
        reads=Everybody(),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("the number of whoever answers for it at the unit"),
        },
        told="open to all",
    )

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = verbose_name_plural = "活动"
        constraints = [
            models.CheckConstraint(
                name="events_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="events_window_ends_after_it_begins",
                condition=Q(closes_at__gt=F("opens_at")),
            ),
            models.CheckConstraint(
                name="events_window_ends_before_the_event_does",
                condition=Q(closes_at__lte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="events_event_is_not_overbooked",
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="events_held_event_has_a_time",
                condition=Q(state=EventState.HELD, held_at__isnull=False)
                | ~Q(state=EventState.HELD) & Q(held_at=None),
            ),
            models.CheckConstraint(
                name="events_cancelled_event_says_why",
                condition=~Q(state=EventState.CANCELLED) | ~Q(cancelled_why=""),
            ),
            models.CheckConstraint(
                name="events_offer_lasts_one_to_72_hours",
                condition=Q(accept_hours__range=(FEWEST_HOURS, MOST_HOURS)),
            ),
            models.CheckConstraint(
                name="events_matchmaking_is_for_adults",
                condition=~Q(kind=kinds.MATCHMAKING.key) | Q(adults_only=True, singles_only=True),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "starts_at"], name="events_of_a_unit"),
            models.Index(fields=["starts_at"], name="events_ahead"),
        ]

    def __str__(self):
        return self.title

    @property
    def takes_people(self):
        """Whether it can be signed up for just now."""
        return self.state in TAKES_PEOPLE and self.opens_at <= now() < self.closes_at

    @property
    def of(self):
        """What its kind says."""
        return kinds.KINDS[self.kind]

    @property
    def for_whom(self):
        """Who may join, in words."""
        said = [] if self.reach == Reach.ANY else [self.get_reach_display()]
        said += ["、".join(YouthType(kind).label for kind in self.classes)] if self.classes else []
        said += ["18 周岁以上"] if self.adults_only else []
        said += ["单身"] if self.singles_only else []
        return "，".join(said) or "不限"

    @property
    def is_over(self):
        return self.ends_at <= now()

    @property
    def names_its_guests(self):
        """From the day before on whoever holds it knows who comes: to ring them, and at the door."""
        eve = localdate(self.starts_at) - dt.timedelta(days=1)
        known = self.state not in (EventState.DRAFT, EventState.CANCELLED)
        return known and localdate() >= eve


class ServicePoint(OrganizationOwned):
    """服务点: a station where volunteers stand. ``organization`` is the county it lies in, so that
    the province, the city and the county who stand there stand at one point."""

    kind = models.CharField("哪一类", max_length=8, choices=PointKind)
    name = models.CharField("名称", max_length=40)

    law = Law(
        Unit(),
        Doing("run an event", "forget"),
        reads=Everybody(),
        on={UNIT_CLOSED: Follow(told_apart="name")},
    )

    class Meta:
        ordering = ["organization_id", "kind", "name"]
        verbose_name = verbose_name_plural = "服务点"
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="events_point_once"),
        ]

    def __str__(self):
        return self.name


class PointDay(OrganizationOwned):
    """How many people were served at a point on one day: one number, whoever stood there."""

    point = models.ForeignKey(ServicePoint, models.CASCADE, related_name="days")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    on = models.DateField("日期", default=localdate)
    served = models.PositiveIntegerField("服务人次")
    # What was asked when it was typed, and who said that it is so: see campaigns/checks.py.
    sure = models.JSONField("已核实", null=True, editable=False)
    by_name = models.CharField("填写人", max_length=LONGEST_SIGNED)
    at = models.DateTimeField(default=now)

    law = Law(Unit(), OwnCounty(), Doing("run an event", "forget"), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["-on"]
        verbose_name = verbose_name_plural = "服务点一天"
        constraints = [
            models.UniqueConstraint(fields=["point", "on"], name="events_point_day_once"),
            models.CheckConstraint(
                name="events_served_is_plausible", condition=Q(served__lte=100_000)
            ),
        ]


class PointGiven(TypedDict):
    """A station as a form names it: found by its name in the county, or made."""

    name: str
    kind: str
    county: str


class GroupRow(TypedDict, total=False):
    """A group as a form gives it. ``pk``: of one that stands; without ``point``: none."""

    pk: int | None
    key: str
    name: str
    text: str
    capacity: Required[int]
    host: str
    near_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    point: PointGiven


class EventGroup(OrganizationOwned):
    """名额: everybody; men and women; a post of an internship; a shift of volunteers."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="groups")
    key = models.CharField(max_length=10, blank=True)  # men, women
    name = models.CharField("名称", max_length=40)
    text = models.CharField("说明", max_length=300, blank=True)
    capacity = models.PositiveIntegerField("名额")
    taken = models.PositiveIntegerField("已占", default=0)
    # A post: who has it, and where, so that it can be said how near to home it is.
    host = models.CharField("单位", max_length=40, blank=True)
    near = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    # A shift
    point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="shifts")
    starts_at = models.DateTimeField("开始", null=True)
    ends_at = models.DateTimeField("结束", null=True)
    # A shift called off alone: it has no places any more.
    cancelled_why = models.CharField("取消原因", max_length=200, blank=True, db_default="")
    # The start of which people were reminded a day, and two hours, before.
    told_day_before = models.DateTimeField(null=True)
    told_hours_before = models.DateTimeField(null=True)

    law = Law(
        Unit(),
        Doing("run an event", "join", "forget"),
        reads=Everybody(),
        on={UNIT_CLOSED: By("services.events.actions.merging.groups")},
    )

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = verbose_name_plural = "名额"
        constraints = [
            models.CheckConstraint(
                name="events_group_is_not_overbooked", condition=Q(taken__lte=F("capacity"))
            ),
            models.CheckConstraint(
                name="events_shift_ends_after_it_begins",
                condition=Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
            models.UniqueConstraint(
                fields=["event", "host", "name", "starts_at"],
                # Two may change names in one save. Posts have no time: ``_write_groups`` tells them
                # apart, since PostgreSQL's NULLS NOT DISTINCT is an index that cannot wait.
                deferrable=models.Deferrable.DEFERRED,
                name="events_group_of_a_name_once",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def left(self):
        return self.capacity - self.taken

    @property
    def name_and_time(self):
        """A group as one of several is told from the others: 太原南站 1月28日 08:00—12:00."""
        if not self.starts_at:
            return self.name
        return f"{self.name} {localtime(self.starts_at):%-m月%-d日 %H:%M}—{self.until}"

    @property
    def until(self):
        """When a shift ends, as it stands behind its start: 12:00, 次日 06:00."""
        if not self.starts_at:
            return ""
        begins, ends = localtime(self.starts_at), localtime(self.ends_at)
        return f"{'' if begins.date() == ends.date() else '次日 '}{ends:%H:%M}"

    def begins_at(self, event):
        """A shift's own start, else that of its event."""
        return self.starts_at or event.starts_at

    @property
    def hours(self):
        """The length of a shift, in hours."""
        if not self.starts_at:
            return 0
        return round((self.ends_at - self.starts_at).total_seconds() / 3600, 1)

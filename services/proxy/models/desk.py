"""The desk: hours that can be booked, trips to the offices, the day's end, ready phrases, counts."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime, now

from campaigns.models import Campaign
from qingchun.accounts.models import Membership
from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import POST_ENDED, UNIT_CLOSED, By, Follow, Stay
from qingchun.organizations.law import Doing, Everybody, Law, Near, OwnCounty, Unit
from qingchun.organizations.models import OrganizationOwned
from services.proxy.choices import CaseFigure, HandoverMethod, HourState, Office
from services.proxy.models.items import ServiceItem
from services.proxy.models.requests import ServiceRequest
from services.proxy.querysets import SlotQuerySet


class Slot(OrganizationOwned):
    """可约时段: so many people, in one hour, at one place or at their doors."""

    way = models.CharField("方式", max_length=5, choices=HandoverMethod)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    place = models.CharField("地点", max_length=60, blank=True)
    capacity = models.PositiveSmallIntegerField("名额")
    taken = models.PositiveSmallIntegerField("已约", default=0)
    # Whatever becomes free in it: until somebody opens it again.
    is_closed = models.BooleanField("不再接受", default=False)

    objects = SlotQuerySet.as_manager()

    law = Law(
        Unit(),
        Doing("carry a case", "forget"),
        reads=Everybody(),
        on={UNIT_CLOSED: By("services.proxy.actions.slots.follow_unit")},
    )

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = verbose_name_plural = "可约时段"
        constraints = [
            models.CheckConstraint(
                name="proxy_slot_is_not_overbooked", condition=Q(taken__lte=F("capacity"))
            ),
            models.CheckConstraint(
                name="proxy_slot_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["organization", "way", "starts_at"], name="proxy_one_slot_an_hour"
            ),
        ]
        indexes = [models.Index(fields=["organization", "starts_at"], name="proxy_slots_ahead")]

    STATES = HourState

    @property
    def state(self):
        return HourState.CLOSED if self.is_closed else HourState.OPEN

    def get_state_display(self):
        return self.state.label

    @property
    def left(self):
        return 0 if self.is_closed else self.capacity - self.taken

    @property
    def has_begun(self):
        return self.starts_at <= now()

    @property
    def in_words(self):
        """1月9日（周三）9:00—11:00."""
        begin, end = localtime(self.starts_at), localtime(self.ends_at)
        week = "一二三四五六日"[begin.weekday()]
        return f"{begin:%-m月%-d日}（周{week}）{begin:%-H:%M}—{end:%-H:%M}"


class Trip(OrganizationOwned):
    """跑一趟: one agent takes many cases to one office."""

    office = models.CharField("去哪个部门", max_length=10, choices=Office)
    agent = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    agent_name = models.CharField("代办员", max_length=LONGEST_NAME)
    at = models.DateTimeField("时间", default=now)
    back_at = models.DateTimeField("回来", null=True)

    law = Law(
        Near(),
        Doing("hand over", "carry a case", "merge units", "forget", "install the demo"),
        on={
            UNIT_CLOSED: Follow(),
            POST_ENDED: By("services.proxy.actions.leaving.pass_on_trips"),
        },
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "跑办单"


class TripCase(OrganizationOwned):
    trip = models.ForeignKey(Trip, models.CASCADE, related_name="cases")
    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="+")

    law = Law(
        Near(),
        Doing("carry a case", "merge units", "forget", "install the demo"),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "跑办单里的件"
        constraints = [
            models.UniqueConstraint(fields=["trip", "request"], name="proxy_a_case_once_a_trip"),
        ]


class DayClose(OrganizationOwned):
    """收工: every original of the day has its slip."""

    on = models.DateField("日期")
    by_name = models.CharField("经办人", max_length=LONGEST_NAME)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        Doing("merge units", "install the demo"),
        on={UNIT_CLOSED: Stay("that day's work ended there")},
    )

    class Meta:
        ordering = ["-on"]
        verbose_name = verbose_name_plural = "收工"
        constraints = [
            models.UniqueConstraint(fields=["organization", "on"], name="proxy_day_ends_once"),
        ]


class Phrase(OrganizationOwned):
    """常用语: what a unit writes to people often."""

    text = models.CharField("常用语", max_length=200)

    law = Law(Near(), Doing("merge units", "install the demo"), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "常用语"
        constraints = [
            models.UniqueConstraint(fields=["organization", "text"], name="proxy_phrase_once"),
        ]

    def __str__(self):
        return self.text


class CaseTally(OrganizationOwned):
    """Counts of a county by item, kept beside the requests; no person in them.

    ``detail``: the number of days for DAYS, "material|what was wrong" for SENT_HOME.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE)
    item = models.ForeignKey(ServiceItem, models.CASCADE)
    measure = models.CharField(max_length=10, choices=CaseFigure)
    detail = models.CharField(max_length=60, blank=True)
    value = models.IntegerField()

    law = Law(
        Unit(),
        OwnCounty(),
        Doing("carry a case", "forget"),
        on={UNIT_CLOSED: Stay("counted anew from the cases, see counts.py")},
    )

    class Meta:
        verbose_name = verbose_name_plural = "代办计数"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "campaign", "item", "measure", "detail"],
                name="proxy_one_count_of_a_measure",
            ),
        ]

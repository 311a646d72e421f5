"""青春有约: what somebody says of themselves, where they sit, whom they would like to see again.

A profile is seen by its person alone, a choice too; a match by its two. Staff see numbers.
"""

import datetime as dt
from typing import TypedDict

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import (
    LEFT,
    MOVED,
    UNIT_CLOSED,
    WITHDRAWN,
    By,
    Empty,
    Erase,
    Follow,
    Stay,
)
from qingchun.organizations.law import Doing, Everybody, Law, Matching, OwnUnit, Self, Told, Unit
from qingchun.organizations.models import OrganizationOwned
from services.events.choices import MOST_CHOICES, News, ReportState, Sex
from services.events.models.events import Event
from services.events.models.signups import Signup


class EveningFacts(TypedDict, total=False):
    """What the sheet of an evening says; ``choose_until``: a day after its end when not said."""

    rounds: int
    minutes: int
    choose_until: dt.datetime


class Evening(OrganizationOwned):
    """What an event of 青春有约 has besides: rounds, the end of choosing, and counts."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="evening")
    rounds = models.PositiveSmallIntegerField("轮数", default=8)
    minutes = models.PositiveSmallIntegerField("每轮几分钟", default=6)
    # 0 before the first round.
    round_now = models.PositiveSmallIntegerField("现在第几轮", default=0)
    choose_until = models.DateTimeField("选择截止")
    told_at = models.DateTimeField("结果告知", null=True)
    erased_at = models.DateTimeField("选择删除", null=True)
    pairs = models.PositiveIntegerField("互选成功", null=True)

    law = Law(
        Unit(), Doing("run an event", "forget"), reads=Everybody(), on={UNIT_CLOSED: Follow()}
    )

    class Meta:
        verbose_name = verbose_name_plural = "青春有约"
        constraints = [
            models.CheckConstraint(
                name="events_rounds_are_few", condition=Q(rounds__gte=1, rounds__lte=30)
            ),
            models.CheckConstraint(
                name="events_result_has_a_count",
                condition=Q(told_at=None, pairs=None)
                | Q(told_at__isnull=False, pairs__isnull=False),
            ),
        ]


class ProfileFacts(TypedDict):
    """What somebody says of themselves for an evening."""

    trade: str
    hopes: str
    from_age: int
    to_age: int


class Profile(OrganizationOwned):
    """What somebody gives for one evening; seen by themselves."""

    signup = models.OneToOneField(Signup, models.CASCADE, related_name="profile")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sex = models.CharField("性别", max_length=5, choices=Sex)
    birth_year = models.PositiveSmallIntegerField("出生年")
    trade = models.CharField("做什么工作", max_length=30)
    hopes = models.CharField("希望认识什么样的人", max_length=100, blank=True)
    from_age = models.PositiveSmallIntegerField("对方年龄从", default=18)
    to_age = models.PositiveSmallIntegerField("到", default=60)
    # Marks of numbers and names: nobody can read whom, not even whoever wrote them.
    avoids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # The mark of the identity number: the number itself is not kept. It comes in once (door.py).
    person_mark = models.BigIntegerField(null=True)
    # On the lapel; given at the door.
    number = models.PositiveSmallIntegerField("号码", null=True)

    law = Law(
        Self("user"),
        Doing("run an event", "match", "merge units", "forget", "install the demo"),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: Erase(),
            LEFT: Erase(),
            MOVED: Stay("with the evening"),
        },
        basis=("matchmaking",),
        told=Told("青春有约资料", "services.events.actions.leaving.profiles_of"),
    )

    class Meta:
        verbose_name = verbose_name_plural = "青春有约资料"
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="events_one_number_once"),
            models.CheckConstraint(
                name="events_ages_are_those_of_adults",
                condition=Q(from_age__gte=18, to_age__gte=F("from_age")),
            ),
        ]


class Seat(OrganizationOwned):
    """Who sits with whom in which round: two numbers at a table."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="seats")
    round = models.PositiveSmallIntegerField("轮")
    table = models.PositiveSmallIntegerField("桌")
    man = models.PositiveSmallIntegerField("男青年")
    woman = models.PositiveSmallIntegerField("女青年")

    law = Law(
        OwnUnit(),
        Doing("run an event", "match", "merge units", "forget", "install the demo"),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["round", "table"]
        verbose_name = verbose_name_plural = "座位"
        constraints = [
            models.UniqueConstraint(fields=["event", "round", "man"], name="events_man_sits_once"),
            models.UniqueConstraint(
                fields=["event", "round", "woman"], name="events_woman_sits_once"
            ),
            models.UniqueConstraint(fields=["event", "round", "table"], name="events_table_once"),
            models.UniqueConstraint(
                fields=["event", "man", "woman"], name="events_nobody_meets_twice"
            ),
        ]

    def __str__(self):
        return f"第 {self.round} 轮 {self.table} 桌"


class Choice(models.Model):
    """Whom somebody would like to see again: up to five numbers. Read by the person alone.

    No foreign keys: whatever follows one would have to see the row. Erased after 14 days.
    """

    event_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    chosen = ArrayField(models.PositiveSmallIntegerField(), default=list)

    law = Law(
        Self("user_id"),
        Matching(),
        on={
            WITHDRAWN: By("services.events.actions.leaving.erase_choices"),
            LEFT: By("services.events.actions.leaving.erase_choices"),
        },
        basis=("matchmaking",),
        told="with the profile",
    )

    class Meta:
        verbose_name = verbose_name_plural = "选择"
        constraints = [
            models.UniqueConstraint(fields=["event_id", "user_id"], name="events_one_choice_each"),
            models.CheckConstraint(
                name="events_choices_are_few", condition=Q(chosen__len__lte=MOST_CHOICES)
            ),
        ]

    def __str__(self):
        return f"选择 {self.pk}"


class Match(OrganizationOwned):
    """Two who chose each other. Names and numbers are shown once both say so."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="matches")
    a = models.ForeignKey(Profile, models.CASCADE, related_name="+")
    b = models.ForeignKey(Profile, models.CASCADE, related_name="+")
    a_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    b_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    a_agreed_at = models.DateTimeField("甲方同意", null=True)
    b_agreed_at = models.DateTimeField("乙方同意", null=True)
    ended_at = models.DateTimeField("结束", null=True)
    news = models.CharField("近况", max_length=8, choices=News, blank=True)

    law = Law(
        Self("a_user"),
        Self("b_user"),
        Doing("run an event", "match", "merge units", "forget", "install the demo"),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: Erase(),
            LEFT: Erase(),
            MOVED: Stay("with the evening"),
        },
        basis=("matchmaking",),
        told="of two people: both read it on the page of the evening",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "互选"
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="events_pair_once"),
            models.CheckConstraint(name="events_pair_is_two", condition=~Q(a=F("b"))),
        ]

    @property
    def is_open(self):
        """Whether both have agreed that their names and numbers are shown."""
        return bool(self.a_agreed_at and self.b_agreed_at and not self.ended_at)


class Block(models.Model):
    """Whom somebody never wants to be seated with again; seen by nobody."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mark = models.BigIntegerField()

    law = Law(
        Self("user"),
        Doing("run an event", "match", "merge units", "forget", "install the demo"),
        on={
            LEFT: Erase(),
        },
        told="marks that nobody reads",
    )

    class Meta:
        verbose_name = verbose_name_plural = "不再同桌"
        constraints = [
            models.UniqueConstraint(fields=["user", "mark"], name="events_blocked_once"),
        ]

    def __str__(self):
        return f"不再同桌 {self.pk}"


class Report(OrganizationOwned):
    """举报: what somebody tells the unit that ran the evening about a number."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField("号码")
    text = models.CharField("情况", max_length=300)
    state = models.CharField("状态", max_length=6, choices=ReportState, default=ReportState.OPEN)
    outcome = models.CharField("处理", max_length=300, blank=True)
    by_name = models.CharField("处理人", max_length=LONGEST_NAME, blank=True)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        OwnUnit(),
        Doing("run an event", "match", "merge units", "forget", "install the demo"),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "举报"
        constraints = [
            models.CheckConstraint(
                name="events_closed_report_says_how",
                condition=Q(state=ReportState.OPEN) | ~Q(outcome=""),
            ),
        ]


class Pledge(OrganizationOwned):
    """移风易俗承诺, signed at will. ``organization`` is the signer's home; staff see how many."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    name = models.CharField("姓名", max_length=LONGEST_NAME, blank=True)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Self("user"),
        Doing("run an event", "count", "merge units", "forget", "install the demo"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Empty({"user": None, "name": ""}),
            MOVED: Stay("counted where it was signed"),
        },
        told=Told("移风易俗承诺", "services.events.actions.leaving.pledges_of"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "移风易俗承诺"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "campaign"],
                condition=Q(user__isnull=False),
                nulls_distinct=False,
                name="events_one_pledge_an_edition",
            ),
        ]

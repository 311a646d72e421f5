"""报名: one person at one event, from the first tap to the certificate."""

import uuid
from typing import TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from qingchun.accounts.phones import PHONE, Masked
from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.sealed_fields import SealedNumberField, mark_of
from qingchun.ground.sealing import blind_index
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, WITHDRAWN, By, Follow, Stay
from qingchun.organizations.law import Doing, Law, Near, Of, OwnUnit, Self, Told
from qingchun.organizations.models import Organization, OrganizationOwned
from services.events.choices import LATE_AFTER, STANDING, Finish, Satisfaction, SignState
from services.events.models.events import Event, EventGroup
from services.events.querysets import SignupQuerySet
from talent.youth.choices import YouthType


def ending_mark(event_id, phone):
    """What the last four digits are found by at the door of one event; None without a number.

    Only the key's holder can make it. The event is part of it: by one mark for all events,
    somebody who knows one person's number would know everybody's whose number ends alike, and
    ten thousand endings are soon known. So they know, of one event, that two end alike.
    """
    return blind_index(f"{event_id}|{phone[-4:]}", "event phone ending") if phone else None


class EndingMarkField(models.BigIntegerField):
    """Made whenever a sign-up is saved; the door of sign-ups (``events_join``) is given it."""

    def pre_save(self, instance, add):
        value = ending_mark(instance.event_id, instance.phone)
        setattr(instance, self.attname, value)
        return value


class SignupFacts(TypedDict):
    """What ``events_join`` writes down of whoever signs up; ``phone``: sealed, in hex."""

    name: str
    phone: str
    ending: int
    kind: str
    home: str
    mark: int
    answers: dict[str, str]


class Signup(Masked, OrganizationOwned):
    """报名. Seen by the unit that runs the event and by the person; a city does not see its
    counties', the province sees none but its own."""

    # No index of its own: "events_person_once" begins with it.
    event = models.ForeignKey(Event, models.CASCADE, related_name="signups", db_index=False)
    group = models.ForeignKey(
        EventGroup, models.CASCADE, null=True, related_name="signups", db_index=False
    )
    # A volunteer may take several shifts of one event: then the group's id, else 0.
    slot = models.BigIntegerField(default=0)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField("姓名", max_length=LONGEST_NAME, blank=True)
    phone = SealedNumberField(
        "手机号", max_length=16, blank=True, what=PHONE, db_column="phone_sealed"
    )
    phone_mark = mark_of("phone")
    phone_ending_mark = EndingMarkField(null=True, editable=False)
    kind = models.CharField("身份", max_length=10, choices=YouthType, blank=True)
    home = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        verbose_name="籍贯",
        related_name="+",
        db_index=False,
    )
    state = models.CharField("状态", max_length=9, choices=SignState)
    # The place in the line: a number that only grows, taken anew by whoever comes again.
    turn = models.BigIntegerField(default=0)
    answers: dict[str, str] = models.JSONField("回答", default=dict, blank=True)
    joined_at = models.DateTimeField("报名时间", default=now)
    offered_until = models.DateTimeField("确认到", null=True)
    why = models.CharField("说明", max_length=200, blank=True)
    # The same person has the same mark, also once they are forgotten: people are counted once.
    person_mark = models.BigIntegerField(editable=False)
    # What the code on their phone says.
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    arrived_at = models.DateTimeField("签到", null=True)
    arrived_by = models.UUIDField(null=True)  # the scan: the same one sent twice is silent
    # Volunteers
    hours = models.DecimalField("服务时长", max_digits=4, decimal_places=1, null=True)
    hours_by = models.CharField("确认人", max_length=LONGEST_NAME, blank=True)
    # What they take home
    certificate = models.CharField("证书编号", max_length=12, null=True, unique=True)
    certified_at = models.DateTimeField("签发", null=True)
    recertified_at = models.DateTimeField("按改正的姓名重新签发", null=True)

    objects = SignupQuerySet.as_manager()

    law = Law(
        OwnUnit(),
        Near(),
        Doing(
            "run an event",
            "join",
            "match",
            "count",
            "merge units",
            "forget",
            "install the demo",
            "seal anew",
        ),
        Self("user"),
        on={
            UNIT_CLOSED: By("services.events.actions.merging.signups"),
            WITHDRAWN: By("services.events.actions.leaving.give_up"),
            LEFT: By("services.events.actions.leaving.forget"),
            MOVED: Stay("with the event"),
        },
        basis=("matchmaking", "host"),
        told=Told("活动报名", "services.events.actions.leaving.signups_of"),
    )

    class Meta:
        ordering = ["turn"]
        verbose_name = verbose_name_plural = "报名"
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "slot"], name="events_person_once"),
            models.CheckConstraint(
                name="events_offer_has_an_end",
                condition=Q(state=SignState.OFFERED, offered_until__isnull=False)
                | ~Q(state=SignState.OFFERED) & Q(offered_until=None),
            ),
            models.CheckConstraint(
                name="events_only_those_who_are_in_arrive",
                condition=Q(arrived_at=None) | Q(state=SignState.IN),
            ),
            models.CheckConstraint(
                name="events_number_has_both_marks",
                condition=Q(phone_mark=None, phone_ending_mark=None)
                | Q(phone_mark__isnull=False, phone_ending_mark__isnull=False),
            ),
            models.CheckConstraint(
                name="events_confirmed_hours_have_a_name",
                condition=Q(hours=None) | ~Q(hours_by=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "turn"],
                condition=Q(state=SignState.WAITING),
                name="events_waiting_list",
            ),
            models.Index(
                fields=["offered_until"],
                condition=Q(state=SignState.OFFERED),
                name="events_offers_that_end",
            ),
        ]

    @property
    def state_words(self):
        """The state as people read it; whoever wished for a post waits to be placed."""
        if self.state == SignState.APPLIED and self.event.of.has_posts:
            return "待安排"
        return self.get_state_display()

    @property
    def is_standing(self):
        return self.state in STANDING

    @property
    def is_late(self):
        """Whoever is ticked when it is over is not late: nobody knows when they came."""
        begins, ends = self.span
        return bool(self.arrived_at) and begins + LATE_AFTER < self.arrived_at < ends

    @property
    def span(self):
        """(start, end) of what somebody signed up for: their shift, else the event."""
        one = self.group if self.group and self.group.starts_at else self.event
        return one.starts_at, one.ends_at


class Wish(OrganizationOwned):
    """志愿: which posts somebody would like, the first one first."""

    signup = models.ForeignKey(Signup, models.CASCADE, related_name="wishes")
    group = models.ForeignKey(EventGroup, models.CASCADE, related_name="wishes")
    place = models.PositiveSmallIntegerField("第几志愿")

    law = Law(
        OwnUnit(),
        Near(),
        Doing("run an event", "merge units", "forget", "install the demo"),
        Of("signup", "events.Signup", Self("user")),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["place"]
        verbose_name = verbose_name_plural = "志愿"
        constraints = [
            models.UniqueConstraint(fields=["signup", "group"], name="events_post_wished_once"),
            models.UniqueConstraint(fields=["signup", "place"], name="events_one_wish_a_place"),
        ]


class Placement(OrganizationOwned):
    """实习安排: which post somebody was given, why, how it went, and what both sides say."""

    signup = models.OneToOneField(Signup, models.CASCADE, related_name="placement")
    # Which wish it was; none where none could be met.
    place = models.PositiveSmallIntegerField("第几志愿", null=True)
    why = models.CharField("为什么这样安排", max_length=300)
    days = models.PositiveSmallIntegerField("到岗天数", default=0)
    last_day = models.DateField("最近到岗", null=True)
    finish = models.CharField("单位的话", max_length=4, choices=Finish, blank=True)
    host_word = models.CharField("单位评语", max_length=200, blank=True)
    satisfaction = models.PositiveSmallIntegerField("满意程度", choices=Satisfaction, null=True)
    word = models.CharField("本人的话", max_length=200, blank=True)

    law = Law(
        OwnUnit(),
        Near(),
        Doing("run an event", "count", "merge units", "forget", "install the demo"),
        Of("signup", "events.Signup", Self("user")),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        verbose_name = verbose_name_plural = "实习安排"

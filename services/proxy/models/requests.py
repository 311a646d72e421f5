"""代办件: one request, from being registered to the person's own word on it."""

from typing import NotRequired, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.timezone import localdate, now

from campaigns.models import Campaign
from qingchun.accounts.models import Membership
from qingchun.accounts.phones import PHONE, Masked, masked
from qingchun.ground.names import LONGEST_NAME, LONGEST_SIGNED
from qingchun.ground.sealed_fields import (
    SealedFileField,
    SealedNumberField,
    SealedTextField,
    mark_of,
)
from qingchun.organizations.changes import LEFT, MOVED, POST_ENDED, UNIT_CLOSED, By, Follow, Stay
from qingchun.organizations.law import Doing, Kept, Law, Near, Of, Self, Told
from qingchun.organizations.models import OrganizationOwned
from services.proxy.choices import (
    ENDED,
    OPEN,
    Beneficiary,
    CaseEventType,
    CaseState,
    HandoverMethod,
    Possible,
    Relation,
    Satisfaction,
)
from services.proxy.models.items import ItemVersion, ServiceItem
from services.proxy.querysets import CaseQuerySet
from talent.youth.choices import Source


class RequestFacts(TypedDict):
    """What a request says of whom it is for, as its form gives it."""

    relation: str
    beneficiary: str
    name: str
    way: str
    place: NotRequired[str]
    landline: NotRequired[str]
    wish: NotRequired[str]
    asker_name: NotRequired[str]


class DoorFacts(RequestFacts):
    """``phone``: of the person, or of the child who follows it."""

    phone: str


class ServiceRequest(Masked, OrganizationOwned):
    """代办件. ``organization`` carries it: the county or one of its townships.

    Seen there and by whoever asked, never by the city or the province.
    """

    county = models.GeneratedField(
        expression=Left("organization_id", 6),
        output_field=models.CharField(max_length=6, db_collation="C"),
        db_persist=True,
    )
    # Eight digits, the last of which checks the others: read out over a bad line.
    number = models.CharField("编号", max_length=8, unique=True, db_collation="C")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="requests")
    version = models.ForeignKey(ItemVersion, models.PROTECT)
    # The account of whoever asked, or of whom the number belongs to that was left at the door.
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asker_name = models.CharField("申请人", max_length=LONGEST_NAME, blank=True)
    relation = models.CharField("是申请人的", max_length=12, choices=Relation)
    beneficiary = models.CharField("给谁办", max_length=6, choices=Beneficiary)
    name = models.CharField("办事人", max_length=LONGEST_NAME, blank=True)
    phone = SealedNumberField(
        "联系电话", max_length=16, blank=True, what=PHONE, db_column="phone_sealed"
    )
    phone_mark = mark_of("phone")
    # Of an old person without a mobile: who carries the case rings them there.
    landline = SealedTextField("座机", max_length=20, blank=True, what="proxy words")
    # The same name and number have the same mark: one person, one open request of an item.
    person_mark = models.BigIntegerField(editable=False)
    way = models.CharField("材料怎么交", max_length=5, choices=HandoverMethod)
    # No index: it is never asked for, and without one a booking rewrites no index at all.
    slot = models.ForeignKey(
        "proxy.Slot", models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Sealed: where somebody lives, and what they tell of themselves. No page looks for either.
    place = SealedTextField("上门地址", max_length=80, blank=True, what="proxy words")
    wish = SealedTextField("说明", max_length=200, blank=True, what="proxy words")
    source = models.CharField("怎么登记的", max_length=6, choices=Source)
    registered_by = models.CharField("登记人", max_length=LONGEST_NAME, blank=True)
    consent_version = models.PositiveSmallIntegerField("同意书版本")
    # The signed paper, when it was given at the door.
    consent_paper = SealedFileField(
        "签字的委托书", upload_to="proxy/%Y/%m/", blank=True, what="proxy paper"
    )
    state = models.CharField("状态", max_length=10, choices=CaseState, default=CaseState.REGISTERED)
    agent = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name="代办员", related_name="+"
    )
    # A township does not see the county's people: the name stands here.
    agent_name = models.CharField("代办员", max_length=LONGEST_NAME, blank=True)
    begun_at = models.DateTimeField("登记时间", default=now)
    planned_on = models.DateField("计划办结")
    latest_on = models.DateField("最迟办结")
    ended_at = models.DateTimeField("办结时间", null=True)
    # While papers are waited for the clock stands still, since this day.
    stopped_on = models.DateField("暂停计时", null=True)
    in_time = models.BooleanField("按时", null=True)
    days = models.PositiveSmallIntegerField("用时（工作日）", null=True)
    satisfaction = models.PositiveSmallIntegerField("满意程度", choices=Satisfaction, null=True)
    word = models.CharField("评价", max_length=200, blank=True)
    reopened = models.PositiveSmallIntegerField("重办次数", default=0)
    erased_at = models.DateTimeField("材料照片删除", null=True)

    objects = CaseQuerySet.as_manager()

    law = Law(
        Near(),
        Doing(
            "claim",
            "hand over",
            "carry a case",
            "count",
            "what is due",
            "seal anew",
            "merge units",
            "forget",
            "install the demo",
        ),
        Self("asker"),
        on={
            UNIT_CLOSED: By("services.proxy.actions.cases.follow_unit"),
            POST_ENDED: By("services.proxy.actions.leaving.pass_on"),
            LEFT: By("services.proxy.actions.leaving.forget"),
            MOVED: Stay("whoever carries it goes on; it has a hand-over of its own"),
        },
        told=Told("民事代办", "services.proxy.actions.leaving.requests_of"),
        kept=Kept("YOUTH_RETENTION_DAYS", since="ended_at"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "代办件"
        constraints = [
            models.CheckConstraint(
                name="proxy_ended_request_has_a_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | Q(state__in=OPEN, ended_at=None),
            ),
            models.CheckConstraint(
                name="proxy_clock_stands_still_while_waiting",
                condition=Q(state=CaseState.WAITING, stopped_on__isnull=False)
                | ~Q(state=CaseState.WAITING) & Q(stopped_on=None),
            ),
            models.CheckConstraint(
                name="proxy_done_request_was_in_time_or_not",
                condition=Q(state=CaseState.DONE, in_time__isnull=False, days__isnull=False)
                | ~Q(state=CaseState.DONE) & Q(in_time=None, days=None),
            ),
            models.CheckConstraint(
                name="proxy_planned_is_not_after_the_latest",
                condition=Q(planned_on__lte=F("latest_on")),
            ),
            models.CheckConstraint(
                name="proxy_satisfaction_is_one_to_five",
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
            ),
            models.UniqueConstraint(
                fields=["item", "person_mark"],
                condition=Q(state__in=OPEN),
                name="proxy_one_open_request_of_a_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "state", "planned_on", "id"],
                condition=Q(state__in=OPEN),
                name="proxy_board_of_a_county",
            ),
            models.Index(F("county").asc(), F("id").desc(), name="proxy_requests_of_a_county"),
            models.Index(
                fields=["county", "campaign", "person_mark"], name="proxy_requests_of_a_person"
            ),
            models.Index(
                fields=["phone_mark"],
                condition=Q(phone_mark__isnull=False),
                name="proxy_request_phone",
            ),
        ]

    def __str__(self):
        return f"代办件 {self.number}"

    def get_absolute_url(self):
        return reverse("proxy:case", args=[self.pk])

    @property
    def spoken(self):
        """The number as it is read out: 2741 0936."""
        return f"{self.number[:4]} {self.number[4:]}"

    @property
    def meeting_place(self):
        """Where papers are brought: of the hour that was booked, else the office's; none where
        somebody comes to the door."""
        if self.way == HandoverMethod.VISIT and self.version.possible != Possible.SELF:
            return ""
        return (self.slot and self.slot.place) or self.version.place

    @property
    def masked_landline(self):
        return masked(self.landline)

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def is_late(self):
        return self.is_open and self.stopped_on is None and self.planned_on < localdate()

    @property
    def relation_words(self):
        """Who asked, where it was somebody else: 孙小宁（祖父母）."""
        return "" if self.relation == Relation.SELF else self.get_relation_display()


class CaseEvent(OrganizationOwned):
    """One line of a request's log: who, when, from where to where, and what was said."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=CaseEventType)
    state = models.CharField("状态", max_length=10, choices=CaseState)
    title = models.CharField("事项", max_length=60)
    note = models.CharField("说明", max_length=300, blank=True)
    # Whether whoever asked reads it too.
    is_shown = models.BooleanField(default=True)
    by_name = models.CharField("经办人", max_length=LONGEST_SIGNED)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        Doing("hand over", "claim", "carry a case", "merge units", "forget", "install the demo"),
        Of("request", "proxy.ServiceRequest", Self("asker")),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "办理记录"


class Mandate(OrganizationOwned):
    """委托: who acts for whom, for what, until when."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="mandates")
    possible = models.CharField(max_length=8, choices=Possible, editable=False)
    acting = models.CharField("受托单位", max_length=60)
    what = models.CharField("委托事项", max_length=80)
    until_on = models.DateField("委托到期")
    given_at = models.DateTimeField("委托时间", default=now)
    source = models.CharField("方式", max_length=6, choices=Source)
    needs_second = models.BooleanField("须第二人核对", default=False)
    # Who wrote it down at the door; somebody else confirms it.
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    confirmed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField("核对时间", null=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)

    law = Law(
        Near(),
        Doing("carry a case", "merge units", "forget", "install the demo"),
        Of("request", "proxy.ServiceRequest", Self("asker")),
        on={
            UNIT_CLOSED: Follow(),
            POST_ENDED: Stay("who wrote it down, and who confirmed it"),
        },
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "委托"
        constraints = [
            models.CheckConstraint(
                name="proxy_no_mandate_in_person", condition=~Q(possible=Possible.SELF)
            ),
            models.CheckConstraint(
                name="proxy_second_person_is_another",
                condition=Q(confirmed_by=None) | Q(made_by=None) | ~Q(confirmed_by=F("made_by")),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(revoked_at=None),
                name="proxy_one_standing_mandate",
            ),
        ]

    @property
    def waits_for_second(self):
        return self.needs_second and self.confirmed_at is None

    def holds_on(self, day):
        return self.revoked_at is None and self.until_on >= day and not self.waits_for_second

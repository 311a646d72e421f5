"""家乡岗位: home's vacancies, who would like to go, and who is to be told of what fits."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate, now

from campaigns.models import Campaign
from qingchun.accounts.phones import PHONE, Masked
from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.sealed_fields import SealedNumberField, SealedTextField, mark_of
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, WITHDRAWN, By, Follow, Stay
from qingchun.organizations.law import Doing, Everybody, Law, Near, Self, Told, Unit
from qingchun.organizations.models import OrganizationOwned
from services.vacancies.choices import MOST_PAY, MOST_PEOPLE, InterestState, Standing, Why
from services.vacancies.querysets import InterestQuerySet, VacancyQuerySet
from talent.pool.choices import Trade
from talent.youth.choices import YouthType


class Vacancy(OrganizationOwned):
    """岗位. ``organization`` is the county that vouches for the employer. Nothing of persons but
    whom to ring stands here: anybody may read it."""

    # In whose figures it is; empty between two editions.
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    title = models.CharField("岗位", max_length=40)
    employer = models.CharField("用人单位", max_length=40)
    trade = models.CharField("行业", max_length=12, choices=Trade)
    place = models.CharField("上班地点", max_length=80)
    # Yuan a month; neither: to be talked about.
    pay_from = models.PositiveIntegerField("月薪从", null=True, blank=True)
    pay_to = models.PositiveIntegerField("月薪到", null=True, blank=True)
    people = models.PositiveSmallIntegerField("招几人")
    until = models.DateField("招到哪天")
    text = models.TextField("做什么、要求和待遇", max_length=1000, blank=True)
    # Without a number it is the county's own that is shown.
    contact_name = models.CharField("联系人", max_length=LONGEST_NAME, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    down_why = models.CharField("为什么下架", max_length=6, choices=Why, blank=True)
    vouched_by = models.CharField("担保人", max_length=LONGEST_NAME)
    posted_at = models.DateTimeField("发布时间", default=now)

    STATES = Standing
    objects = VacancyQuerySet.as_manager()

    law = Law(
        Unit(),
        reads=Everybody(),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("the number of whoever answers for it at the employer"),
        },
        told="open to all",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            models.CheckConstraint(
                name="vacancies_pay_goes_up",
                condition=Q(pay_from=None, pay_to=None)
                | Q(pay_from__gt=0, pay_to__gte=F("pay_from"), pay_to__lte=MOST_PAY),
            ),
            models.CheckConstraint(
                name="vacancies_people_are_plausible", condition=Q(people__range=(1, MOST_PEOPLE))
            ),
        ]
        indexes = [
            models.Index(
                F("organization").asc(), F("id").desc(), name="vacancies_newest_of_a_unit"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_over(self):
        return self.until < localdate()

    @property
    def standing(self):
        if self.down_why:
            return Standing.DOWN
        return Standing.ENDED if self.is_over else Standing.OPEN

    def get_standing_display(self):
        return self.standing.label

    @property
    def pay(self):
        """As people read it."""
        if self.pay_from is None:
            return "工资面议"
        if self.pay_from == self.pay_to:
            return f"月薪 {self.pay_from:,} 元"
        return f"月薪 {self.pay_from:,}—{self.pay_to:,} 元"


class Interest(Masked, OrganizationOwned):
    """我想去: one person asks for one vacancy. Seen by the county that put it up and by the person."""

    vacancy = models.ForeignKey(Vacancy, models.CASCADE, related_name="interests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField("姓名", max_length=LONGEST_NAME)
    phone = SealedNumberField(
        "手机号", max_length=16, blank=True, what=PHONE, db_column="phone_sealed"
    )
    phone_mark = mark_of("phone")
    kind = models.CharField("身份", max_length=10, choices=YouthType)
    words = SealedTextField("想说的话", max_length=200, blank=True, what="youth words")
    state = models.CharField(
        "状态", max_length=7, choices=InterestState, default=InterestState.ASKED
    )
    asked_at = models.DateTimeField("时间", default=now)
    answer = models.CharField("答复", max_length=200, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.CharField("答复人", max_length=LONGEST_NAME, blank=True)

    objects = InterestQuerySet.as_manager()

    law = Law(
        Near(),
        Self("user"),
        Doing("merge units", "forget", "install the demo", "seal anew"),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: By("services.vacancies.actions.leaving.give_up"),
            LEFT: By("services.vacancies.actions.leaving.give_up"),
            MOVED: Stay("with the vacancy"),
        },
        basis=("work",),
        told=Told("想去的岗位", "services.vacancies.actions.leaving.interests_of"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "想去的人"
        constraints = [
            models.UniqueConstraint(fields=["vacancy", "user"], name="vacancies_asked_once"),
            models.CheckConstraint(
                name="vacancies_answer_has_a_time_and_words",
                condition=Q(state=InterestState.ASKED, answered_at=None, answer="")
                | Q(state=InterestState.ANSWERED, answered_at__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self):
        return f"想去的人 {self.pk}"


class Watch(OrganizationOwned):
    """有合适的告诉我: the trades and the place of one person. ``organization`` is that place: a county,
    a city or the province; no unit sees who."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Empty: any.
    trades = ArrayField(
        models.CharField(max_length=12, choices=Trade),
        verbose_name="行业",
        default=list,
        blank=True,
    )
    # The newest vacancy that there was when they were told last, or began.
    seen = models.BigIntegerField(default=0)
    told_on = models.DateField("最近告诉", null=True)

    law = Law(
        Self("user"),
        Doing("what is due", "merge units", "forget", "install the demo"),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: By("services.vacancies.actions.leaving.stop"),
            LEFT: By("services.vacancies.actions.leaving.stop"),
            MOVED: Stay("the place that they chose themselves"),
        },
        basis=("work",),
        told=Told("有合适的告诉我", "services.vacancies.actions.leaving.watches_of"),
    )

    class Meta:
        verbose_name = verbose_name_plural = "有合适的告诉我"

    @property
    def said(self):
        """Its trades, in words."""
        return "、".join(Trade(trade).label for trade in self.trades) or "各行各业"

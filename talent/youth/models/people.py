"""Somebody from here, what they told us, and what they agreed to."""

import re

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.accounts.phones import PHONE, Masked
from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.province import HOME
from qingchun.ground.sealed_fields import (
    SealedFileField,
    SealedNumberField,
    SealedTextField,
    mark_of,
)
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    UNIT_CLOSED,
    WITHDRAWN,
    By,
    Empty,
    Erase,
    Follow,
)
from qingchun.organizations.codes import COUNTY
from qingchun.organizations.law import Doing, Kept, Law, Near, Of, Open, Self, Told
from qingchun.organizations.models import OrganizationOwned
from talent.youth.choices import Age, ConsentPurpose, Means, Member, Source, Stay, Want, YouthType
from talent.youth.facts import PERSON, VISIT, Saying
from talent.youth.querysets import CheckInQuerySet, YouthQuerySet


class Youth(Saying, Masked, OrganizationOwned):
    """返乡青年: one person, known from one winter to the next. ``organization`` is home.

    Seen by home's cadres and by the person, never by the city or the province.
    """

    # Empty for somebody registered at the door, until they sign in with the same number.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="youth"
    )
    name = models.CharField("姓名", max_length=LONGEST_NAME)
    phone = SealedNumberField(
        "手机号", max_length=16, blank=True, what=PHONE, db_column="phone_sealed"
    )
    phone_mark = mark_of("phone")
    kind = models.CharField("身份", max_length=10, choices=YouthType)
    age = models.CharField("年龄段", max_length=10, choices=Age)
    lives_at = SealedTextField("现居地", max_length=40, blank=True, what="youth words")
    school = models.CharField("学校", max_length=40, blank=True)
    major = models.CharField("专业", max_length=40, blank=True)
    trade = models.CharField("行业或职业", max_length=40, blank=True)
    member = models.CharField("团员", max_length=4, choices=Member, blank=True)
    made_at = models.DateTimeField("首次报到", default=now, editable=False)
    # Moved on by whatever the person does; retention counts from here.
    active_at = models.DateTimeField("最近活动", default=now)

    objects = YouthQuerySet.as_manager()
    facts = PERSON

    law = Law(
        Near(),
        Self("user"),
        Doing(
            "check in",
            "claim",
            "pool consent",
            "merge",
            "hand over",
            "ask and pass on",
            "run an event",
            "count",
            "merge units",
            "forget",
            "install the demo",
            "seal anew",
        ),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Erase(),
            MERGED: By("talent.youth.actions.people.fold"),
            MOVED: Follow(),
        },
        told="as 基本信息",
        kept=Kept("YOUTH_RETENTION_DAYS", since="active_at"),
        person=True,
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "返乡青年"
        constraints = [
            models.CheckConstraint(name="talent_no_children", condition=~Q(age=Age.CHILD)),
        ]
        indexes = [
            models.Index(F("organization").asc(), F("id").desc(), name="talent_youth_of_a_unit"),
            models.Index(
                fields=["phone_mark"],
                name="talent_youth_phone",
                condition=Q(phone_mark__isnull=False),
            ),
        ]

    @property
    def is_adult(self):
        return self.age == Age.ADULT


class CheckIn(Saying, OrganizationOwned):
    """报到: one person in one edition. Stays, without the person, when they are forgotten."""

    youth = models.ForeignKey(Youth, models.CASCADE, null=True, related_name="checkins")
    # Empty between two editions: people come home in autumn too.
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    kind = models.CharField("身份", max_length=10, choices=YouthType)
    stay = models.CharField("打算住多久", max_length=10, choices=Stay, blank=True)
    wants = ArrayField(
        models.CharField(max_length=12, choices=Want), verbose_name="需要", default=list, blank=True
    )
    source = models.CharField("怎么报到的", max_length=6, choices=Source, default=Source.SITE)
    by_name = models.CharField("经办人", max_length=LONGEST_NAME, blank=True)
    at = models.DateTimeField("报到时间", default=now)
    # A county's list asks one value of an index, in its order, not a range.
    county = models.GeneratedField(
        expression=Left("organization", COUNTY), db_persist=True,
        output_field=models.CharField(max_length=COUNTY, db_collation="C"),
    )  # fmt: skip

    objects = CheckInQuerySet.as_manager()
    facts = VISIT

    law = Law(
        Near(),
        Doing(
            "check in", "merge", "hand over", "count", "merge units", "forget", "install the demo"
        ),
        Of("youth", "talent.Youth", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: By("talent.youth.actions.consents.drop_wish"),
            LEFT: Empty(
                {"youth": None, "wants": [], "by_name": ""} | {fact.name: "" for fact in VISIT}
            ),
            MERGED: By("talent.youth.actions.people.bring_checkins"),
            MOVED: By("talent.youth.actions.moving.checkins"),
        },
        basis=("pool", "matchmaking"),
        told=Told("报到", "talent.youth.exports.checkins"),
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "报到"
        constraints = [
            models.UniqueConstraint(
                fields=["youth", "campaign"],
                condition=Q(youth__isnull=False),
                nulls_distinct=False,
                name="talent_one_checkin_in_an_edition",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "campaign", "kind"], name="talent_checkin_of_a_unit"
            ),
            models.Index(
                fields=["campaign", "county", "-at", "-id"], name="talent_checkin_newest_county"
            ),
            models.Index(
                fields=["campaign", "organization", "-at", "-id"], name="talent_checkin_newest_unit"
            ),
        ]

    @property
    def wanted(self):
        return [Want(want).label for want in self.wants]


class ConsentText(models.Model):
    """One version of what people agree to. Published ones are never changed."""

    purpose = models.CharField("事项", max_length=12, choices=ConsentPurpose)
    version = models.PositiveSmallIntegerField("版本")
    text = models.TextField("内容")
    published_at = models.DateTimeField("发布时间", default=now)
    published_by = models.CharField("发布人", max_length=LONGEST_NAME, blank=True)
    # What the settings say: whom to ask, which companies. See talent/youth/texts.py.
    facts = models.TextField("由设置写出的", blank=True, db_default="")

    # The words are the province's; so is their audit trail.
    organization_id = HOME.code

    law = Open("公开的同意书文本")

    class Meta:
        ordering = ["purpose", "-version"]
        verbose_name = verbose_name_plural = "同意书"
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version"], name="talent_one_text_of_a_version"
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} 第 {self.version} 版"

    @property
    def lines(self) -> list[str]:
        """Its paragraphs. A line that ends in a comma goes on: it was broken to fit the source."""
        whole = re.sub(r"(?<=[，、])\n", "", f"{self.text}\n{self.facts}")
        return [line for line in whole.splitlines() if line.strip()]


class Consent(OrganizationOwned):
    """同意: what one person agreed to, by which text, until they take it back."""

    youth = models.ForeignKey(Youth, models.CASCADE, related_name="consents")
    purpose = models.CharField("事项", max_length=12, choices=ConsentPurpose)
    version = models.PositiveSmallIntegerField("版本")
    given_at = models.DateTimeField("同意时间", default=now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    source = models.CharField("方式", max_length=6, choices=Source, default=Source.SITE)
    # The signed paper, when it was given at the door.
    paper = SealedFileField(
        "纸质同意书", upload_to="consents/%Y/%m/", blank=True, what="signed consent"
    )
    # Of somebody of 14 to 17: who spoke for them, what they are to them, how they were reached.
    guardian = SealedTextField("家长的话", blank=True, db_default="", what="youth words")

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "seal anew",
            "merge units",
            "forget",
            "install the demo",
        ),
        Of("youth", "talent.Youth", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Erase(),
            MERGED: By("talent.youth.actions.people.bring_consents"),
            MOVED: Follow(),
        },
        told=Told("同意", "talent.youth.exports.consents"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "同意"
        constraints = [
            models.UniqueConstraint(
                fields=["youth", "purpose"],
                condition=Q(withdrawn_at=None),
                name="talent_one_standing_consent",
            ),
            models.CheckConstraint(
                name="talent_paper_is_from_the_door",
                condition=Q(paper="") | Q(source=Source.DOOR),
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} 第 {self.version} 版"


class Contact(OrganizationOwned):
    """联系记录: somebody of home rang, wrote or came by."""

    youth = models.ForeignKey(Youth, models.CASCADE, related_name="contacts")
    means = models.CharField("方式", max_length=8, choices=Means)
    text = models.CharField("情况", max_length=300)
    by_name = models.CharField("联系人", max_length=LONGEST_NAME)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        Doing("check in", "merge", "hand over", "merge units", "forget", "install the demo"),
        Of("youth", "talent.Youth", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Erase(),
            MERGED: Follow(),
            MOVED: Follow(),
        },
        told=Told("联系记录", "talent.youth.exports.contacts"),
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "联系记录"

    def __str__(self):
        return f"{self.get_means_display()} {self.at:%Y-%m-%d}"

"""Papers of a request: what has to come, who has it now, and every hand it went through."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate, now

from qingchun.ground.names import LONGEST_NAME, LONGEST_SIGNED
from qingchun.ground.sealed_fields import SealedFileField
from qingchun.organizations.changes import UNIT_CLOSED, Follow
from qingchun.organizations.law import Doing, Law, Near, Of, Self
from qingchun.organizations.models import OrganizationOwned
from services.proxy.choices import HANDINGS, Custodian, Form, Wrong, in_words
from services.proxy.models.requests import ServiceRequest
from services.proxy.querysets import PaperQuerySet


class Paper(OrganizationOwned):
    """One material of a case's checklist, or something that came besides."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="papers")
    key = models.CharField(max_length=12)
    name = models.CharField("材料", max_length=40)
    form = models.CharField("形式", max_length=8, choices=Form)
    count = models.PositiveSmallIntegerField("份数", default=1)
    holder = models.CharField("在谁手里", max_length=6, choices=Custodian, default=Custodian.PERSON)
    # Who saw what: the checklist's tick.
    checked_by = models.CharField("核对人", max_length=LONGEST_NAME, blank=True)
    checked_at = models.DateTimeField("核对时间", null=True)
    waived_by = models.CharField("免交", max_length=LONGEST_NAME, blank=True)
    waived_why = models.CharField("免交理由", max_length=100, blank=True)
    wrong = models.CharField("要补的", max_length=8, choices=Wrong, blank=True)

    objects = PaperQuerySet.as_manager()

    law = Law(
        Near(),
        Doing("carry a case", "merge units", "forget", "install the demo"),
        Of("request", "proxy.ServiceRequest", Self("asker")),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "材料"
        constraints = [
            models.UniqueConstraint(fields=["request", "key"], name="proxy_one_paper_a_material"),
            models.CheckConstraint(
                name="proxy_paper_has_a_holder", condition=Q(holder__in=Custodian.values)
            ),
            models.CheckConstraint(
                name="proxy_waived_paper_says_why",
                condition=Q(waived_by="") | ~Q(waived_why=""),
            ),
            models.CheckConstraint(
                name="proxy_ticked_paper_says_who",
                condition=Q(checked_at=None, checked_by="")
                | Q(checked_at__isnull=False) & ~Q(checked_by=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "request"],
                condition=~Q(holder=Custodian.PERSON),
                name="proxy_papers_with_us",
            ),
        ]

    def __str__(self):
        return in_words(self.name, self.form, self.count)

    @property
    def is_settled(self):
        return self.checked_at is not None or bool(self.waived_by)


class PaperImage(OrganizationOwned):
    """A photo of a paper, sealed; deleted some days after the case has ended."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="images")
    file = SealedFileField("照片", upload_to="proxy/%Y/%m/", what="proxy paper")
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        Doing("carry a case", "seal anew", "merge units", "forget", "install the demo"),
        Of("paper", "proxy.Paper", Of("request", "proxy.ServiceRequest", Self("asker"))),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "材料照片"


class Slip(OrganizationOwned):
    """A receipt that was printed: papers received or given back."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="slips")
    is_return = models.BooleanField("退还")
    by_name = models.CharField("经办人", max_length=LONGEST_SIGNED)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        Doing("carry a case", "merge units", "forget", "install the demo"),
        Of("request", "proxy.ServiceRequest", Self("asker")),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "收据"


class Handing(OrganizationOwned):
    """One paper went from one hand to another."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="handings")
    from_holder = models.CharField("从", max_length=6, choices=Custodian)
    to_holder = models.CharField("到", max_length=6, choices=Custodian)
    # The unit in whose office it was handed over: its day is not closed without a slip.
    unit = models.CharField(max_length=12, db_collation="C", editable=False)
    by_name = models.CharField("经办人", max_length=LONGEST_SIGNED)
    on = models.DateField("日期", default=localdate)
    at = models.DateTimeField("时间", default=now)
    slip = models.ForeignKey(Slip, models.PROTECT, null=True, related_name="handings")

    law = Law(
        Near(),
        Doing("carry a case", "merge units", "forget", "install the demo"),
        Of("paper", "proxy.Paper", Of("request", "proxy.ServiceRequest", Self("asker"))),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "交接"
        constraints = [
            models.CheckConstraint(
                name="proxy_paper_goes_by_the_agents_hand",
                condition=Q(
                    *(Q(from_holder=a, to_holder=b) for a, b in sorted(HANDINGS)), _connector=Q.OR
                ),
            ),
            models.CheckConstraint(
                name="proxy_handing_changes_hands",
                condition=~Q(from_holder=F("to_holder")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "on"], condition=Q(slip=None), name="proxy_handings_without_slip"
            ),
        ]

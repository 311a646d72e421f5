"""The log of who did what, linked one to the next and sealed each day: ``chain``."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.timezone import now

from qingchun.accounts.querysets import (
    AuditQuerySet,
)
from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, Stay
from qingchun.organizations.law import SCOPE, Doing, Law, Unit, Where
from qingchun.organizations.models import OrganizationOwned


class AuditEvent(OrganizationOwned):
    """Who did what to which record, when and from where. Added and read, never changed."""

    at = models.DateTimeField("时间", default=now, editable=False)
    # Names as they were then: people leave and units are renamed.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True)
    actor_name = models.CharField("经办人", max_length=LONGEST_NAME)
    actor_unit = models.CharField("经办单位", max_length=60)
    verb = models.CharField("事项", max_length=30)
    subject = models.CharField("对象", max_length=80)
    remark = models.TextField("说明", blank=True)
    # By what the verb notes: numbers, codes and dates.
    facts: dict[str, Any] = models.JSONField("详情", default=dict)
    address = models.GenericIPAddressField("来源地址", null=True)

    objects = AuditQuerySet.as_manager()

    law = Law(
        Unit(),
        on={
            UNIT_CLOSED: Stay("what was done stands where it was done"),
            LEFT: Stay("of somebody without a post it holds no name, number or word"),
            MOVED: Stay("what was done stands where it was done"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "操作记录"
        indexes = [
            models.Index(fields=["subject", "id"], name="accounts_audit_subject"),
            # Rows come by the day: a few pages tell where a day lies, and an INSERT pays nothing.
            BrinIndex(fields=["at"], name="accounts_audit_day", autosummarize=True),
        ]

    def __str__(self):
        return f"{self.actor_unit} {self.actor_name} {self.verb}"


class AuditLink(models.Model):
    """An audit event's place in the chain: its digest follows from the one before and from its row.

    Without a constraint on the event, so that a row that is gone shows here.
    """

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(
        AuditEvent, models.DO_NOTHING, null=True, db_constraint=False, related_name="link"
    )
    digest = models.BinaryField()

    law = Law(Doing("keep the log"))

    class Meta:
        ordering = ["position"]
        verbose_name = verbose_name_plural = "记录的次序"

    def __str__(self):
        return f"第 {self.position} 条"


class AuditSeal(models.Model):
    """A day's end: how far the chain went, whether all of it was whole, and our mark on that."""

    day = models.DateField("日期", unique=True)
    position = models.BigIntegerField("条数")
    digest = models.BinaryField()
    since = models.DateTimeField("自", null=True)
    until = models.DateTimeField("至", null=True)
    # What was missing or changed: [kind, number] each; nothing when all is whole.
    problems: list[tuple[str, int]] = models.JSONField("问题", default=list)
    mac = models.CharField("校验码", max_length=64)
    made_at = models.DateTimeField(default=now, editable=False)

    law = Law(Doing("keep the log"), reads=Where(f"{SCOPE} IS NOT NULL", "各级团委"))

    class Meta:
        ordering = ["-day"]
        verbose_name = verbose_name_plural = "记录的封存"

    def __str__(self):
        return f"{self.day:%Y年%-m月%-d日}封存，共 {self.position} 条"

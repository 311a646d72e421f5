"""Spreadsheets on their way in and out of the talent pool."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now

from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, By, Follow, Stay
from qingchun.organizations.law import Doing, Law, Near
from qingchun.organizations.models import Organization, OrganizationOwned
from talent.pool.choices import AT_WORK, RowState, SheetState

UNDO = dt.timedelta(days=1)


class Sheet(OrganizationOwned):
    """A spreadsheet that somebody brings in. Nothing enters the pool before it is confirmed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    by_name = models.CharField("导入人", max_length=30)
    title = models.CharField("文件名", max_length=100)
    # Sealed, since it is full of numbers; gone once nobody can need it.
    file = models.FileField(upload_to="sheets/%Y/%m/")
    state = models.CharField("状态", max_length=10, choices=SheetState, default=SheetState.WAITING)
    # Why it cannot be brought in, and what was noticed on the way.
    trouble = models.CharField("原因", max_length=200, blank=True)
    notes = ArrayField(models.CharField(max_length=200), default=list)
    # What stands in the head of each column, some of what stands below, and what each one is.
    tab = models.CharField("工作表", max_length=60, blank=True)
    first_row = models.PositiveIntegerField(default=2)
    headings = ArrayField(models.CharField(max_length=60), default=list)
    samples: list[list[str]] = models.JSONField(default=list)
    columns = ArrayField(models.CharField(max_length=20, blank=True), default=list)
    counts: dict[str, int] = models.JSONField(default=dict)
    # "The right rows" or all of them.
    written = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    made_at = models.DateTimeField("上传时间", default=now)

    law = Law(
        Near(),
        Doing("merge units", "forget", "install the demo", "seal anew"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Stay("a cadre's; of whose rows it holds, see StagedRow"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "导入表格"

    @property
    def is_at_work(self):
        return self.state in AT_WORK

    @property
    def can_undo(self):
        return self.state == SheetState.DONE and now() < self.confirmed_at + UNDO


class StagedRow(OrganizationOwned):
    """A checked row that waits to be confirmed; a wrong one is its number and the reasons."""

    # Without constraints in the database: the rows live for a day, and come by the ten thousand.
    organization = models.ForeignKey(
        Organization, models.PROTECT, db_constraint=False, db_index=False
    )
    sheet = models.ForeignKey(
        Sheet, models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=RowState)
    # [column, reason]
    reasons: list[list[str]] = models.JSONField(default=list)
    # The record it changes, or says nothing new of.
    target = models.BigIntegerField(null=True)
    # What that record said before, to take the change back.
    before: dict[str, Any] | None = models.JSONField(null=True)
    name = models.CharField(max_length=30, blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_mark = models.BigIntegerField(null=True)
    phone_shown = models.CharField(max_length=16, blank=True)
    identity_sealed = models.BinaryField(null=True)
    identity_mark = models.BigIntegerField(null=True)
    village = models.CharField(max_length=40, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    education = models.CharField(max_length=10, blank=True)
    trade = models.CharField(max_length=12, blank=True)
    skills = ArrayField(models.CharField(max_length=20), default=list)
    experience = models.CharField(max_length=500, blank=True)
    doing = models.CharField(max_length=60, blank=True)
    lives_at = models.CharField(max_length=40, blank=True)
    lives_in = models.CharField(max_length=2, blank=True)
    intention = models.CharField(max_length=10, blank=True)
    project = models.CharField(max_length=60, blank=True)
    supports = ArrayField(models.CharField(max_length=12), default=list)
    support_text = models.CharField(max_length=200, blank=True)
    found_by = models.CharField(max_length=10, blank=True)
    agreed = models.CharField(max_length=5, default="none")
    pairs = ArrayField(models.IntegerField(), default=list)

    law = Law(
        Near(),
        Doing("merge units", "forget", "install the demo", "seal anew"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: By("talent.pool.actions.sheets.drop_rows"),
        },
        told="in the pool or gone within two days",
    )

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = "待确认的行"
        indexes = [
            models.Index(fields=["sheet", "state", "number"], name="talent_rows_of_a_sheet"),
        ]

    def __str__(self):
        return f"第 {self.number} 行"


class ColumnHabit(OrganizationOwned):
    """What a unit said a heading means, for its next sheet."""

    heading = models.CharField(max_length=60)
    column = models.CharField(max_length=20, blank=True)

    law = Law(Near(), Doing("merge units", "install the demo"), on={UNIT_CLOSED: Follow()})

    class Meta:
        verbose_name = verbose_name_plural = "列的对应"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "heading"], name="talent_one_meaning_of_a_heading"
            ),
        ]

    def __str__(self):
        return self.heading

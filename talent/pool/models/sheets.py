"""Spreadsheets on their way in and out of the talent pool."""

import datetime as dt
import json
import re
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now

from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.sealed_fields import SealedTextField
from qingchun.ground.sealing import blind_index
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    UNIT_CLOSED,
    By,
    Erase,
    Follow,
    Stay,
)
from qingchun.organizations.law import Doing, Law, Near
from qingchun.organizations.models import Organization, OrganizationOwned
from talent.pool.choices import AT_WORK, RowState, SheetState, WhoIs
from talent.pool.models.records import TalentRecord

ROW = re.compile(r"第 (\d+) 行")
UNDO = dt.timedelta(days=1)


class Sheet(OrganizationOwned):
    """A spreadsheet that somebody brings in. Nothing enters the pool before it is confirmed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    by_name = models.CharField("导入人", max_length=LONGEST_NAME)
    title = models.CharField("文件名", max_length=100)
    # Sealed, since it is full of numbers; gone once nobody can need it.
    file = models.FileField(upload_to="sheets/%Y/%m/")
    state = models.CharField("状态", max_length=10, choices=SheetState, default=SheetState.WAITING)
    # Why it cannot be brought in, and what was noticed on the way.
    trouble = models.CharField("原因", max_length=200, blank=True)
    notes = ArrayField(models.CharField(max_length=200), default=list)
    # What stands in the head of each column and some of what stands below, as JSON: it may be anybody's
    # name, so it is sealed and goes with the file. ``headings`` and ``samples``: of a version before.
    head = SealedTextField(blank=True, db_default="", what="talent sheet head")
    tab = models.CharField("工作表", max_length=60, blank=True)
    first_row = models.PositiveIntegerField(default=2)
    headings = ArrayField(models.CharField(max_length=60), default=list)
    samples: list[list[str]] = models.JSONField(default=list)
    columns = ArrayField(models.CharField(max_length=20, blank=True), default=list)
    counts: dict[str, int] = models.JSONField(default=dict)
    # Of all rows, without a word of them: how many cells of a column are filled, which kinds of rows
    # were left out, what is wrong how often.
    found: dict[str, Any] = models.JSONField(default=dict, db_default={})
    # How it is to be read: which tabs, whether blanks are filled from above.
    options: dict[str, Any] = models.JSONField(default=dict, db_default={})
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

    def keep_head(self, headings, samples):
        said = {"headings": headings, "samples": samples}
        self.head = json.dumps(said, ensure_ascii=False)
        self.headings, self.samples = [], []
        self.__dict__.pop("_head", None)

    @cached_property
    def _head(self):
        return json.loads(self.head) if self.head else {}

    @property
    def heads(self):
        """What stands above each column."""
        return self._head.get("headings", self.headings)

    @property
    def below(self):
        """The first rows under it, as they may be shown."""
        return self._head.get("samples", self.samples)

    @property
    def tabs_read(self):
        """(tab, its first row of people) of each that is read."""
        return self.options.get("read") or [[self.tab, self.first_row]]

    def row_called(self, number):
        """A row as it is found in the file: 第 3 行，坞城街道第 3 行。"""
        tab, before = "", 0
        for name, start in self.found.get("tabs", ()):
            if number > start:
                tab, before = name, start
        return f"{tab}第 {number - before} 行"

    def in_its_tab(self, words):
        """The same, of whatever rows a sentence speaks of."""
        if not self.found.get("tabs"):
            return words
        return ROW.sub(lambda found: self.row_called(int(found[1])), words)

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
    # The record it changes, says nothing new of, or may be of; the new one's, where it is new.
    target = models.BigIntegerField(null=True)
    # The row of the same sheet that brought its number before it.
    twin = models.IntegerField(null=True)
    # What somebody said of its number, see NumberAnswer.
    answer = models.BigIntegerField(null=True)
    # What that record said before, to take the change back.
    before: dict[str, Any] | None = models.JSONField(null=True)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
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
    # What stood in the cells that were not understood.
    typed = SealedTextField(blank=True, db_default="", what="talent words")

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


class NumberAnswer(OrganizationOwned):
    """Who somebody of a county said a row is, of a number and a name: asked once. Marks alone."""

    phone_mark = models.BigIntegerField()
    name_mark = models.BigIntegerField()
    who = models.CharField("认定", max_length=5, choices=WhoIs)
    # Whom it is; nobody where the row is left out, or the record is not written yet.
    record = models.ForeignKey(TalentRecord, models.CASCADE, null=True, related_name="+")
    by_name = models.CharField("认定人", max_length=LONGEST_NAME)
    at = models.DateTimeField(default=now)

    law = Law(
        Near(),
        Doing(
            "check in",
            "pool consent",
            "merge",
            "hand over",
            "merge units",
            "forget",
            "install the demo",
        ),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: Erase(),
            MERGED: Stay("the double leads to the record that was kept"),
            MOVED: By("talent.pool.actions.moving.answers"),
        },
        told="marks that nobody reads",
    )

    class Meta:
        verbose_name = verbose_name_plural = "号码是谁的"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "phone_mark", "name_mark"],
                name="talent_one_answer_of_a_number",
            ),
        ]

    def __str__(self):
        return self.get_who_display()


class ColumnHabit(OrganizationOwned):
    """What a unit said a heading means, for its next sheet: only where somebody said it.

    A heading may be anything, a name too: it is sealed, and known by a mark of all of it.
    """

    words = SealedTextField(blank=True, db_default="", what="talent heading")
    mark = models.BigIntegerField(null=True)
    column = models.CharField(max_length=20, blank=True)
    by_name = models.CharField("定的人", max_length=LONGEST_NAME, blank=True, db_default="")
    at = models.DateTimeField(default=now, null=True)
    # Of a version before, which kept what nobody had said; ``forget_old`` takes those out.
    heading = models.CharField(max_length=60, blank=True, default="", db_default="")

    law = Law(
        Near(),
        Doing("merge units", "install the demo", "forget", "seal anew"),
        on={
            LEFT: Stay("what a heading means: of a sheet, of nobody"),
            UNIT_CLOSED: Follow(),
        },
        told="a cadre's",
    )

    class Meta:
        verbose_name = verbose_name_plural = "列的对应"

    def __str__(self):
        return self.words

    @staticmethod
    def mark_of(heading):
        return blind_index(heading, "talent heading")

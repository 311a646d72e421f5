"""一封家书: what changed at home, in parts that one wrote and another looked at, and whom it went to."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from campaigns.models import Campaign
from qingchun.accounts.models import Membership
from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    POST_ENDED,
    UNIT_CLOSED,
    WITHDRAWN,
    By,
    Empty,
    Follow,
    Stay,
)
from qingchun.organizations.law import Doing, Everybody, Law, Of, Self, Told, Unit, Where
from qingchun.organizations.models import OrganizationOwned
from talent.youth.choices import (
    CopyState,
    LetterAnswer,
    LetterKind,
    LetterState,
    PartState,
    Want,
    YouthType,
)
from talent.youth.models.people import Youth
from talent.youth.querysets import LetterCopyQuerySet, LetterPartQuerySet


class HomeLetter(OrganizationOwned):
    """A county's letter of an edition: whether it goes out. What it says are its parts."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="home_letters", db_index=False
    )
    state = models.CharField("状态", max_length=8, choices=LetterState, default=LetterState.WRITING)
    sent_at = models.DateTimeField("发出时间", null=True)
    sent_by_name = models.CharField("发出人", max_length=LONGEST_NAME, blank=True)
    version = models.PositiveIntegerField(default=1)

    law = Law(
        Unit(),
        reads=Everybody(),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        verbose_name = verbose_name_plural = "家书"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization"], name="talent_one_letter_in_an_edition"
            ),
        ]

    def __str__(self):
        return f"{self.campaign} 家书"


class LetterPart(OrganizationOwned):
    """One part. ``organization`` is whose people read it: a whole county's, or one township's."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="letter_parts", db_index=False
    )
    kind = models.CharField("写什么", max_length=10, choices=LetterKind)
    title = models.CharField("标题", max_length=40)
    text = models.CharField("内容", max_length=600)
    # Empty: of everybody.
    for_kind = models.CharField("给哪类青年", max_length=10, choices=YouthType, blank=True)
    for_want = models.CharField("给需要什么的", max_length=12, choices=Want, blank=True)
    before = models.FileField("以前的照片", upload_to="letters/%Y/", blank=True)
    before_says = models.CharField("以前的照片上是什么", max_length=60, blank=True)
    after = models.FileField("现在的照片", upload_to="letters/%Y/", blank=True)
    after_says = models.CharField("现在的照片上是什么", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=PartState, default=PartState.DRAFT)
    why = models.CharField("退回原因", max_length=100, blank=True)
    # A post: whoever wrote it last does not look at it themselves.
    written_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    written_by_name = models.CharField("执笔", max_length=LONGEST_NAME)
    written_at = models.DateTimeField("写好时间", default=now)
    approved_by_name = models.CharField("审定人", max_length=LONGEST_NAME, blank=True)
    approved_at = models.DateTimeField("审定时间", null=True)
    # Of which part of an edition before it was begun.
    taken_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="taken"
    )
    version = models.PositiveIntegerField(default=1)

    objects = LetterPartQuerySet.as_manager()

    law = Law(
        Unit(),
        reads=Where("state = 'approved'", "审定后所有人"),
        on={
            UNIT_CLOSED: Follow(),
            POST_ENDED: Stay("whoever wrote it wrote it, and another looks at it"),
        },
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "家书段落"
        constraints = [
            models.CheckConstraint(
                name="talent_approved_part_has_a_time",
                condition=~Q(state=PartState.APPROVED) | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "organization"], name="talent_parts_of_a_letter"),
        ]

    def __str__(self):
        return self.title

    @property
    def reader(self) -> str:
        """Whom it is for, in words; of the unit its page knows."""
        only = [self.get_for_kind_display()] if self.for_kind else []
        only += [f"需要{self.get_for_want_display()}的"] if self.for_want else []
        return "、".join(only) or "所有人"


class LetterCopy(OrganizationOwned):
    """Somebody's own letter of an edition: sent once. ``organization`` is home.

    Home counts them and sees none: who has not read is nobody's business.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="letter_copies", db_index=False
    )
    youth = models.ForeignKey(Youth, models.CASCADE, null=True, related_name="letters")
    sent_at = models.DateTimeField("发出时间", default=now)
    read_at = models.DateTimeField("打开时间", null=True)
    answer = models.CharField("回信", max_length=8, choices=LetterAnswer, blank=True)
    answered_at = models.DateTimeField("回信时间", null=True)

    objects = LetterCopyQuerySet.as_manager()

    law = Law(
        Doing(
            "check in", "merge", "hand over", "count", "merge units", "forget", "install the demo"
        ),
        Of("youth", "talent.Youth", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            WITHDRAWN: Empty({"youth": None}),
            LEFT: Empty({"youth": None}),
            MERGED: By("talent.youth.actions.letter_copies.bring"),
            MOVED: By("talent.youth.actions.letter_copies.move"),
        },
        basis=("messages",),
        told=Told("家书", "talent.youth.exports.letters"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "收到的家书"
        constraints = [
            models.UniqueConstraint(
                fields=["youth", "campaign"],
                condition=Q(youth__isnull=False),
                name="talent_one_letter_to_a_person",
            ),
            models.CheckConstraint(
                name="talent_answered_letter_has_a_time",
                condition=Q(answer="") | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "organization"], name="talent_copies_of_a_letter"),
        ]

    def __str__(self):
        return f"家书 {self.pk}"

    STATES = CopyState

    @property
    def state(self):
        if self.answered_at:
            return CopyState.ANSWERED
        return CopyState.READ if self.read_at else CopyState.SENT

    def get_state_display(self):
        return self.state.label

"""咨询、困难、意见建议: asked, answered within a time, and what may be shown of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate, now

from campaigns.models import Campaign
from qingchun.ground.names import LONGEST_NAME, LONGEST_SIGNED
from qingchun.organizations.changes import (
    LEFT,
    MERGED,
    MOVED,
    UNIT_CLOSED,
    By,
    Follow,
    Stay,
)
from qingchun.organizations.law import (
    Doing,
    Everybody,
    Law,
    Near,
    Of,
    OwnUnit,
    Self,
    Told,
    Unit,
    When,
    Where,
)
from qingchun.organizations.models import OrganizationOwned
from talent.youth.choices import Asked, Outcome, QuestionState, Side
from talent.youth.models.people import Youth
from talent.youth.querysets import QuestionQuerySet


class Question(OrganizationOwned):
    """``organization`` answers it. The city sees it once it is late, and never the person."""

    youth = models.ForeignKey(Youth, models.SET_NULL, null=True, related_name="questions")
    # The asker's account, so that their own questions pass the wall wherever they were passed on.
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True)
    # The county-level unit it was put to first: its figures count it, whoever answers.
    first_unit = models.CharField(max_length=6, db_collation="C", editable=False)
    kind = models.CharField("类别", max_length=10, choices=Asked)
    text = models.CharField("内容", max_length=1000)
    state = models.CharField(
        "状态", max_length=10, choices=QuestionState, default=QuestionState.OPEN
    )
    asked_at = models.DateTimeField("提出时间", default=now)
    due_on = models.DateField("答复期限")
    answered_at = models.DateTimeField("首次答复", null=True)
    in_time = models.BooleanField("按时答复", null=True)
    risen_at = models.DateTimeField("超时上报", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    outcome = models.CharField("本人反馈", max_length=8, choices=Outcome, blank=True)

    objects = QuestionQuerySet.as_manager()

    law = Law(
        Near(),
        OwnUnit(),
        When("risen_at IS NOT NULL", Unit(), "已上转"),
        Self("asker"),
        Doing("merge", "ask and pass on", "count", "merge units", "forget", "install the demo"),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: By("talent.youth.actions.leaving.empty_questions"),
            MERGED: Follow(),
            MOVED: Stay("whoever is answering goes on answering"),
        },
        told=Told("咨询和意见", "talent.youth.exports.questions"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "咨询和意见"
        constraints = [
            models.CheckConstraint(
                name="talent_answered_question_has_a_time",
                condition=~Q(state=QuestionState.ANSWERED)
                | Q(answered_at__isnull=False, in_time__isnull=False),
            ),
            models.CheckConstraint(
                name="talent_closed_question_has_a_time",
                condition=Q(state=QuestionState.CLOSED, closed_at__isnull=False)
                | ~Q(state=QuestionState.CLOSED) & Q(closed_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="talent_question_of_a_unit"),
            models.Index(
                fields=["due_on"],
                name="talent_question_due",
                condition=Q(state=QuestionState.OPEN, risen_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_late(self):
        return self.state == QuestionState.OPEN and self.due_on < localdate()


class Reply(OrganizationOwned):
    """One turn in the conversation about a question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="replies")
    side = models.CharField("来自", max_length=6, choices=Side)
    text = models.CharField("内容", max_length=1000)
    # Of the unit's people; the asker's name stands in no row of a conversation.
    by_name = models.CharField("答复人", max_length=LONGEST_SIGNED, blank=True)
    at = models.DateTimeField("时间", default=now)

    law = Law(
        Near(),
        OwnUnit(),
        Doing("ask and pass on", "merge units", "forget", "install the demo"),
        Of("question", "talent.Question", Self("asker")),
        Of("question", "talent.Question", Where("risen_at IS NOT NULL", "已上转的，本单位和上级")),
        on={UNIT_CLOSED: Follow()},
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "答复"


class PublishedAnswer(OrganizationOwned):
    """A good answer on the county's page, with nothing left that tells who asked."""

    question = models.OneToOneField(Question, models.SET_NULL, null=True, related_name="published")
    asked = models.CharField("问题", max_length=300)
    answered = models.CharField("答复", max_length=1000)
    by_name = models.CharField("发布人", max_length=LONGEST_NAME)
    at = models.DateTimeField("发布时间", default=now)

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "公开的答复"

    def __str__(self):
        return self.asked

"""流动团员联络群: groups that live on after an edition, and what is sent to their people."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate, now

from qingchun.accounts.choices import MembershipState
from qingchun.accounts.models import Membership
from qingchun.ground.names import LONGEST_NAME
from qingchun.organizations.changes import LEFT, MERGED, MOVED, POST_ENDED, UNIT_CLOSED, By, Follow
from qingchun.organizations.law import Doing, Everybody, Law, Near, Of, Self, Told, Unit
from qingchun.organizations.models import OrganizationOwned
from talent.youth.choices import GroupClass, GroupState, MemberState, NoteKind
from talent.youth.models.people import Youth
from talent.youth.querysets import GroupQuerySet


class LiaisonGroup(OrganizationOwned):
    """联络群 of one unit and class. Only the chat's address and its people are kept here."""

    name = models.CharField("群名", max_length=40)
    kind = models.CharField("面向", max_length=10, choices=GroupClass, default=GroupClass.ALL)
    picture = models.FileField("群二维码", upload_to="groups/%Y/%m/", blank=True)
    expires_on = models.DateField("二维码有效期至", null=True, blank=True)
    capacity = models.PositiveSmallIntegerField("人数上限", default=200)
    # A post, not a person: when it ends, the group has nobody and is listed above.
    responsible = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="责任人"
    )
    deputy = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="副责任人",
    )
    state = models.CharField("状态", max_length=8, choices=GroupState, default=GroupState.OPEN)
    # How many have joined, counted in the transaction in which one does.
    joined = models.PositiveIntegerField("已入群", default=0)
    noted_at = models.DateTimeField("最近发布", null=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField("建立时间", default=now, editable=False)

    objects = GroupQuerySet.as_manager()

    law = Law(
        Unit(),
        Doing("check in", "merge", "hand over", "forget"),
        reads=Everybody(),
        on={
            UNIT_CLOSED: Follow(told_apart="name"),
            POST_ENDED: Follow(),
        },
    )

    class Meta:
        ordering = ["organization_id", "pk"]
        verbose_name = verbose_name_plural = "联络群"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="talent_one_group_of_a_name"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def has_responsible(self):
        post = self.responsible
        return bool(post) and post.state == MembershipState.ACTIVE

    @property
    def has_expired(self):
        return bool(self.expires_on) and self.expires_on < localdate()

    @property
    def takes_people(self):
        return self.state == GroupState.OPEN and self.joined < self.capacity


class GroupMember(OrganizationOwned):
    """Somebody was shown a group at check-in, and perhaps joined. ``organization`` is home."""

    group = models.ForeignKey(LiaisonGroup, models.CASCADE, related_name="members")
    youth = models.ForeignKey(Youth, models.CASCADE, related_name="groups")
    shown_at = models.DateTimeField("介绍时间", default=now)
    joined_at = models.DateTimeField("入群时间", null=True)

    law = Law(
        Near(),
        Doing(
            "check in",
            "merge",
            "hand over",
            "ask and pass on",
            "merge units",
            "forget",
            "install the demo",
        ),
        Of("youth", "talent.Youth", Self("user")),
        on={
            UNIT_CLOSED: Follow(),
            LEFT: By("talent.youth.actions.leaving.leave_groups"),
            MERGED: By("talent.youth.actions.people.bring_groups"),
            MOVED: Follow(),
        },
        told=Told("联络群", "talent.youth.exports.groups"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "群成员"
        constraints = [
            models.UniqueConstraint(fields=["group", "youth"], name="talent_in_a_group_once"),
        ]

    def __str__(self):
        return f"{self.group_id} {self.youth_id}"

    STATES = MemberState

    @property
    def state(self):
        return MemberState.JOINED if self.joined_at else MemberState.SHOWN

    def get_state_display(self):
        return self.state.label


class GroupNote(OrganizationOwned):
    """What was sent to a group's people: news, policy, a greeting."""

    group = models.ForeignKey(LiaisonGroup, models.CASCADE, related_name="notes")
    kind = models.CharField("类别", max_length=10, choices=NoteKind)
    title = models.CharField("标题", max_length=40)
    text = models.CharField("内容", max_length=500)
    people = models.PositiveIntegerField("发给", default=0)
    by_name = models.CharField("发布人", max_length=LONGEST_NAME)
    at = models.DateTimeField("发布时间", default=now)

    law = Law(Unit(), reads=Everybody(), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "群内发布"
        constraints = [
            models.CheckConstraint(
                name="talent_note_says_something", condition=~Q(title="") & ~Q(text="")
            ),
        ]

    def __str__(self):
        return self.title

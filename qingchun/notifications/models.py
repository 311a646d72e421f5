from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.province import HOME
from qingchun.ground.sealing import seal, unseal
from qingchun.notifications import channels
from qingchun.notifications.choices import ChannelName, MessageState, Robot
from qingchun.notifications.drafts import Line
from qingchun.notifications.querysets import MessageQuerySet
from qingchun.organizations.changes import LEFT, MOVED, UNIT_CLOSED, Cascade, Follow, Stay
from qingchun.organizations.law import Doing, Law, Open, Self, Unit, Where
from qingchun.organizations.models import OrganizationOwned


class Message(OrganizationOwned):
    """One message to one person or group by one channel. It is this row before it is sent.

    ``key`` says what, about which thing, to whom, which time and by which channel, so that
    whoever decides the same thing again writes nothing. ``organization`` is the unit that it
    is about.
    """

    key = models.CharField(max_length=160, unique=True, editable=False)
    purpose = models.CharField("事项", max_length=24)
    channel = models.CharField("渠道", max_length=8, choices=channels.choices)
    # Empty for a group chat, which belongs to the unit, and for a sign-in code: whoever asks for
    # one is nobody yet.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, verbose_name="收件人"
    )
    subject = models.CharField("标题", max_length=80)
    # Several things that fall on one day for one person are one message, and each can still be
    # taken out.
    lines: list[Line] = models.JSONField("内容", default=list)
    # What nobody may read here: for a sign-in code, whom it goes to and what it says. Wiped
    # once it is sent or given up.
    sealed = models.TextField(blank=True, db_default="", editable=False)
    link = models.CharField("打开", max_length=120, blank=True)
    is_urgent = models.BooleanField("不受免打扰限制", default=False)
    state = models.CharField("状态", max_length=10, choices=MessageState, default=MessageState.DUE)
    due_at = models.DateTimeField("应发时间")
    try_at = models.DateTimeField("下次发送")
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    # Part of the key a provider knows a message by: sent again on purpose is a new one.
    resends = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField("发出时间", null=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    made_at = models.DateTimeField("写入时间", default=now, editable=False)

    objects = MessageQuerySet.as_manager()

    law = Law(
        Self("recipient"),
        Unit(),
        Doing("tell", "forget", "seal anew"),
        on={
            UNIT_CLOSED: Stay("it was said by the unit as it was"),
            LEFT: Cascade(),
            MOVED: Stay("it was said by the unit as it was"),
        },
        told="they have it by message",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.CheckConstraint(
                name="notifications_sent_has_a_time",
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | ~Q(state=MessageState.SENT),
            ),
            models.CheckConstraint(
                name="notifications_sending_has_a_claim",
                condition=Q(
                    state=MessageState.SENDING, claim__isnull=False, claimed_at__isnull=False
                )
                | ~Q(state=MessageState.SENDING) & Q(claim=None),
            ),
            models.CheckConstraint(
                name="notifications_goes_to_a_person_or_a_group",
                condition=Q(channel__in=(ChannelName.GROUP, ChannelName.CODE), recipient=None)
                | ~Q(channel__in=(ChannelName.GROUP, ChannelName.CODE))
                & Q(recipient__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "try_at"],
                name="notifications_due",
                condition=Q(state=MessageState.DUE),
            ),
            models.Index(
                fields=["channel", "claimed_at"],
                name="notifications_sending",
                condition=Q(state=MessageState.SENDING),
            ),
            models.Index(
                F("recipient"),
                F("id").desc(),
                name="notifications_inbox",
                condition=Q(channel=ChannelName.INAPP, state=MessageState.SENT),
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def text(self):
        return "\n".join(line["text"] for line in self.lines)


class Preference(models.Model):
    """What one person has switched off. No row: everything is on."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    off = ArrayField(
        models.CharField(max_length=8, choices=channels.choices), default=list, blank=True
    )
    muted = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    law = Law(
        Self("user"),
        Where("user_id IN (SELECT id FROM accounts_user)", "看得见其账号的团委"),
        Doing("tell", "forget"),
        on={
            LEFT: Cascade(),
        },
        told="under 消息设置",
    )

    class Meta:
        verbose_name = verbose_name_plural = "接收设置"

    def __str__(self):
        return str(self.user_id)


class Wording(models.Model):
    """How the province words one kind of message, in place of the words the portal brings."""

    purpose = models.CharField("事项", max_length=24, primary_key=True)
    subject = models.CharField("标题", max_length=80)
    text = models.CharField("内容", max_length=300)
    changed_by = models.CharField("修改人", max_length=LONGEST_NAME)
    changed_at = models.DateTimeField("修改时间", default=now)

    # The words are the province's; so is their audit trail.
    organization_id = HOME.code

    law = Open("全省一样的消息文字")

    class Meta:
        verbose_name = verbose_name_plural = "消息模板"

    def __str__(self):
        return self.subject


class GroupChat(OrganizationOwned):
    """群聊: a robot in a unit's group chat. Its address is a secret and kept as one."""

    robot = models.CharField("机器人", max_length=10, choices=Robot)
    name = models.CharField("群名", max_length=40)
    sealed_url = models.TextField(editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    is_on = models.BooleanField("启用", default=True)

    law = Law(Unit(), Doing("tell", "seal anew"), on={UNIT_CLOSED: Follow()})

    class Meta:
        ordering = ["organization_id"]
        verbose_name = verbose_name_plural = "群聊机器人"
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], name="notifications_one_group_chat_of_a_unit"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def url(self):
        return unseal(self.sealed_url, "group chat")

    @url.setter
    def url(self, value):
        self.sealed_url = seal(value, "group chat")

    @property
    def secret(self):
        return unseal(self.sealed_secret, "group chat") if self.sealed_secret else ""

    @secret.setter
    def secret(self, value):
        self.sealed_secret = seal(value, "group chat") if value else ""


class Pulse(models.Model):
    """When a job that repeats was last seen to run, all the way through broker and worker.

    Or until when it is somebody's turn, and whose: ``turns``.
    """

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    holder = models.CharField(max_length=40, blank=True, default="", db_default="")

    law = Open("后台任务的时刻")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self):
        return self.name

from enum import StrEnum

from django.db import models


class MessageState(models.TextChoices):
    DUE = "due", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    FAILED = "failed", "未送达"
    CANCELLED = "cancelled", "已取消"


class ChannelName(StrEnum):
    """渠道 that code names. All there are, with their labels: ``channels.found()``."""

    INAPP = "inapp"
    EMAIL = "email"
    SMS = "sms"
    GROUP = "group"
    CODE = "code"


class Robot(models.TextChoices):
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"

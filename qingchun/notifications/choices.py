from django.db import models


class State(models.TextChoices):
    DUE = "due", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    FAILED = "failed", "未送达"
    CANCELLED = "cancelled", "已取消"


class Way(models.TextChoices):
    """渠道: how a message reaches somebody."""

    INAPP = "inapp", "站内"
    EMAIL = "email", "邮件"
    SMS = "sms", "短信"
    GROUP = "group", "群聊"
    CODE = "code", "验证码"


# What a person may switch off; the inbox is always there.
OPTIONAL = (Way.EMAIL, Way.SMS)


class Robot(models.TextChoices):
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"

from django.db import models


class State(models.TextChoices):
    DUE = "due", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    FAILED = "failed", "未送达"
    CANCELLED = "cancelled", "已取消"


# The whole life of a message. Back to DUE: a try that failed for now, a worker that died with
# it, or an administrator who sends it again.
MOVES = {
    (State.DUE, State.SENDING),
    (State.DUE, State.SENT),  # in-app: the row itself is what the person sees
    (State.DUE, State.CANCELLED),
    (State.SENDING, State.SENT),
    (State.SENDING, State.DUE),
    (State.SENDING, State.FAILED),
    (State.SENDING, State.CANCELLED),  # nothing goes out that way, as the portal was set up
    (State.FAILED, State.DUE),
    (State.CANCELLED, State.DUE),
    (State.SENT, State.DUE),
}


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

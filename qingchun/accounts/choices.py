from django.db import models


class MembershipState(models.TextChoices):
    ACTIVE = "active", "在岗"
    SUSPENDED = "suspended", "已停用"
    ENDED = "ended", "已离岗"


class How(models.TextChoices):
    """What somebody signed in by."""

    PASSWORD = "password", "密码"
    CODE = "code", "短信验证码"
    PASSKEY = "mfa", "通行密钥"
    WECHAT = "social", "微信"


MOVES = {
    (MembershipState.ACTIVE, MembershipState.SUSPENDED),
    (MembershipState.SUSPENDED, MembershipState.ACTIVE),
    (MembershipState.ACTIVE, MembershipState.ENDED),
    (MembershipState.SUSPENDED, MembershipState.ENDED),
}

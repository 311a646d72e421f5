"""By what somebody gets in: each sign-in, keys for programs, passwords of before."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.timezone import now

from qingchun.accounts.choices import How
from qingchun.accounts.querysets import (
    ApiTokenQuerySet,
    SignInQuerySet,
)
from qingchun.organizations.changes import LEFT, POST_ENDED, By, Cascade
from qingchun.organizations.law import Doing, Finding, Law, Open, Self

LONGEST_KEY = dt.timedelta(days=365)


def in_a_year():
    return now() + LONGEST_KEY


class SignIn(models.Model):
    """One session of a person: on which device, from where, until when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField("登录时间", default=now, editable=False)
    seen_at = models.DateTimeField("最近使用", default=now, editable=False)
    ended_at = models.DateTimeField("结束时间", null=True, editable=False)
    how = models.CharField("登录方式", max_length=10, choices=How)
    # What the browser says it is, in our words, and the mark it was given.
    device = models.CharField("设备", max_length=40)
    device_digest = models.CharField(max_length=64, blank=True, editable=False)
    address = models.GenericIPAddressField("来源地址", null=True)
    # The session's key, sealed: with it alone one session can be ended, and nobody reads it here.
    session_sealed = models.CharField(max_length=200, editable=False)
    # A second factor was passed: by an authenticator, or by a code to the number.
    factor_at = models.DateTimeField("第二因素", null=True, editable=False)

    objects = SignInQuerySet.as_manager()

    law = Law(
        Self("user"),
        Doing("check in", "forget", "install the demo", "seal anew"),
        Finding(),
        on={LEFT: Cascade()},
        told="under 账号安全",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "登录"
        indexes = [models.Index(fields=["user", "-id"], name="accounts_signin_of_a_person")]

    def __str__(self):
        return f"登录 {self.pk}"


class ApiToken(models.Model):
    """A key for a program that works in somebody's post. Only its digest is kept."""

    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=40)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("建立时间", default=now, editable=False)
    expires_at = models.DateTimeField("有效期至", default=in_a_year, editable=False)
    is_read_only = models.BooleanField("只读", default=False)
    revoked_at = models.DateTimeField("停用时间", null=True, editable=False)
    used_at = models.DateTimeField("最近使用", null=True, editable=False)
    used_from = models.GenericIPAddressField("最近来源", null=True, editable=False)
    # Of the person, as it was when the key was made.
    credential_version = models.PositiveIntegerField(default=0, editable=False)
    # The second factor that the session had passed in which it was made: accounts/factors.py.
    factor = models.CharField(max_length=6, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    law = Open(
        "只有密钥的摘要，由本人的密钥找到",
        on={
            POST_ENDED: By("qingchun.accounts.actions.persons.end_keys"),
        },
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "接口密钥"

    def __str__(self):
        return self.name

    @property
    def has_run_out(self):
        return self.expires_at <= now()


class PastPassword(models.Model):
    """The digest of a password somebody had; kept only where the setting asks for a history."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    password = models.CharField(max_length=128, editable=False)
    ended_at = models.DateTimeField(default=now, editable=False)

    law = Law(
        Self("user"),
        Doing("forget", "install the demo"),
        on={LEFT: Cascade()},
        told="a digest",
    )

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"

    def __str__(self):
        return f"用过的密码 {self.pk}"


class Tries(models.Model):
    """How often something that protects somebody has been tried: ``accounts.tries`` alone asks.

    Under a keyed mark of what is tried, which nobody reads a number or an address from.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    times = models.PositiveIntegerField()
    until = models.DateTimeField()

    law = Open("只有次数，认不出是谁")

    class Meta:
        verbose_name = verbose_name_plural = "尝试次数"

    def __str__(self):
        return str(self.key)

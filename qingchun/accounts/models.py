from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from qingchun.accounts.choices import MembershipState
from qingchun.accounts.phones import masked
from qingchun.accounts.querysets import MembershipQuerySet, UserManager
from qingchun.organizations.choices import Duty, Role
from qingchun.organizations.models import Organization, OrganizationOwned
from qingchun.organizations.querysets import ScopedQuerySet

any_phone = RegexValidator(r"^(1[3-9]\d{9}|\+[1-9]\d{6,14})$", "请填写手机号。")
phone_number = RegexValidator(r"^1[3-9]\d{9}$", "请填写 11 位手机号。")


class User(AbstractBaseUser):
    """A person who signs in. What they may do comes from the post they act for, not from here."""

    username = models.CharField(
        "用户名",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[\w.@-]+$", "用户名只能用字母、数字、汉字和 . @ - _。")],
    )
    name = models.CharField("姓名", max_length=30)
    phone = models.CharField(
        "手机号", max_length=16, unique=True, null=True, blank=True, validators=[any_phone]
    )
    email = models.EmailField("邮箱", blank=True)
    # The unit whose administrators look after the account; a young person has none.
    home = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, verbose_name="所在单位"
    )
    is_active = models.BooleanField("可登录", default=True)
    joined_at = models.DateTimeField("建立时间", default=now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)
    # Set for each request by ActingMiddleware: the post this person is working in just now.
    acting = None
    # The active posts, filled by the sign-in back end; a young person has none.
    posts = ()
    # What apps to the right want to know of whoever signs in; see accounts/session.py.
    facts = {}

    class Meta:
        verbose_name = verbose_name_plural = "人员"

    def __str__(self):
        return self.name

    @property
    def scope(self):
        """Code of the unit acted for; empty for somebody who acts for none."""
        return self.acting.organization_id if self.acting else ""

    @property
    def unread(self):
        """How many messages wait in the inbox."""
        return self.facts.get("unread", 0)

    @property
    def masked_phone(self):
        return masked(self.phone)


class Membership(OrganizationOwned):
    """A post somebody holds in a unit. Work hangs on the unit and the post, not on the person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField("角色", max_length=10, choices=Role)
    post = models.CharField("岗位", max_length=30, blank=True)
    duty = models.CharField("提醒次序", max_length=10, choices=Duty, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=MembershipState, default=MembershipState.ACTIVE
    )
    since = models.DateTimeField("起始", default=now, editable=False)
    ended_at = models.DateTimeField("离岗时间", null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organization_id", "pk"]
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=~Q(state=MembershipState.ENDED),
                name="accounts_one_post_for_a_person_in_a_unit",
            ),
            models.CheckConstraint(
                name="accounts_ended_post_has_a_time",
                condition=Q(state=MembershipState.ENDED, ended_at__isnull=False)
                | ~Q(state=MembershipState.ENDED) & Q(ended_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.organization.short_name} {self.post or self.get_role_display()}"


class AuditEvent(OrganizationOwned):
    """Who did what to which record, when and from where. Added and read, never changed."""

    at = models.DateTimeField("时间", default=now, editable=False)
    # Names as they were then: people leave and units are renamed.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True)
    actor_name = models.CharField("经办人", max_length=30)
    actor_unit = models.CharField("经办单位", max_length=60)
    verb = models.CharField("事项", max_length=30)
    subject = models.CharField("对象", max_length=80)
    remark = models.TextField("说明", blank=True)
    facts = models.JSONField("详情", default=dict)
    address = models.GenericIPAddressField("来源地址", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "操作记录"
        indexes = [models.Index(fields=["subject", "id"], name="accounts_audit_subject")]

    def __str__(self):
        return f"{self.actor_unit} {self.actor_name} {self.verb}"


class ApiToken(models.Model):
    """A key for a program that works in somebody's post. Only its digest is kept."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=40)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("建立时间", default=now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "接口密钥"

    def __str__(self):
        return self.name

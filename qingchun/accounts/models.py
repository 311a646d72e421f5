from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from qingchun.accounts.audit_models import AuditEvent, AuditLink, AuditSeal  # noqa: F401
from qingchun.accounts.choices import MembershipState
from qingchun.accounts.credential_models import ApiToken, PastPassword, SignIn, Tries  # noqa: F401
from qingchun.accounts.phones import PHONE, masked
from qingchun.accounts.querysets import (
    InvitationQuerySet,
    MembershipQuerySet,
    UserManager,
)
from qingchun.ground.names import LONGEST_NAME
from qingchun.ground.sealed_fields import SealedNumberField, SealedTextField, mark_of
from qingchun.organizations.changes import LEFT, MOVED, POST_ENDED, UNIT_CLOSED, By, Stay
from qingchun.organizations.choices import ReminderRole, Role
from qingchun.organizations.law import PERSON, Doing, Finding, Law, Self, Unit, Where
from qingchun.organizations.models import Organization, OrganizationOwned

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
    name = models.CharField("姓名", max_length=LONGEST_NAME)
    # Not unique: brothers, couples and a parent's phone are ordinary. Typed by anybody, it proves
    # nothing; see accounts/proving.py, the one place that writes the three fields below.
    phone = SealedNumberField(
        "手机号", max_length=16, blank=True, validators=[any_phone], what=PHONE,
        db_column="phone_sealed",
    )  # fmt: skip
    phone_mark = mark_of("phone")
    # The mark of the number that a code sent to it has proved, when, and by which message. A trigger
    # empties all three whenever the number becomes another.
    phone_proved_mark = models.BigIntegerField(null=True, editable=False)
    phone_proved_at = models.DateTimeField("号码验证时间", null=True, editable=False)
    phone_proof = models.CharField(max_length=40, blank=True, editable=False)
    # Somebody without a phone of their own is seen to by one of the family.
    represented_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="represents"
    )
    landline = SealedTextField("座机", max_length=20, blank=True, what="account words")
    email = models.EmailField("邮箱", blank=True)
    # The unit whose administrators look after the account; a young person has none.
    home = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, verbose_name="所在单位"
    )
    is_active = models.BooleanField("可登录", default=True)
    password_set_at = models.DateTimeField("密码设定时间", null=True, editable=False)
    # Every session, key and link is of the version it was made in; raised, all of them end.
    credential_version = models.PositiveIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField("建立时间", default=now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)
    # Set for each request by ActingMiddleware: the post this person is working in just now; None for
    # whoever works in none, which ``may`` has asked before an action reads it.
    acting: Any = None
    # The active posts, filled by the sign-in back end; a young person has none.
    posts: "Sequence[Membership]" = ()
    # What apps to the right want to know of whoever signs in; see accounts/session.py.
    facts: Mapping[str, Any] = {}

    law = Law(
        Self("id"),
        Doing(
            "tell", "check in", "pool consent", "merge", "hand over",
            "ask and pass on", "run an event", "join", "match", "carry a case", "what is due",
            "publish for all", "forget", "install the demo", "seal anew",
        ),
        Unit("home_id"),
        # After what most rows are seen by: PostgreSQL asks no further.
        Self("represented_by", "代办的家人"),
        Finding(),
        Where("id IN (SELECT user_id FROM accounts_membership)", "看得见其任职的团委"),
        on={LEFT: By("qingchun.accounts.actions.persons.forget")},
        told="as 基本信息",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        indexes = [
            models.Index(
                fields=["phone_proved_mark"],
                name="accounts_user_proved",
                condition=Q(phone_proved_mark__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="accounts_proof_is_of_the_number",
                condition=Q(phone_proved_mark=None, phone_proved_at=None)
                | Q(phone_proved_mark=F("phone_mark"), phone_proved_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def _get_session_auth_hash(self, secret=None):
        """Django compares it on every request: by the version one write ends every session."""
        made_of = f"{self.credential_version}|{self.password}"
        return salted_hmac(
            "accounts.session", made_of, secret=secret, algorithm="sha256"
        ).hexdigest()

    @staticmethod
    def taken_apart(user):
        """(what is known of a question of theirs, its values); see ground/prepared.py."""
        acting = user.acting
        return (acting.organization.level, acting.role) if acting else (), (user.pk, user.scope)

    @classmethod
    def put_together(cls, known, pk, scope):
        """Somebody else of whom as much is known."""
        user = cls(pk=pk)
        if known:
            unit = Organization(code=scope, level=known[0])
            user.acting = Membership(user=user, organization=unit, role=known[1])
        return user

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
    duty = models.CharField("提醒次序", max_length=10, choices=ReminderRole, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=MembershipState, default=MembershipState.ACTIVE
    )
    since = models.DateTimeField("起始", default=now, editable=False)
    ended_at = models.DateTimeField("离岗时间", null=True, editable=False)
    # Who named an auditor, and who agreed: two administrators.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        db_index=False,
    )  # fmt: skip

    objects = MembershipQuerySet.as_manager()

    law = Law(
        Self("user"),
        Doing(
            "tell", "check in", "merge", "hand over", "ask and pass on",
            "run an event", "carry a case", "what is due", "publish for all", "forget",
            "install the demo",
        ),
        Unit(),
        Finding(),
        on={
            UNIT_CLOSED: By("qingchun.accounts.actions.posts.end_with_unit"),
            LEFT: Stay("a post keeps its account"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="a cadre's",
    )  # fmt: skip

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
            models.CheckConstraint(
                name="accounts_auditor_is_appointed_by_two",
                condition=~Q(role=Role.AUDITOR)
                | ~Q(state=MembershipState.ACTIVE)
                | Q(proposed_by__isnull=False, confirmed_by__isnull=False)
                & ~Q(proposed_by=F("confirmed_by")),
            ),
        ]

    def __str__(self):
        return f"{self.organization.short_name} {self.post or self.get_role_display()}"

    @property
    def is_at_work(self):
        return self.state == MembershipState.ACTIVE and self.user.is_active


class Invitation(OrganizationOwned):
    """A post that waits for its person. Until they have proved the number it is no account."""

    role = models.CharField("角色", max_length=10, choices=Role)
    post = models.CharField("岗位", max_length=30, blank=True)
    duty = models.CharField("提醒次序", max_length=10, choices=ReminderRole, blank=True)
    name = models.CharField("姓名", max_length=LONGEST_NAME)
    phone = SealedNumberField("手机号", max_length=16, what=PHONE, db_column="phone_sealed")
    phone_mark = mark_of("phone")
    # Of the address that was sent: who reads the table cannot open the invitation.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_index=False
    )
    invited_at = models.DateTimeField("邀请时间", default=now, editable=False)
    expires_at = models.DateTimeField("有效期至", editable=False)
    # Whose work it is that goes on with it.
    succeeds = models.ForeignKey(
        Membership, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )
    accepted_at = models.DateTimeField("接受时间", null=True, editable=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    law = Law(
        Doing("forget", "install the demo", "seal anew"),
        Unit(),
        Self("invited_by", "邀请的人"),
        Finding(),
        reads=Where(
            "phone_mark = (SELECT one.phone_proved_mark FROM accounts_user AS one"
            f" WHERE one.id = {PERSON})",
            "验证过这个号码的本人",
        ),
        on={
            UNIT_CLOSED: By("qingchun.accounts.actions.invitations.end_with_unit"),
            POST_ENDED: Stay("the successor's: the work goes on with whoever accepts it"),
            LEFT: By("qingchun.accounts.actions.invitations.forget"),
            MOVED: Stay("a cadre's work: it belongs to the unit"),
        },
        told="they have it by message",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "邀请"
        indexes = [
            models.Index(
                fields=["phone_mark"],
                name="accounts_invitation_open",
                condition=Q(accepted_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="accounts_invitation_ends_one_way",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return f"{self.organization.short_name} {self.post or self.get_role_display()}"

    @property
    def masked_phone(self):
        return masked(self.phone)

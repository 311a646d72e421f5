import hashlib
import secrets

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.accounts.choices import MOVES, MembershipState
from qingchun.accounts.models import ApiToken, Membership, User
from qingchun.accounts.permissions import can_manage_people
from qingchun.organizations.choices import Role
from qingchun.organizations.refusals import Refused

INVITATION_DAYS = 7
_invitations = signing.TimestampSigner(salt="accounts.invitation")


@transaction.atomic
def invite(organization, *, actor, name, phone, role, post="", username=""):
    """Open an account in a unit; the person sets their own password by the invitation link.

    Needs: an administrator at or above the unit. Raises: PermissionDenied; Refused when the
    user name or phone is taken. Does not send anything: the link is handed over by the admin.
    """
    if not can_manage_people(actor, organization.code):
        raise PermissionDenied
    user = User(username=username or phone, name=name, phone=phone or None, home=organization)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            post_held = Membership.objects.create(
                user=user, organization=organization, role=role, post=post
            )
    except IntegrityError:
        raise Refused(
            "这个用户名或手机号已经有账号。请换一个用户名，或请原单位管理员办理交接。"
        ) from None
    write_down(actor, "开通账号", post_held, role=role)
    return post_held


@transaction.atomic
def invite_again(membership, *, actor):
    """A new invitation for somebody who lost the link or forgot the password, which ends.

    Raises: PermissionDenied; Refused for one's own account.
    """
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    if membership.user_id == actor.pk:
        raise Refused("自己的密码请在“我的账号”里修改。")
    membership.user.set_unusable_password()
    membership.user.save(update_fields=["password"])
    write_down(actor, "重发邀请链接", membership)


def invitation_for(user):
    """A token that opens the password page once: it dies with the password it was made for."""
    return _invitations.sign_object({"id": user.pk, "was": _password_mark(user)})


def read_invitation(token):
    """The user a token was made for. Raises: Refused when it is spent, old or forged."""
    try:
        held = _invitations.unsign_object(token, max_age=INVITATION_DAYS * 86400)
        user = User.objects.get(pk=held["id"], is_active=True)
    except (signing.BadSignature, User.DoesNotExist):
        user = None
    if user is None or held["was"] != _password_mark(user):
        raise Refused("这个邀请链接已经用过或过期了，请向本单位管理员要一个新的。")
    return user


def _password_mark(user):
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


@transaction.atomic
def accept_invitation(user, *, password):
    user.set_password(password)
    user.save(update_fields=["password"])


def suspend(membership, *, actor):
    _move(membership, MembershipState.SUSPENDED, actor=actor, verb="停用账号")


def restore(membership, *, actor):
    _move(membership, MembershipState.ACTIVE, actor=actor, verb="恢复账号")


@transaction.atomic
def hand_over(membership, *, actor, successor=None, name="", phone=""):
    """Give a post to the next person; what waits for the unit stays where it is.

    Needs: an administrator at or above the unit; ``successor`` is a standing membership of
    the same unit, or ``name`` and ``phone`` open a new account. Changes: the old post ends,
    and an account without any other post can no longer sign in. Returns: the successor's post.
    """
    if successor is None:
        successor = invite(
            membership.organization,
            actor=actor,
            name=name,
            phone=phone,
            role=membership.role,
            post=membership.post,
        )
        successor.duty = membership.duty
        successor.save(update_fields=["duty"])
    elif can_manage_people(actor, membership.organization_id):
        if Role.ADMIN in (membership.role, successor.role):
            successor.role = Role.ADMIN
        else:
            successor.role = membership.role
        successor.post = membership.post or successor.post
        successor.duty = membership.duty or successor.duty
        successor.save(update_fields=["role", "post", "duty"])
    _move(membership, MembershipState.ENDED, actor=actor, verb="办理交接", ended_at=now())
    user = membership.user
    if not user.memberships.standing().exists():
        user.is_active = False
        user.save(update_fields=["is_active"])
    return successor


def new_username():
    """A name for whoever signs in without one; nobody is shown it."""
    return f"q{secrets.token_hex(8)}"


@transaction.atomic
def account_for_phone(phone, *, name="", waiting=None):
    """The account of a proved number, opened when there is none.

    ``waiting`` is a person who came by WeChat and had no number: theirs it becomes, or their
    WeChat goes to the account that has it. Needs: the number proved by a code.
    """
    known = User.objects.filter(phone=phone).first()
    if known:
        if not known.is_active:
            raise Refused("这个账号已经停用，请联系家乡团委。")
        if waiting and waiting.pk != known.pk:
            waiting.socialaccount_set.update(user=known)
            waiting.delete()
        return known
    if waiting:
        waiting.phone = phone
        waiting.save(update_fields=["phone"])
        return waiting
    user = User(username=new_username(), name=name or "返乡青年", phone=phone)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # the same form, sent twice at once
        return User.objects.get(phone=phone)
    return user


@transaction.atomic
def assign_duty(membership, *, actor, duty):
    """Say who of a unit is reminded first. Raises: PermissionDenied."""
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    membership.duty = duty
    membership.save(update_fields=["duty"])
    write_down(actor, "设定提醒次序", membership, duty=duty)


@transaction.atomic
def _move(membership, state, *, actor, verb, **fields):
    if not can_manage_people(actor, membership.organization_id):
        raise PermissionDenied
    if membership.user_id == actor.pk:
        raise Refused("不能停用或交接自己正在用的岗位，请上级管理员办理。")
    came_from = membership.state
    unmoved = Membership.objects.filter(pk=membership.pk, state=came_from)
    if (came_from, state) not in MOVES or not unmoved.update(state=state, **fields):
        raise Refused("这个账号的状态已经变了，请刷新页面后再操作。")
    membership.refresh_from_db(fields=["state", "ended_at"])
    write_down(actor, verb, membership)


@transaction.atomic
def make_token(membership, *, name):
    """A new API key for one's own post. Returns: the key, which is shown once and not kept."""
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(membership=membership, name=name, digest=digest_of(key))
    write_down(membership.user, "生成接口密钥", membership, token=token.pk)
    return key


def digest_of(key):
    return hashlib.sha256(key.encode()).hexdigest()

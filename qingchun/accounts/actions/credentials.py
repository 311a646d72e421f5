"""Passwords, links to set one, and keys for programs: each ends with what it was given for."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts import senders
from qingchun.accounts.actions.persons import end_credentials, must_manage
from qingchun.accounts.audit import record_event
from qingchun.accounts.credential_models import LONGEST_KEY, ApiToken, PastPassword
from qingchun.accounts.models import Membership, User
from qingchun.accounts.proving import proved_phone
from qingchun.ground.links import link_to
from qingchun.ground.quiet import NIGHT
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import current, rls_context

# Seven days, and the night in which its message waits.
LINK_LASTS = timedelta(days=7) + NIGHT
_links = signing.TimestampSigner(salt="accounts.password")
SPENT = "这个链接已经用过或过期了，请向本单位管理员要一个新的。"


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


# Passwords


def set_password(user: User, password: str, *, keep: int | None = None) -> None:
    """A new password ends every session and key but ``keep``, the sign-in it is set in."""
    _remember(user)
    user.set_password(password)
    user.password_set_at = now()
    user.save(update_fields=["password", "password_set_at"])
    end_credentials(user, keep=keep)


def _remember(user: User) -> None:
    """Keep the digest of the password that ends, where the setting asks for a history."""
    if not (settings.PASSWORD_HISTORY and user.has_usable_password()):
        return
    with rls_context(scope=current()[0], person=user.pk):
        PastPassword.objects.create(user=user, password=user.password)
        past = PastPassword.objects.filter(user=user).order_by("-pk")
        kept = past.values_list("pk", flat=True)[: settings.PASSWORD_HISTORY]
        past.exclude(pk__in=list(kept)).delete()


def was_used_before(user: User, password: str) -> bool:
    """Whether one of the last passwords was this one; asked where the setting says how many."""
    # Asked as the person: whoever sets a password by a link is not signed in, and sees no row.
    with rls_context(scope=current()[0], person=user.pk):
        past = list(PastPassword.objects.filter(user=user).order_by("-pk"))
    kept = past[: settings.PASSWORD_HISTORY]
    return any(check_password(password, one.password) for one in kept)


@transaction.atomic
def reset_password(membership: Membership, *, actor: User) -> str:
    """The password of somebody who lost it ends, and a link to set a new one goes to them.

    Needs: the right over every standing post of theirs. Returns: the link where it cannot be
    sent to a number that was proved, else "". Raises: PermissionDenied; Refused.
    """
    user = membership.user
    if user.pk == actor.pk:
        raise Refused("自己的密码请在“账号安全”里修改。")
    must_manage(actor, user)
    _remember(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_credentials(user)
    record_event(actor, "重设密码", membership)
    link, phone = link_to(f"/accounts/password/{password_link(user)}/"), proved_phone(user)
    if not (phone and settings.CODES_ARE_SENT):
        return link
    senders.send("password", phone, unit=membership.organization, link=link, about=user)
    return ""


def password_link(user: User) -> str:
    """A token that opens the password page once: it dies with the version it was made for."""
    return _links.sign_object({"id": user.pk, "version": user.credential_version})


def read_password_link(token: str) -> User:
    """The user a token was made for. Raises: Refused when it is spent, old or forged."""
    try:
        held = _links.unsign_object(token, max_age=LINK_LASTS)
    except signing.BadSignature:
        raise Refused(SPENT) from None
    with rls_context(person=held["id"]):
        user = User.objects.filter(pk=held["id"], is_active=True).first()
    if user is None or held["version"] != user.credential_version:
        raise Refused(SPENT)
    return user


# Keys


@transaction.atomic
def make_token(
    membership: Membership,
    *,
    name: str,
    days: int = LONGEST_KEY.days,
    is_read_only: bool = False,
    factor: str = "",
) -> str:
    """A new key for one's own post. Returns: the key, which is shown once and not kept.

    ``factor``: the second factor that the session it is made in has passed.
    """
    key = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        digest=digest_of(key),
        expires_at=now() + min(timedelta(days=days), LONGEST_KEY),
        is_read_only=is_read_only,
        credential_version=membership.user.credential_version,
        factor=factor,
    )
    record_event(membership.user, "生成接口密钥", membership, token=token.pk)
    senders.send("key_made", "", token=token)
    return key


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: User) -> None:
    """End one's own key. Raises: Refused when it has ended before."""
    working = ApiToken.objects.filter(pk=token.pk, membership__user=actor, revoked_at=None)
    if not working.update(revoked_at=now()):
        raise Refused("这个密钥已经停用了。")
    record_event(actor, "停用接口密钥", token.membership, token=token.pk)

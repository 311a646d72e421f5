"""What the libraries tell of sign-in, passwords and second factors, written down.

They speak by signals; our own apps call ``audit.write_account`` themselves.
"""

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import receiver

from qingchun.accounts.audit import write_account, write_failure
from qingchun.accounts.choices import LOCKED, SIGNED_IN
from qingchun.accounts.sign_ins import called

FACTORS = {"totp": "动态口令", "webauthn": "通行密钥", "recovery_codes": "恢复码"}
WAYS = {"password": "密码", "code": "短信验证码", "socialaccount": "微信"}


def device_of(request):
    return called(request.headers.get("User-Agent", "")) if request else ""


def _way(record):
    return FACTORS.get(record.get("type")) or WAYS.get(record["method"], record["method"])


@receiver(account.user_logged_in)
def signed_in(request, user, **kwargs):
    records = get_authentication_records(request, user)
    how = "、".join(dict.fromkeys(_way(record) for record in records))
    write_account(user, SIGNED_IN, request=request, how=how, device=device_of(request))


@receiver(auth.user_logged_out)
def signed_out(request, user, **kwargs):
    """``request.ends_because``: said by whoever ended the session for the person."""
    if user:
        write_account(user, getattr(request, "ends_because", "退出登录"), request=request)


@receiver(auth.user_login_failed)
def failed(credentials, request=None, **kwargs):
    """At sign-in by a name; or by somebody who is signed in and was asked once more."""
    user = getattr(request, "user", None)
    if user and user.is_authenticated:
        write_account(user, "重新验证失败", request=request)
    else:
        name = credentials.get("username", "")
        write_failure(name, request=request, device=device_of(request))


def locked(credentials, request):
    """A try that was not looked at, since too many failed before it. Called by the adapter."""
    name = credentials.get("username", "")
    write_failure(name, LOCKED, request=request, device=device_of(request))


@receiver(account.authentication_step_completed)
def asked_once_more(request, user, reauthenticated=False, **kwargs):
    if reauthenticated:
        write_account(user, "重新验证身份", request=request)


@receiver(account.password_changed)
def changed_password(request, user, **kwargs):
    write_account(user, "修改密码", request=request)


@receiver(account.password_set)
def set_password(request, user, **kwargs):
    write_account(user, "设置密码", request=request)


@receiver(account.password_reset)
def reset_password(request, user, **kwargs):
    write_account(user, "重设密码", request=request)


@receiver(mfa.authentication_failed)
def failed_factor(request, user, authenticator, **kwargs):
    write_account(user, "第二因素验证失败", request=request, factor=FACTORS[authenticator.type])


@receiver(mfa.authenticator_added)
def added_factor(request, user, authenticator, **kwargs):
    write_account(user, f"添加{FACTORS[authenticator.type]}", request=request)


@receiver(mfa.authenticator_removed)
def removed_factor(request, user, authenticator, **kwargs):
    write_account(user, f"移除{FACTORS[authenticator.type]}", request=request)


@receiver(mfa.authenticator_reset)
def reset_factor(request, user, authenticator, **kwargs):
    write_account(user, f"重新生成{FACTORS[authenticator.type]}", request=request)


@receiver(mfa.authenticator_used)
def used_factor(request, user, authenticator, **kwargs):
    """The others stand in the sign-in; a recovery code is spent, and worth a line of its own."""
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        write_account(user, "使用恢复码", request=request)

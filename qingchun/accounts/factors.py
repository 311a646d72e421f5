"""The second factor: who needs which, and whether this session has passed it.

Province, departments and cities: a passkey or a one-time password. Counties and townships: one
of these, or a code to their number on a device that was not seen for thirty days. A code alone
is one factor, and so is WeChat: whoever signs in by it on a new device gives the password too.
"""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import get_adapter
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.dispatch import receiver
from django.utils.timezone import now

from qingchun.accounts import sign_ins
from qingchun.accounts.actions.persons import end_credentials
from qingchun.accounts.credential_models import SignIn

STRONG, CODE = "strong", "code"
PASSED = "second_factor"
# What shows that somebody has a thing of theirs at hand; the password shows what they know.
HAD = {"code", "socialaccount"}


def needed(level):
    """STRONG, CODE or "" for somebody who acts for a unit of this level."""
    if level in settings.MFA_REQUIRED_LEVELS:
        return STRONG
    return CODE if level in settings.MFA_CODE_LEVELS else ""


def is_enough(passed, need):
    """Whether what was passed does for what is needed: the stronger does for both."""
    return not need or passed in (STRONG, need)


def methods(request):
    return {record["method"] for record in get_authentication_records(request, request.user)}


def has_passed(request, need):
    """Whether this session has passed what is needed; noted, it is not asked again."""
    if is_enough(request.session.get(PASSED), need):
        return True
    how = methods(request)
    # That they have one is not enough: this session has to have shown it.
    if "mfa" in how and has_authenticator(request.user):
        return note(request, STRONG)
    # A code alone is one factor wherever it is given: whoever holds the phone holds the device.
    if need == CODE and "password" in how and (how & HAD or _is_known_device(request)):
        return note(request, CODE)
    return False


def has_authenticator(user):
    """A passkey or a one-time password; codes to recover by are none of their own."""
    return get_adapter().is_mfa_enabled(user)


def note(request, which):
    request.session[PASSED] = which
    SignIn.objects.filter(pk=request.session.get(sign_ins.ROW)).update(factor_at=now())
    return True


def _is_known_device(request):
    digest = sign_ins.device_digest(request)
    known = (
        SignIn.objects.of_known_device(request.user, digest) if digest else SignIn.objects.none()
    )
    return known.exclude(pk=request.session.get(sign_ins.ROW)).exists()


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def changed(sender, request, user, **kwargs):
    """A session from before has not passed what there is now, and it may be a stranger's."""
    end_credentials(user, keep=request.session.get(sign_ins.ROW))
    request.user.credential_version = user.credential_version
    sign_ins.stay(request)
    request.session.pop(PASSED, None)
    if has_authenticator(user):
        note(request, STRONG)

"""The second factor: who needs which, and whether this session has passed it.

Province, departments and cities: a passkey or a one-time password. Counties and townships: one
of these, or a code to their number on a device that was not seen for thirty days. A code alone
is one factor: whoever signs in by it on a new device gives the password too.
"""

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.utils.timezone import now

from qingchun.accounts.models import SignIn
from qingchun.accounts.sign_ins import ROW, device_digest

STRONG, CODE = "strong", "code"
PASSED = "second_factor"


def needed(level):
    """STRONG, CODE or "" for somebody who acts for a unit of this level."""
    if level in settings.MFA_REQUIRED_LEVELS:
        return STRONG
    return CODE if level in settings.MFA_CODE_LEVELS else ""


def methods(request):
    return {record["method"] for record in get_authentication_records(request, request.user)}


def has_passed(request, need):
    """Whether this session has passed what is needed; noted, it is not asked again."""
    passed = request.session.get(PASSED)
    if passed == STRONG or (passed and passed == need):
        return True
    # allauth asks for an authenticator at sign-in wherever there is one.
    if "mfa" in methods(request) or request.user.authenticator_set.exists():
        return note(request, STRONG)
    if need == CODE and (methods(request) >= {"password", "code"} or _is_known_device(request)):
        return note(request, CODE)
    return False


def note(request, which):
    request.session[PASSED] = which
    SignIn.objects.filter(pk=request.session.get(ROW)).update(factor_at=now())
    return True


def _is_known_device(request):
    known = SignIn.objects.of_known_device(request.user, device_digest(request))
    return known.exclude(pk=request.session.get(ROW)).exists()

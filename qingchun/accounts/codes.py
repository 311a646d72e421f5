"""Sign-in by a number and a code: what to enter is the same whether the number is known or not.

The session keeps digests alone, so that an abandoned sign-in leaves no number behind. allauth
brings the code and the sign-in itself with its stages.
"""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from qingchun.accounts.actions import account_for_phone
from qingchun.organizations.refusals import Refused
from qingchun.organizations.walls import tell_database

STATE, DEVICE = "phone_code", "device"
TOO_OFTEN = (
    "获取验证码太频繁。请隔一分钟再试；今天多次没有收到的，请明天再试，"
    "或者请家乡团委工作人员当面登记。"
)
_senders = []


class ChallengeNeeded(Refused):
    """So many codes were asked for that a person has to show they are one."""


def register_sender(sender):
    """``sender(phone, code, *, minutes)``: the app that sends registers itself."""
    _senders[:] = [sender]


def send_by(phone, code, **values):
    return _senders[0](phone, code, **values)


def _digest(*parts):
    return salted_hmac("accounts.codes", "|".join(parts), algorithm="sha256").hexdigest()


def _count(kind, key, seconds):
    """How often this has happened since its time began, this time included."""
    name = f"codes:{kind}:{_digest(key)}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name)
    except ValueError:  # its time ended just between
        return 1


def send_code(request, phone, *, solved=False):
    """Have a code sent to a number. ``solved``: the human check has been passed.

    Returns: the code where nothing is really sent (a demo), else nothing.
    Raises: ChallengeNeeded; Refused when a number, a device or an address asks too often.
    """
    keys = {
        "phone": phone,
        "device": request.session.setdefault(DEVICE, get_random_string(20)),
        "address": get_adapter().get_client_ip(request),
    }
    if cache.get(f"codes:pause:{_digest(phone)}"):
        raise Refused(TOO_OFTEN)
    counts = {kind: _count(kind, key, settings.CODE_LIMITS[kind][2]) for kind, key in keys.items()}
    if any(count > settings.CODE_LIMITS[kind][1] for kind, count in counts.items()):
        raise Refused(TOO_OFTEN)
    if not solved and any(n > settings.CODE_LIMITS[kind][0] for kind, n in counts.items()):
        raise ChallengeNeeded("获取验证码的次数多了，请先完成下面的验证，再点一次“获取验证码”。")
    cache.set(f"codes:pause:{_digest(phone)}", 1, settings.CODE_PAUSE)
    adapter = get_adapter()
    code = adapter.generate_phone_verification_code(user=None, phone=phone)
    adapter.send_verification_code_sms(None, phone, code)
    request.session[STATE] = {
        "at": time.time(), "phone": _digest(phone), "code": _digest(phone, code),
    }  # fmt: skip
    return code if settings.SHOW_CODES else ""


def was_sent_to(request, phone):
    state = request.session.get(STATE)
    return bool(state) and constant_time_compare(state["phone"], _digest(phone))


def check_code(request, phone, code):
    """The code is the one sent to this number by this session; right, it is spent.

    Raises: Refused, saying what to do next.
    """
    state = request.session.get(STATE)
    if not state:
        raise Refused("请先点“获取验证码”，再填写短信里的 6 位数字。")
    if time.time() - state["at"] > settings.CODE_MINUTES * 60:
        del request.session[STATE]
        raise Refused(f"验证码过期了（{settings.CODE_MINUTES} 分钟内有效），请重新获取。")
    if not was_sent_to(request, phone):
        raise Refused("手机号改过了，请重新获取验证码。")
    # Counted where two tries at once are two, which a session cannot do.
    if (
        _count("try", f"{state['code']}{state['at']}", 60 * settings.CODE_MINUTES)
        > settings.CODE_TRIES
    ):
        del request.session[STATE]
        raise Refused(f"已经输错 {settings.CODE_TRIES} 次，这个验证码作废了，请重新获取。")
    if not constant_time_compare(state["code"], _digest(phone, code.strip())):
        raise Refused("验证码不对，请核对短信里的 6 位数字。")
    del request.session[STATE]


def sign_in(request, phone, *, name=""):
    """Sign in whoever holds a number that a code has proved; an unknown one gets an account.

    Needs: ``check_code`` to have passed in this request. Returns: what allauth wants answered
    when a second factor is due, else None; ``request.user`` is then the person.
    """
    tell_database(sign_in=True)
    # Somebody who came by WeChat has an account already, and no number yet.
    is_nameless = request.user.is_authenticated and not (request.user.phone or request.user.posts)
    waiting = request.user if is_nameless else None
    user = account_for_phone(phone, name=name, waiting=waiting)
    is_young = not user.memberships.exists()
    if is_young:
        user.backend = "qingchun.accounts.adapters.YoungBackend"
    if request.user.is_authenticated and request.user.pk == user.pk:
        return None
    # Without the number: sessions are not forgotten with the person.
    record_authentication(request, user, method="code")
    response = perform_login(request, Login(user=user))
    if not request.user.is_authenticated:
        return response
    if is_young:
        request.session.set_expiry(settings.YOUTH_SESSION_SECONDS)
    tell_database(person=user.pk)
    return None

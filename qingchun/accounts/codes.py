"""Sign-in by a number and a code: what to enter is the same whether the number is known or not.

The session keeps digests alone, so that an abandoned sign-in leaves no number behind. allauth
brings the code and the sign-in itself with its stages. Only a code that is sent is counted.
"""

import datetime as dt
import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.timezone import localdate

from qingchun.accounts import drafts, senders, tries
from qingchun.accounts.actions.persons import take_number
from qingchun.accounts.families import number_behind
from qingchun.accounts.models import User
from qingchun.accounts.proving import has_used, prove, proved_phone
from qingchun.accounts.sign_ins import YOUNG, device_digest
from qingchun.ground.refusals import Refused
from qingchun.organizations.walls import current, rls_context, set_rls_context

STATE, DEVICE, DAY = "phone_code", "device", 24 * 60 * 60
# What a session remembers of a code that came back: of which number (a digest), whose it may be.
PROVED, PROVED_FOR = "phone_proved", 10 * 60
TOO_OFTEN = (
    "获取验证码太频繁。请隔一分钟再试；今天多次没有收到的，请明天再试，"
    "或者请家乡团委工作人员当面登记。"
)
FULL = "今天全省发出的验证码已到上限，请明天再试，或者请家乡团委工作人员当面登记。"
NONE_SENT = "这里没有接通短信，不能用验证码。工作人员请用密码登录；报到请找家乡团委当面登记。"


class ChallengeNeeded(Refused):
    """So many codes were asked for that a person has to show they are one."""


def _digest(*parts):
    return salted_hmac("accounts.codes", "|".join(parts), algorithm="sha256").hexdigest()


def _name(kind, key):
    return f"codes:{kind}:{_digest(key)}"


def _count(keys):
    """(kind, key) pairs -> kind -> how often since its time began, this time included."""
    names = {kind: _name(kind, key) for kind, key in keys}
    counted = tries.count({name: _seconds(kind) for kind, name in names.items()})
    return {kind: counted[name] for kind, name in names.items()}


def _seconds(kind):
    if kind == "try":
        return 60 * settings.CODE_MINUTES
    return settings.CODE_LIMITS[kind][2] if kind in settings.CODE_LIMITS else DAY


def _take_back(counted):
    """What was refused was not sent, and what is not sent is not counted."""
    tries.take_back(*(_name(kind, key) for kind, key in counted))


def send_code(request, phone, *, solved=False):
    """Have a code sent to a number. ``solved``: the human check has been passed.

    Returns: the code where nothing is really sent (a demo), else nothing.
    Raises: ChallengeNeeded; Refused when a number, a device or an address asks too often, when
    the portal has sent all it may today, or sends none at all.
    """
    if not (settings.CODES_ARE_SENT or settings.SHOW_CODES):
        raise Refused(NONE_SENT)
    if not tries.once(_name("pause", phone), settings.CODE_PAUSE):
        raise Refused(TOO_OFTEN)
    try:
        _keep_within_limits(request, phone, solved)
    except Refused:
        tries.forget(_name("pause", phone))
        raise
    code = get_adapter().generate_phone_verification_code(user=None, phone=phone)
    message = senders.send("code", phone, code=code, minutes=settings.CODE_MINUTES)
    request.session[STATE] = {
        "at": time.time(), "phone": _digest(phone), "code": _digest(phone, code),
        "proof": f"message {message.pk}",
    }  # fmt: skip
    return code if settings.SHOW_CODES else ""


def _keep_within_limits(request, phone, solved):
    """Count this code in, unless a limit says no; then nothing was counted."""
    keys = {
        "phone": phone,
        "device": request.session.setdefault(DEVICE, get_random_string(20)),
        "address": get_adapter().get_client_ip(request),
    }
    counted = [*keys.items(), ("portal", "all")]
    counts = _count(counted)
    total = counts.pop("portal")
    over = {kind for kind, count in counts.items() if count > settings.CODE_LIMITS[kind][1]}
    if over == {"phone"} and (mark := _own_device(request, phone)):
        # Strangers have used up the day: the owner's own device has a few of its own.
        counted.append(("own", mark))
        del counts["phone"]
        over = {"own"} if _count([("own", mark)])["own"] > settings.CODES_OF_OWN_DEVICE else set()
    easy = solved or all(n <= settings.CODE_LIMITS[kind][0] for kind, n in counts.items())
    if over or not easy or total > settings.CODES_A_DAY:
        _take_back(counted)
        if over:
            raise Refused(TOO_OFTEN)
        if not easy:
            raise ChallengeNeeded(
                "获取验证码的次数多了，请先完成下面的验证，再点一次“获取验证码”。"
            )
        raise Refused(FULL)
    if total == int(settings.CODES_A_DAY * 0.8):
        senders.send("codes_run_out", "", sent=total, most=settings.CODES_A_DAY)


def _own_device(request, phone):
    """The mark of a device on which somebody of this number has signed in before, or None."""
    digest = device_digest(request)
    return digest if digest and has_used(phone, digest) else None


def was_sent_to(request, phone):
    state = request.session.get(STATE)
    return bool(state) and constant_time_compare(state["phone"], _digest(phone))


def check_code(request, phone, code):
    """The code is the one sent to this number by this session; right, it is spent.

    Returns: which message it was, for ``proving.prove``. Raises: Refused, saying what to do next.
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
    tried = _count([("try", f"{state['code']}{state['at']}")])["try"]
    if tried > settings.CODE_TRIES:
        del request.session[STATE]
        raise Refused(f"已经输错 {settings.CODE_TRIES} 次，这个验证码作废了，请重新获取。")
    if not constant_time_compare(state["code"], _digest(phone, code.strip())):
        raise Refused("验证码不对，请核对短信里的 6 位数字。")
    del request.session[STATE]
    request.session.pop(drafts.KEY, None)
    if not tries.once(_name("spent", f"{state['code']}{state['at']}"), 60 * settings.CODE_MINUTES):
        raise Refused("这个验证码刚刚用过了，请稍等片刻再刷新页面。")
    return state["proof"]


def keep_proof(request, phone, proof, holder=None):
    """Remember that this session has proved the number, while the family says who is here.

    ``holder``: an account that has the number, by which it is found again; it is not kept itself.
    """
    request.session[PROVED] = {
        "at": time.time(),
        "phone": _digest(phone),
        "proof": proof,
        "holder": holder.pk if holder else None,
    }


def forget(request):
    """What was sent and what was proved holds no longer in this session."""
    for kept in (STATE, PROVED):
        request.session.pop(kept, None)


def kept_proof(request, phone):
    """Which message proved this number in this session not long ago, or ""."""
    kept = request.session.get(PROVED)
    if not (kept and phone and constant_time_compare(kept["phone"], _digest(phone))):
        return ""
    at = dt.datetime.fromtimestamp(kept["at"], dt.UTC)
    # Whoever it signed in may change places all day; who is not signed in by it has some minutes.
    is_theirs = request.user.is_authenticated and kept["holder"] == request.user.pk
    is_today = is_theirs and localdate(at) == localdate()
    return kept["proof"] if is_today or time.time() - kept["at"] < PROVED_FOR else ""


def number_proved_here(request):
    """The number that this session has proved not long ago, or ""."""
    kept = (request.session.get(PROVED) or {}).get("holder")
    if kept is None:
        return ""
    with rls_context(person=kept):
        holder = User.objects.filter(pk=kept).first()
    phone = number_behind(holder) if holder else ""
    return phone if kept_proof(request, phone) else ""


def is_typed_here(request, phone):
    """Whoever is signed in has this number from somebody's typing, and has proved it just now."""
    here = request.user
    return here.is_authenticated and here.phone == phone and not proved_phone(here)


def sign_in(request, phone, *, proof, name="", person=None):
    """Sign in whoever holds a number that a code has proved.

    Needs: ``proof``, what ``check_code`` returned, in this request or kept by this session;
    ``person``, who of the number's family it is, or None for somebody new. Returns: what allauth
    wants answered when a second factor is due, else None; ``request.user`` is then the person.
    """
    user = _who(request, phone, proof, name, person)
    if current()[1] != str(user.pk):
        set_rls_context(person=user.pk)
    if request.user.is_authenticated and request.user.pk == user.pk:
        record_authentication(request, user, method="code")
        keep_proof(request, phone, proof, user)
        return None
    has_posts = getattr(user, "has_posts", None)  # families.family_of has asked
    is_young = not (user.memberships.exists() if has_posts is None else has_posts)
    if is_young:
        user.backend = YOUNG
    # Without the number: sessions are not forgotten with the person.
    record_authentication(request, user, method="code")
    response = perform_login(request, Login(user=user))
    if not request.user.is_authenticated:
        return response
    if is_young:
        request.session.set_expiry(settings.YOUTH_SESSION_SECONDS)
    keep_proof(request, phone, proof, user)
    return None


def _who(request, phone, proof, name, person):
    here = request.user if request.user.is_authenticated else None
    if is_typed_here(request, phone):
        # A number somebody else typed for them, and they have proved just now.
        prove(here, phone, proof=proof)
        return here
    return take_number(phone, proof=proof, name=name, person=person, waiting=waiting(request))


def waiting(request):
    """Somebody who came by WeChat: an account already, and no number yet."""
    here = request.user
    has_none = here.is_authenticated and not (here.phone or here.posts or here.represented_by_id)
    return here if has_none else None


def change_places(request, phone, *, proof, name="", person=None):
    """``sign_in`` where somebody else of the family may be signed in: their session ends.

    Needs: a ``person`` whose account asks for no more than the number.
    """
    if request.user.is_authenticated and not waiting(request):
        logout(request)
        set_rls_context(scope="", person="")
    return sign_in(request, phone, proof=proof, name=name, person=person)

"""A session as its owner sees it: which device, from where, until when; and how it is ended."""

import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.timezone import now

from qingchun.accounts.choices import How
from qingchun.accounts.credential_models import SignIn
from qingchun.accounts.models import User
from qingchun.ground.sealing import seal, unseal

SEAL = "session"
YOUNG = "qingchun.accounts.adapters.YoungBackend"
ROW, SINCE, SEEN, ACTING = "sign_in", "signed_in_at", "seen", "acting_for"
# (what a browser's own name holds, what people call it); the first that fits.
DEVICES = (
    ("HarmonyOS", "鸿蒙手机"), ("OpenHarmony", "鸿蒙手机"), ("iPad", "iPad"), ("iPhone", "苹果手机"),
    ("Android", "安卓手机"), ("Windows", "Windows 电脑"), ("Mac OS", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip
BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def called(agent: str) -> str:
    """What a browser says it is, in words: ``安卓手机 · 微信``."""
    found = [
        next((word for part, word in names if part in agent), "") for names in (DEVICES, BROWSERS)
    ]
    return " · ".join(filter(None, found)) or "其他设备"


def device_digest(request: HttpRequest) -> str:
    """The mark this browser was given at an earlier sign-in, as it is kept; "" for a new one."""
    mark = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return sha256(mark.encode()).hexdigest() if len(mark) == settings.DEVICE_MARK_LENGTH else ""


@receiver(user_logged_in)
def begin(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Write down the session that begins; the oldest ends where there are too many."""
    if not device_digest(request):
        # Read by this request and set by its answer: ActingMiddleware.
        request.COOKIES[settings.DEVICE_COOKIE_NAME] = request.device_mark = get_random_string(
            settings.DEVICE_MARK_LENGTH
        )
    if not request.session.session_key:
        request.session.create()
    records = get_authentication_records(request, user)
    row = SignIn.objects.create(
        user=user,
        how=_how(records),
        device=called(request.headers.get("User-Agent", "")),
        device_digest=device_digest(request),
        address=_address(request),
        session_sealed=seal(request.session.session_key, SEAL),
    )
    request.session[ROW] = row.pk
    request.session[SINCE] = request.session[SEEN] = int(time.time())
    if user.backend != YOUNG:  # a young person has one phone, and staff too many computers
        # Those that nobody has used for longest: a session that fell asleep holds no place.
        latest = SignIn.objects.open().filter(user=user).order_by("-seen_at", "-pk")
        for old in latest[settings.MOST_SESSIONS :]:
            end(old)


def _address(request: HttpRequest) -> str | None:
    # A request that came from nowhere was made by a program of ours.
    return get_adapter().get_client_ip(request) if "REMOTE_ADDR" in request.META else None


def _how(records: Sequence[Mapping[str, Any]]) -> How:
    method = records[-1]["method"] if records else How.PASSWORD
    if method == "mfa" and not records[-1].get("passwordless"):
        method = records[0]["method"]
    return {"code": How.CODE, "mfa": How.PASSKEY, "socialaccount": How.WECHAT}.get(
        method, How.PASSWORD
    )


def go_on(request: HttpRequest) -> bool:
    """The session is still in use. Returns: False when it was ended from elsewhere."""
    still = SignIn.objects.open().filter(pk=request.session.get(ROW), user=request.user)
    key = seal(request.session.session_key or "", SEAL)
    return bool(still.update(seen_at=now(), session_sealed=key))


def stay(request: HttpRequest) -> None:
    """All else of this person has ended just now; the session they work in goes on."""
    update_session_auth_hash(request, request.user)
    go_on(request)


@receiver(password_changed)
def _stayed(sender: type, request: HttpRequest, **kwargs: Any) -> None:
    """allauth has kept the session itself, under a new key."""
    go_on(request)


@receiver(user_logged_out)
def leave(sender: type, request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user and request and (row := request.session.get(ROW)):
        SignIn.objects.open().filter(pk=row, user=user).update(ended_at=now())


def _session_of(sign_in: SignIn) -> SessionBase:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return store(unseal(sign_in.session_sealed, SEAL))


def chosen_in(sign_in: SignIn) -> str:
    """The unit that somebody has chosen to act for in a session, wherever it is used; or ""."""
    return _session_of(sign_in).get(ACTING, "")


def end(sign_in: SignIn) -> None:
    """End one session, wherever it is used."""
    _session_of(sign_in).delete()
    SignIn.objects.filter(pk=sign_in.pk).update(ended_at=now())


def end_others(user: User, row: int | None, only: int | None = None) -> int:
    """End one's other sessions, or ``only`` that one; their devices are strangers again.

    ``row``: the sign-in the person works in. Returns: how many there were.
    """
    own = SignIn.objects.filter(user=user)
    others = own.open().exclude(pk=row)
    ended = list(others.filter(pk=only) if only else others)
    for sign_in in ended:
        end(sign_in)
    here = own.filter(pk=row).values("device_digest")
    devices = own.filter(device_digest__in={sign_in.device_digest for sign_in in ended})
    devices.exclude(device_digest__in=here).update(device_digest="")
    return len(ended)


LATEST = 20


def shown_to(user: User, row: int | None) -> tuple[list[SignIn], list[SignIn]]:
    """What a person sees of their sign-ins: (those in use, the latest), each with ``is_here``."""
    own = SignIn.objects.filter(user=user)
    in_use, latest = list(own.in_use(user)), list(own[:LATEST])
    used = {sign_in.pk for sign_in in in_use}
    for sign_in in in_use + latest:
        sign_in.is_here, sign_in.is_in_use = sign_in.pk == row, sign_in.pk in used
    return sorted(in_use, key=lambda sign_in: not sign_in.is_here), latest

"""A matter comes to its person: the short address in a message, and what it opens.

Nothing is kept for it: the address is the message's number and a mark that only our key makes.
It opens one matter, to be read, once and for some days, after the last four digits of the number
that the message went to. What can be said of a matter, and the one thing that may be done about it
there, stands in each app's ``matters`` (portal.py).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36
from django.utils.timezone import now

from qingchun.accounts import tries
from qingchun.accounts.models import User
from qingchun.ground.links import link_to
from qingchun.ground.portal import answers
from qingchun.ground.refusals import Refused
from qingchun.notifications import purposes
from qingchun.notifications.drafts import DISCREET
from qingchun.notifications.models import Message
from qingchun.notifications.purposes import Audience
from qingchun.organizations.walls import acting, rls_context

HOLDS = dt.timedelta(days=14)
MARK = 14  # hexadecimal digits
HOUR, DAY = 60 * 60, 24 * 60 * 60
# Wrong tries: of one message, and from one address (a whole dormitory may share it).
TRIES_A_MESSAGE, TRIES_AN_ADDRESS = 5, 60
WRONG = "后四位不对。请填收到这条短信的手机号；短信是转发来的，请在原来的手机上打开。"
TOO_MANY = "试的次数太多了。请明天再试，或者用收到短信的手机号登录。"
ELSEWHERE = "现在的情况，用收到短信的手机号登录就能看到。"


@dataclass(frozen=True)
class Act:
    """What may be done on the page that an address opens: nothing that takes something from whoever
    it is of, since four digits are not a sign-in. ``do``: as that person. Raises: Refused."""

    label: str
    said: str
    do: Callable[[User], Any]


@dataclass(frozen=True)
class Matter:
    """``now``: where it stands, in a sentence that names nobody; ``lines``: what whoever it is of
    may read besides, each with what it is called; ``act``: see ``Act``; ``opens``: the route of a page
    of its own instead, which takes the address's mark and asks ``views.opened_here``."""

    now: str = ELSEWHERE
    lines: Sequence[tuple[str, str]] = ()
    act: Act | None = None
    opens: str = ""


# The address


def _mark(number: int, secret: str) -> str:
    made = salted_hmac("notifications.matters", str(number), secret=secret, algorithm="sha256")
    return made.hexdigest()[:MARK]


def token_of(number: int) -> str:
    return f"{int_to_base36(number)}-{_mark(number, settings.SECRET_KEY)}"


def link_for(purpose: str, number: int) -> str:
    """What stands at the end of a message that leaves the portal; empty for one to the desks."""
    known = purposes.find(purpose)
    if known is None or known.audience != Audience.YOUNG:
        return ""
    return link_to(reverse("notifications:matter", args=[token_of(number)]))


def message_of(token: str) -> Message | None:
    """The message with that address; none where it was cut short, or is not kept any more."""
    number, _, mark = token.partition("-")
    try:
        pk = base36_to_int(number)
    except ValueError:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(_mark(pk, key), mark) for key in keys):
        return None
    with acting("tell"):
        return Message.objects.filter(pk=pk, recipient__is_active=True).first()


# What it opens


def is_over(message: Message) -> bool:
    """It was opened before, or too long ago."""
    return bool(message.read_at) or now() - (message.sent_at or message.due_at) > HOLDS


def is_discreet(message: Message) -> bool:
    """The phone may be shared: only a sign-in opens it."""
    return message.subject == DISCREET


def open_by_number(message: Message, last_four: str, *, address: str | None) -> None:
    """For whoever knows the last four digits of the number that it went to; once.

    Every try is counted before it is looked at; a right one is taken back. Raises: Refused.
    """
    own, place = f"matter:{message.pk}", f"matter:address:{address}"
    tried = tries.count({own: DAY, place: HOUR})
    if tried[own] > TRIES_A_MESSAGE:
        tries.take_back(place)
        raise Refused(TOO_MANY)
    if tried[place] > TRIES_AN_ADDRESS:
        raise Refused(TOO_MANY)
    with acting("tell"):
        phones = User.objects.filter(pk=message.recipient_id, is_active=True)
        phone = phones.values_list("phone", flat=True).first() or ""
    if not phone or not constant_time_compare(phone[-len(last_four) :], last_four):
        raise Refused(WRONG)
    tries.take_back(own, place)
    with acting("tell"):
        unread = Message.objects.filter(pk=message.pk, read_at=None)
        if not unread.update(read_at=now()):
            raise Refused("这个链接刚刚在别处打开过。请用收到短信的手机号登录看。")


def matter_of(message: Message) -> Matter:
    """Where it stands today, asked as whoever it is of."""
    label, _, pk = message.lines[0]["about"].partition(":") if message.lines else ("", "", "")
    tell: Callable[[str], Matter | None] | None = dict(answers("matters")).get(label)
    if tell is None or is_discreet(message):
        return Matter()
    with rls_context(person=message.recipient_id):
        return tell(pk) or Matter()


def act_on(message: Message) -> str:
    """Do what the page of an opened matter offers. Returns: what is said then. Raises: Refused."""
    act = matter_of(message).act
    if act is None:
        raise Refused("这件事刚刚有了变化，请看现在的情况。")
    with acting("tell"):
        person = User.objects.get(pk=message.recipient_id, is_active=True)
    with rls_context(person=person.pk):
        act.do(person)
    return act.said

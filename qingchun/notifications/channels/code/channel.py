"""Short messages to a number that may belong to nobody here yet: a sign-in code, a question."""

import json
import time
from typing import NamedTuple

from django.conf import settings

from qingchun.ground.sealing import seal, unseal
from qingchun.notifications.channels.base import Channel, NotMeant, Undeliverable
from qingchun.notifications.channels.sms.channel import send
from qingchun.notifications.choices import ChannelName

IN_THE_DEMO = "演示不发短信，只显示在获取的页面上。"


class Sealed(NamedTuple):
    """What the row holds instead of the number and the code. ``valid_until``: a Unix time;
    ``values`` stay with the text, so that it can be said anew; None where it was not kept."""

    phone: str
    text: str
    valid_until: float
    values: dict | None = None


def sealed(*held):
    return seal(json.dumps(Sealed(*held)), "code")


def opened(row):
    return Sealed(*json.loads(unseal(row, "code")))


class Codes(Channel):
    """A line of its own, woken as one is written down: whoever waits for a code stands at a door."""

    name = ChannelName.CODE
    label = "验证码"
    place = 5

    def deliver(self, parcel):
        if not settings.CODES_ARE_SENT:
            # Not to a file either: who reads a code is who asked for it.
            raise NotMeant(IN_THE_DEMO if settings.SHOW_CODES else "没有接通短信平台，没有发出。")
        if not parcel.sealed:
            raise Undeliverable("发出后就不留号码和内容，不能重发；请重新获取或重新征询。")
        held = opened(parcel.sealed)
        if time.time() > held.valid_until:
            raise Undeliverable("过了有效期，没有再发。")
        return send(parcel, held.phone, held.text)


CHANNEL = Codes()

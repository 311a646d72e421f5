"""A post that is offered to somebody who has an account, for 今天. Known since they signed in: nothing is
asked."""

import datetime as dt
from collections.abc import Iterator

from django.utils.timezone import localdate, now

from qingchun.accounts.models import User
from qingchun.accounts.waiting import Queue, Waiting
from qingchun.ground.links import address_of


def offered(user: User, day: dt.date) -> Iterator[Queue]:
    until = user.facts.get("offered_until")
    if not until or until <= now() or not user.has_usable_password():
        return
    mine = address_of("accounts:me")
    row = Waiting(
        icon="user-check",
        tone="i-blue",
        what="有一个岗位等您确认",
        who="别的单位邀请您任职",
        when=localdate(until),
        url=f"{mine}#offers",
        do="去确认",
    )
    yield Queue(name="邀请", url=mine, count=1, first=[row])

"""What was passed on to a unit and waits for its word, for 今天."""

from campaigns.permissions import can_log
from qingchun.accounts.waiting import Queue, Waiting
from reports.library.duties import what_waits
from reports.library.permissions import can_choose


def kept(user, day):
    if not (can_log(user, user.scope) or can_choose(user)):
        return
    found = [one for one in what_waits(user.scope) if one.count]
    rows = [
        Waiting(
            icon="star",
            tone="i-gold",
            what=f"{one.label}（{one.count} 条）",
            url=one.url,
            do="去看",
        )
        for one in found
    ]
    yield Queue(name="经验宣传", url="", count=len(rows), first=rows)

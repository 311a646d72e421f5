"""Whom somebody promised to speak with, for 今天."""

import datetime as dt

from qingchun.accounts.phones import masked_name
from qingchun.accounts.searching import row_of
from qingchun.accounts.waiting import Rows, Tap, Waiting
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared
from qingchun.organizations.codes import is_county
from talent.pool.models import TalentRecord
from talent.youth.choices import Means
from talent.youth.permissions import can_register

TALKS = "talks"
# Nobody answered: it is written down, and they are rung again in a week.
NOT_REACHED = {"means": Means.PHONE, "reached": "no", "again": "week"}


def talks(user, day):
    """One's own, and those that nobody at work was given."""
    if not can_register(user):
        return
    found = prepared(TalentRecord.objects).visible_to(user).due(day)
    # A township does not see its county's posts, and cannot tell who of them has left.
    sees_posts = is_county(user.scope)
    found = found.of_or_left(user.acting) if sees_posts else found.of_or_nobodys(user.acting)
    rows = row_of(found, TALKS, "name", "organization__short_name", "last_talked_on", "next_on")
    desk = address_of("talent:pool_today")
    yield Rows(kind=TALKS, name="要联系的人", url=desk, rows=rows, made=_talk)


def _talk(row):
    last = dt.date.fromisoformat(row.note) if row.note else None
    said = f"上次联系 {last.month}月{last.day}日" if last else "还没联系过"
    pk = int(row.pk)
    missed = Tap(url=address_of("talent:pool_talk", pk), label="没联系上", given=NOT_REACHED)
    return Waiting(
        icon="phone-call",
        tone="i-orange",
        what=f"回访 {masked_name(row.what)}",
        who=f"{row.who} · {said}",
        when=row.on,
        url=f"{address_of('talent:pool_record', pk)}?talk=1#talk",
        do="去联系",
        taps=[missed],
    )

"""Whom somebody promised to speak with, for 今天."""

from django.db.models import F

from qingchun.accounts.phones import masked_name
from qingchun.accounts.waiting import MOST, Tap, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import is_county
from talent.pool.models import TalentRecord
from talent.youth.choices import Means
from talent.youth.permissions import can_register

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
    rows = then(found, _rows, None)

    def made(row):
        last = row["last_talked_on"]
        said = f"上次联系 {last.month}月{last.day}日" if last else "还没联系过"
        page = address_of("talent:pool_record", row["pk"])
        missed = Tap(
            url=address_of("talent:pool_talk", row["pk"]), label="没联系上", given=NOT_REACHED
        )
        return Waiting(
            icon="phone-call",
            tone="i-orange",
            what=f"回访 {masked_name(row['name'])}",
            who=f"{row['unit']} · {said}",
            when=row["next_on"],
            url=f"{page}?talk=1#talk",
            do="去联系",
            taps=[missed],
        )

    yield queue("要联系的人", address_of("talent:pool_today"), rows, made)


def _rows(found, _):
    return found.values(
        "pk", "name", "next_on", "last_talked_on", unit=F("organization__short_name")
    )[:MOST]

"""What waits in the log, for 今天: what somebody above asked, what was undertaken, and what those
below logged that nobody has looked at."""

import datetime as dt

from django.db.models import DateField, F, Value
from django.utils.timezone import get_current_timezone

from campaigns.choices import CampaignState
from campaigns.models import Activity, ActivityQuestion, Undertaking
from campaigns.permissions import can_check_below, can_log
from qingchun.accounts.waiting import MOST, Queue, Tap, Waiting, at_most, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.choices import Level

LATELY = dt.timedelta(7)  # what was logged before is looked through in the list
# By which column its entries are asked for: see ``ActivityQuerySet.within``.
CHECK_AT = {Level.CITY: "city", Level.COUNTY: "county"}


def asked(user, day):
    """What those above want to know of an entry, answered in one line."""
    if not can_log(user, user.scope):
        return
    found = prepared(ActivityQuestion.objects).own(user).filter(answered_at=None)
    rows = found.order_by("asked_at", "pk").values(
        "pk", "text", "asked_by", "asked_at", "activity_id", "activity__title"
    )[:MOST]
    log = address_of("campaigns:activities")

    def made(row):
        since = (day - row["asked_at"].date()).days
        answer = Tap(
            url=address_of("campaigns:activity_answer", row["pk"]),
            label="答复",
            hint="写一句答复",
            keep=f"answer-{row['pk']}",
        )
        return Waiting(
            icon="message-question",
            tone="i-red",
            what=row["text"],
            who=f"{row['asked_by']} · {row['activity__title']}",
            when=day,
            until=f"等了 {since} 天" if since > 0 else "今天问的",
            url=f"{address_of('campaigns:activity', row['activity_id'])}#questions",
            do="看活动",
            taps=[answer],
        )

    yield queue("上级的询问", f"{log}?asked=1", rows, made)


def undertaken_and_logged(user, day):
    """What a county undertook to do in an edition that is open, and has not logged yet; at a city as
    well, what those below logged lately and nobody has checked."""
    level, code = user.acting.organization.level, user.scope
    begin = dt.datetime.combine(day - LATELY, dt.time(), tzinfo=get_current_timezone())
    column = CHECK_AT.get(level) if can_check_below(user) else None
    if level == Level.COUNTY and can_log(user, code):
        owed = prepared(Undertaking.objects).own(user).owed()
        rows = then(owed, _owed_and_logged, column, code, begin)
    elif column:
        rows = then(prepared(Activity.objects), _logged, column, code, begin)
    else:
        return
    rows = list(rows)
    owed = [row for row in rows if row[3]]
    unchecked = [row for row in rows if not row[3]]
    yield queue("承担的活动", address_of("campaigns:activity_log"), owed, _owed)
    yield from _to_check(unchecked)


def _owed(row):
    campaign, when, name, key = row
    return Waiting(
        icon="flag",
        tone="i-gold",
        what=f"{name}，还没有登记",
        who="统一行动日" if when else "方案里承担的活动",
        when=when,
        url=f"{address_of('campaigns:activity_log')}?campaign={campaign}&kind={key}",
        do="登记",
    )


def _to_check(rows):
    """One thing, however many entries: they are checked in the list, many at once."""
    if not rows:
        return
    there = f"{address_of('campaigns:activities')}?campaign={rows[0][0]}&checked=no"
    row = Waiting(
        icon="checks",
        tone="i-green",
        what=f"{at_most(len(rows), len(rows))} 场登记还没有核对",
        who="下级最近一周登记的",
        url=there,
        do="去核对",
    )
    yield Queue(name="等核对的登记", url=there, count=1, first=[row])


def _owed_and_logged(found, column, code, begin):
    rows = found.order_by(F("action_day").asc(nulls_last=True), "kind__number").values_list(
        "campaign_id", "action_day", "kind__name", "kind__key"
    )[:MOST]
    return rows.union(_logged(Activity.objects, column, code, begin), all=True) if column else rows


def _logged(found, column, code, begin):
    """In the place of a kind's key: nothing."""
    below = found.filter(
        **{column: code}, logged_at__gte=begin, checked_at=None, deleted_at=None,
        campaign__state=CampaignState.OPEN,
    ).exclude(organization=code)  # fmt: skip
    return below.order_by().values_list(
        "campaign_id", Value(None, output_field=DateField()), Value(""), Value("")
    )[:MOST]

"""What waits in the log, for 今天: what somebody above asked, and what was undertaken."""

from django.db.models import F

from campaigns.models import ActivityQuestion, Undertaking
from campaigns.permissions import can_log
from qingchun.accounts.waiting import MOST, Tap, Waiting, queue
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import is_county


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


def undertaken(user, day):
    """What a county undertook to do in an edition that is open, and has not logged yet."""
    if not (is_county(user.scope) and can_log(user, user.scope)):
        return
    rows = then(prepared(Undertaking.objects).own(user).owed(), _rows, None)
    log = address_of("campaigns:activity_log")

    def made(row):
        when = row["action_day"]
        return Waiting(
            icon="flag",
            tone="i-gold",
            what=f"{row['name']}，还没有登记",
            who="统一行动日" if when else "方案里承担的活动",
            when=when,
            url=f"{log}?campaign={row['campaign_id']}&kind={row['key']}",
            do="登记",
        )

    yield queue("承担的活动", log, rows, made)


def _rows(found, _):
    return found.order_by(F("action_day").asc(nulls_last=True), "kind__number").values(
        "campaign_id", "action_day", name=F("kind__name"), key=F("kind__key")
    )[:MOST]

"""今天: where work begins. What waits for whoever is here, and how far their unit is.

It is about no one edition: work waits in all of them. The figures are of the one that runs.
"""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.timezone import localdate

from campaigns.calendar import running
from campaigns.permissions import can_log
from qingchun.accounts.first_days import first_days
from qingchun.accounts.waiting import UNDATED, waiting_for
from qingchun.organizations.access import access
from reports.boards.own import editions_of

WEEKDAYS = "一二三四五六日"
AGAIN = 3


def _again(campaign):
    """What the unit logged last, each kind and place once: what it is called, the form's address."""
    last = {(one["key"], one["place"]): one["kind"] for one in campaign.lately}
    return [
        (f"{kind} · {place}", urlencode({"kind": key, "place": place}))
        for (key, place), kind in [*last.items()][:AGAIN]
    ]


@access()
def today(request):
    user, day = request.user, localdate()
    groups, count = waiting_for(user, day)
    editions = [edition for edition in editions_of(user.scope) if not edition.is_preparing]
    campaign = running(editions, day)
    is_open = campaign is not None and not campaign.is_locked
    may_log = is_open and can_log(user, user.scope)
    context = {
        "groups": [group for group in groups if group["name"] != UNDATED],
        "first_days": first_days(request),
        "undated": [group for group in groups if group["name"] == UNDATED],
        "count": count,
        "day": f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}",
        # In words, not as the record: nothing here is asked of one edition.
        "edition": campaign and campaign.title,
        "last_on": campaign and campaign.last_on,
        "activities": f"{(campaign and campaign.activities) or 0:,}",
        "participants": f"{(campaign and campaign.participants) or 0:,}",
        "can_log": may_log,
        "again": _again(campaign) if may_log else (),
        "unit": user.acting.organization,
    }
    return render(request, "reports/today.html", context)

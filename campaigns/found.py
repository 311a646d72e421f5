"""Entries of the log, as they are found over everything."""

from campaigns.listing import holding
from campaigns.models import Activity, Campaign
from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of


def _activities(user, sought):
    """Of all editions. Where many hold it, those of the one that runs, whose log lies in order."""
    seen = Activity.objects.visible_to(user)
    found = seen.of(Campaign.objects.current())
    found = holding(found, sought, user.scope, more=seen.live())
    return row_of(found, "activities", "title", "organization__short_name", "place", "held_on")


def _shown(user, row):
    on = f"{row.on.year}年{row.on.month}月{row.on.day}日"
    return Hit(row.what, f"{on} · {row.who} · {row.note}", address_of(ACTIVITIES.route, row.pk))


ACTIVITIES = Find(
    key="activities", name="活动台账", icon="list-details", route="campaigns:activity",
    find=_activities, show=_shown,
    often="找到的很多时，只列正在进行的行动；以前的，请在活动台账里选那次行动再找。",
)  # fmt: skip

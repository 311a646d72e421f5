"""What the portal counts of activities 4 (人才库) and 10 (报到), so that nobody is asked for it."""

from collections import Counter, defaultdict

from django.db.models import Count, Sum

from campaigns.counting import Counted, kept_below, register_people, registered
from qingchun.organizations.models import Organization
from talent.choices import Kind, Means
from talent.models import LiaisonGroup

CHECKIN = "checkin"
CHECKINS = "SELECT campaign_id, left(organization_id, 6), count(*) FROM talent_checkin WHERE campaign_id IS NOT NULL AND kind = '{}' GROUP BY 1, 2"
QUESTIONS = "SELECT campaign_id, first_unit, count(*) FROM talent_question WHERE campaign_id IS NOT NULL AND {} GROUP BY 1, 2"


def _checkins(kind):
    label = f"{kind.label}报到"
    return Counted(CHECKIN, kind.value, label, "人", CHECKINS.format(kind.value))


def _questions(key, label, which):
    return Counted(CHECKIN, key, label, "件", QUESTIONS.format(which))


CHECKED_IN = {kind.value: _checkins(kind) for kind in Kind}
ASKED = _questions("asked", "咨询和意见", "true")
ANSWERED = _questions("answered", "已答复", "answered_at IS NOT NULL")
IN_TIME = _questions("in_time", "按时答复", "in_time")

POOL = "talent_pool"
STEPS = "SELECT campaign_id, left(organization_id, 6), sum(people) FROM talent_stagechange WHERE campaign_id IS NOT NULL AND is_new GROUP BY 1, 2"
TALKS = "SELECT campaign_id, left(organization_id, 6), count(*) FROM talent_followup WHERE campaign_id IS NOT NULL AND reached AND means = '{}' GROUP BY 1, 2"
ADDED = Counted(POOL, "added", "新增入库", "人", STEPS)
TALKED = {
    means.value: Counted(POOL, key, label, "人次", TALKS.format(means.value))
    for means, key, label in (
        (Means.PHONE, "calls", "电话回访"),
        (Means.ONLINE, "online", "网络回访"),
        (Means.VISIT, "visits", "实地探访"),
    )
}


def groups_of(code):
    """(groups, people in them) that stand today in a unit and below it; they outlive editions."""
    found = LiaisonGroup.objects.within(code).standing()
    sums = found.aggregate(groups=Count("pk"), people=Sum("joined"))
    return sums["groups"], sums["people"] or 0


def figures_by_unit(campaign, unit):
    """A row for each unit below a city or the province: what the records add up to."""
    found = defaultdict(Counter)
    for below, key, total in kept_below(registered(), campaign, unit):
        found[below][key.removeprefix(f"{CHECKIN}-")] += total
    units = Organization.objects.rows_below(unit, found)
    return [
        {
            "unit": below,
            "people": sum(found[below.code][kind] for kind in Kind.values),
            **{
                key: found[below.code][key]
                for key in (*Kind.values, "asked", "answered", "in_time")
            },
        }
        for below in units
    ]


# Who checked in; who came into the pool and was spoken to, whose numbers are marks already.
register_people(
    """
SELECT c.organization_id, 'checkin', coalesce(y.phone_mark, c.youth_id, -c.id), coalesce(y.name, '')
FROM talent_checkin c LEFT JOIN talent_youth y ON y.id = c.youth_id
WHERE c.campaign_id = %(campaign)s AND c.organization_id >= %(low)s AND c.organization_id < %(high)s
UNION ALL
SELECT s.organization_id, 'talent_pool', coalesce(r.phone_mark, -s.id), coalesce(r.name, '')
FROM talent_stagechange s LEFT JOIN talent_talentrecord r ON r.id = s.record_id
WHERE s.campaign_id = %(campaign)s AND s.is_new AND s.people = 1
AND s.organization_id >= %(low)s AND s.organization_id < %(high)s
UNION ALL
SELECT f.organization_id, 'talent_pool', coalesce(r.phone_mark, -f.id), coalesce(r.name, '')
FROM talent_followup f LEFT JOIN talent_talentrecord r ON r.id = f.record_id
WHERE f.campaign_id = %(campaign)s AND f.reached
AND f.organization_id >= %(low)s AND f.organization_id < %(high)s
"""
)

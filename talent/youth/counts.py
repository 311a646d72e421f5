"""What the portal counts of activity 10 (报到), so that nobody is asked for it."""

from collections import Counter, defaultdict

from django.db.models import Count, Sum

from campaigns.counting import Counted, kept_below, registered
from qingchun.organizations.models import Organization
from talent.youth.choices import YouthType
from talent.youth.models import LiaisonGroup

CHECKIN = "checkin"
CHECKINS = "SELECT campaign_id, left(organization_id, 6), count(*) FROM talent_checkin WHERE campaign_id IS NOT NULL AND kind = '{}' GROUP BY 1, 2"
QUESTIONS = "SELECT campaign_id, first_unit, count(*) FROM talent_question WHERE campaign_id IS NOT NULL AND {} GROUP BY 1, 2"


def _checkins(kind):
    label = f"{kind.label}报到"
    return Counted(CHECKIN, kind.value, label, "人", CHECKINS.format(kind.value))


def _questions(key, label, which):
    return Counted(CHECKIN, key, label, "件", QUESTIONS.format(which))


CHECKED_IN = {kind.value: _checkins(kind) for kind in YouthType}
ASKED = _questions("asked", "咨询和意见", "true")
ANSWERED = _questions("answered", "已答复", "answered_at IS NOT NULL")
IN_TIME = _questions("in_time", "按时答复", "in_time")
LETTERS = "SELECT campaign_id, left(organization_id, 6), count(*) FROM talent_lettercopy WHERE {} GROUP BY 1, 2"


def _letters(key, label, unit, which):
    return Counted(CHECKIN, key, label, unit, LETTERS.format(which))


# 一封家书: so many, never whose.
LETTERS_SENT = _letters("letters", "家书发出", "封", "true")
LETTERS_READ = _letters("letters_read", "家书打开", "人", "read_at IS NOT NULL")
LETTERS_ANSWERED = _letters("letters_answered", "家书回信", "人", "answered_at IS NOT NULL")
OF_LETTERS = ("letters", "letters_read", "letters_answered")


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
            "people": sum(found[below.code][kind] for kind in YouthType.values),
            **{
                key: found[below.code][key]
                for key in (*YouthType.values, "asked", "answered", "in_time", *OF_LETTERS)
            },
        }
        for below in units
    ]


# Who checked in.
REACHED = """
SELECT c.organization_id, 'checkin', coalesce(y.phone_mark, c.youth_id, -c.id), coalesce(y.name, '')
FROM talent_checkin c LEFT JOIN talent_youth y ON y.id = c.youth_id
WHERE c.campaign_id = %(campaign)s AND c.organization_id >= %(low)s AND c.organization_id < %(high)s
"""

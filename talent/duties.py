"""What the portal owes when somebody is asked for what is due: groups whose code runs out."""

import datetime as dt

from django.utils.timezone import get_current_timezone, localdate

from qingchun.accounts.audit import subject_of
from qingchun.notifications import deciding
from qingchun.notifications.drafts import Draft, ways_for
from qingchun.notifications.purposes import fill
from qingchun.notifications.recipients import people_of, persons_of
from talent.models import LiaisonGroup
from talent.notices import GROUP_CODE

HOUR = dt.time(9)


@deciding.register
def codes_that_run_out(now):
    """The day before a group's picture stops working, its responsible person hears of it."""
    today = localdate(now)
    tomorrow = today + dt.timedelta(1)
    due_at = dt.datetime.combine(today, HOUR, get_current_timezone())
    if now < due_at:
        return
    groups = LiaisonGroup.objects.standing().filter(expires_on=tomorrow)
    for group in groups.select_related("responsible"):
        values = {"group": group.name, "day": f"{tomorrow:%-m月%-d日}"}
        for person in _responsible_for(group):
            for way in ways_for(person, GROUP_CODE):
                yield Draft(
                    key=f"{GROUP_CODE.key}|{subject_of(group)}|u{person.pk}|{tomorrow}|{way}",
                    purpose=GROUP_CODE.key,
                    channel=way,
                    organization_id=group.organization_id,
                    recipient_id=person.pk,
                    subject=GROUP_CODE.subject,
                    lines=[
                        {
                            "about": subject_of(group),
                            "unit": group.organization_id,
                            "text": fill(GROUP_CODE.text, values),
                        }
                    ],
                    due_at=due_at,
                    link=f"/groups/{group.pk}/",
                )


def _responsible_for(group):
    if group.has_responsible:
        return persons_of(group.responsible.user_id)
    return people_of([group.organization_id])[group.organization_id].lead

"""What the portal owes when somebody is asked for what is due: groups whose code runs out."""

import datetime as dt

from django.utils.timezone import localdate

from qingchun.accounts.audit import subject_of
from qingchun.notifications.deciding import morning_of
from qingchun.notifications.recipients import people_of, persons_of
from qingchun.notifications.writing import drafts_of
from talent.youth.models import LiaisonGroup
from talent.youth.notices import GROUP_CODE


def codes_that_run_out(now):
    """The day before a group's picture stops working, its responsible person hears of it."""
    if not (due_at := morning_of(now)):
        return
    tomorrow = localdate(now) + dt.timedelta(1)
    groups = LiaisonGroup.objects.standing().filter(expires_on=tomorrow)
    for group in groups.select_related("responsible"):
        values = {"group": group.name, "day": f"{tomorrow:%-m月%-d日}"}
        yield from drafts_of(
            GROUP_CODE, _responsible_for(group), thing=subject_of(group),
            unit=group.organization_id, values=values, due_at=due_at, offset=tomorrow,
            link=f"/groups/{group.pk}/",
        )  # fmt: skip


def _responsible_for(group):
    if group.has_responsible:
        return persons_of(group.responsible.user_id)
    return people_of([group.organization_id])[group.organization_id].lead

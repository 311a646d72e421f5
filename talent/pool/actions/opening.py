"""The city or the province reads one record, for a reason that home sees."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import now

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused, only_if
from qingchun.notifications.actions import tell_unit
from qingchun.organizations.codes import county_of
from qingchun.organizations.walls import acting
from talent.pool.choices import Agreed
from talent.pool.models import Opening, TalentRecord
from talent.pool.notices import OPENED
from talent.pool.permissions import can_ask_for_record

OPEN_FOR = dt.timedelta(days=1)


@transaction.atomic
def open_for(record_id: int, *, actor: User, reason: str) -> TalentRecord:
    """Let the city or the province read one record for a day; home is told, and sees why.

    Raises: PermissionDenied; Refused when there is no such record below them that may be read,
    which is all they learn.
    """
    only_if(can_ask_for_record(actor))
    with acting("open above home"):
        found = TalentRecord.objects.standing().within(actor.scope).exclude(agreed=Agreed.NONE)
        record = found.filter(pk=record_id).first()
        if record is None:
            raise Refused("没有这个编号，或者本人还没有同意入库，不能查阅。请向县里核对编号。")
        Opening.objects.create(
            organization_id=record.organization_id,
            record=record,
            user=actor,
            by_name=actor.name,
            by_unit=actor.acting.organization.short_name,
            reason=reason,
            until=now() + OPEN_FOR,
        )
        tell_unit(
            OPENED,
            about=record,
            organization_id=county_of(record.organization_id),
            link=f"/pool/{record.pk}/",
            offset=now().isoformat(),
            values={"unit": actor.acting.organization.short_name},
        )
    record_event(actor, "写明理由查阅人才", record)
    return record

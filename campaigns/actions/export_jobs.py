"""The log out as a spreadsheet: asked for, written by a worker, whole however long it is."""

from collections.abc import Mapping
from tempfile import NamedTemporaryFile
from typing import IO

from django.db import transaction
from django.utils.timezone import localdate

from campaigns import exports
from campaigns.forms import ActivityFilter
from campaigns.listing import listed
from campaigns.models import Campaign
from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.jobs.actions import asker_of, tell
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job


@job("活动台账", "xlsx", fetched="下载活动台账")
def activity_export(job: Job, *, campaign: int, asked: dict[str, str]) -> IO[bytes]:
    _, found = listed(asker_of(job), Campaign.objects.get(pk=campaign), asked)
    total = found.count()
    body = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  # whoever keeps it closes it
    exports.write(body.name, found, total, lambda done: tell(job, 100 * done // max(1, total)))
    job.note = f"{total:,} 条"
    return body


@transaction.atomic
def ask(campaign: Campaign, *, actor: User, asked: Mapping[str, str]) -> Job:
    """Have the rows of a list written. ``asked``: what its address says.

    Raises: Refused while several files of theirs are being written.
    """
    kept = {name: asked[name] for name in ActivityFilter.base_fields if asked.get(name)}
    made = activity_export.enqueue(
        actor=actor,
        name=f"活动台账-{actor.acting.organization.short_name}-{localdate():%Y%m%d}.xlsx",
        campaign=campaign.pk,
        asked=kept,
    )
    record_event(actor, "导出活动台账", made)
    return made

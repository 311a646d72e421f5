"""The pool out as a spreadsheet: asked for, written by a worker, sealed, gone after a day."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused
from qingchun.jobs.actions import asker_of, tell
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from talent.pool import exports as spreadsheet
from talent.pool.models import Asked
from talent.youth.permissions import can_register


@job("人才库表格", "xlsx", may=can_register, kept_for=dt.timedelta(days=1), seal="talent export",
     fetched="下载人才库")  # fmt: skip
def pool_export(job: Job, *, columns: list[str], asked: Asked, reason: str) -> bytes:
    records = spreadsheet.records_for(asked, asker_of(job))
    total = max(1, records.count())
    body, people = spreadsheet.write(job, records, lambda done: tell(job, 100 * done // total))
    job.note += f" · {people} 人"
    return body


@transaction.atomic
def ask(*, actor: User, columns: list[str], asked: Asked, reason: str = "") -> Job:
    """Have a spreadsheet written. With a reason, names and numbers are in it, and that is kept.

    Raises: PermissionDenied; Refused without a column, or while several are being written.
    """
    if not [key for key in columns if key in spreadsheet.LABELS]:
        raise Refused("请至少选一列。")
    made = pool_export.enqueue(
        actor=actor,
        name=f"青年人才库-{localdate():%Y%m%d}.xlsx",
        note=f"用途：{reason}" if reason else "已遮挡",
        columns=columns,
        asked=asked,
        reason=reason,
    )
    record_event(actor, "导出人才库", made, remark=reason, columns=columns)
    return made

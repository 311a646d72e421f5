"""The pool out as a spreadsheet: asked for, written by a worker, gone after a day."""

import datetime as dt
import logging

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from qingchun.accounts.audit import write_down
from qingchun.accounts.models import Membership
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealing import Box
from qingchun.organizations.walls import acting, asking_as
from talent.pool import exports as spreadsheet
from talent.pool.choices import ExportState
from talent.pool.models import PoolExport
from talent.youth.permissions import can_register

logger = logging.getLogger(__name__)
SEAL = "talent export"
LEASE, KEPT_FOR = dt.timedelta(minutes=10), dt.timedelta(days=1)
MOST_WAITING = 3


@transaction.atomic
def ask(*, actor, columns, asked, reason=""):
    """Have a spreadsheet written. With a reason, names and numbers are in it, and that is kept.

    Raises: PermissionDenied; Refused without a column, or while several are being written.
    """
    only_if(can_register(actor))
    if not [key for key in columns if key in spreadsheet.LABELS]:
        raise Refused("请至少选一列。")
    mine = PoolExport.objects.visible_to(actor).filter(user=actor, state=ExportState.WAITING)
    if mine.count() >= MOST_WAITING:
        raise Refused("前面几份还在导出，请等它们办完。")
    export = PoolExport.objects.create(
        organization_id=actor.scope,
        user=actor,
        by_name=actor.name,
        columns=columns,
        asked=asked,
        reason=reason,
    )
    write_down(actor, "导出人才库", export, remark=reason, columns=columns)
    return export


def work():
    """Write what was asked for. Returns: how many."""
    done = 0
    while export := _claim():
        _work_on(export)
        done += 1
    return done


def _claim():
    with acting("work a queue"):
        free = Q(claimed_at=None) | Q(claimed_at__lt=now() - LEASE)
        waiting = PoolExport.objects.filter(free, state=ExportState.WAITING).order_by("pk")
        export = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if export:
            export.claimed_at, export.attempts = now(), export.attempts + 1
            export.save(update_fields=["claimed_at", "attempts"])
        return export


def _work_on(export):
    """Written with the scope of whoever asked, if they still hold that post."""
    try:
        with transaction.atomic(), asking_as(scope=export.organization_id, person=export.user_id):
            posts = Membership.objects.filter(user=export.user_id).active()
            post = posts.filter(organization=export.organization_id).first()
            if post is None or export.attempts > 2:
                raise Refused("没有导出成功。")
            export.user.acting = post
            records = spreadsheet.records_for(export, export.user)
            total = max(1, records.count())
            body, export.people = spreadsheet.write(
                export, records, lambda done: _told(export, 100 * done // total)
            )
            file = ContentFile(Box(SEAL).seal(body))
            export.file.save(f"{export.pk}.sealed", file, save=False)
            export.state = ExportState.DONE
            export.save(update_fields=["file", "people", "state"])
    except Exception as error:
        if not isinstance(error, Refused):
            logger.error("export %s: %s", export.pk, type(error).__name__)
        with asking_as(scope=export.organization_id):
            PoolExport.objects.filter(pk=export.pk).update(state=ExportState.FAILED)


def _told(export, share):
    cache.set(f"talent-export:{export.pk}", share, 900)


def progress_of(export):
    """How far the worker is, in hundredths."""
    return cache.get(f"talent-export:{export.pk}", 0)


def fetch(export, *, actor):
    """The file, for whoever asked for it. Raises: Refused once it is gone."""
    only_if(export.user_id == actor.pk)
    if not export.file:
        raise Refused("文件只保留一天，已经删除。请重新导出。")
    with export.file.open("rb") as file:
        return Box(SEAL).open(file.read())


def forget_old(moment):
    """Files that are a day old go. Returns: how many."""
    with acting("forget"):
        old = list(PoolExport.objects.filter(made_at__lt=moment - KEPT_FOR).exclude(file="")[:200])
        for export in old:
            export.file.delete(save=False)
            PoolExport.objects.filter(pk=export.pk).update(file="")
    return len(old)

"""Spreadsheets into the pool: received, understood, checked, confirmed, taken back."""

import datetime as dt
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from campaigns.counting import count
from qingchun.accounts.audit import record_event
from qingchun.accounts.claims import same_name
from qingchun.accounts.models import User
from qingchun.accounts.steps import Road, plain_step, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealing import Box
from qingchun.ground.workbooks import guard
from qingchun.organizations.walls import acting
from talent.pool.actions.importing import SEAL, forget, import_sheet, in_county, move
from talent.pool.actions.records import write_words
from talent.pool.choices import AT_WORK, RowState, SheetState
from talent.pool.counts import ADDED
from talent.pool.imports import columns, staging
from talent.pool.models import ColumnHabit, Sheet, StageChange, StagedRow, TalentRecord
from talent.pool.permissions import can_tend_sheet
from talent.youth.models import Youth
from talent.youth.permissions import can_register

MAPPING, CHECKING, CHECKED = SheetState.MAPPING, SheetState.CHECKING, SheetState.CHECKED
WRITING, DONE, GIVEN_UP = SheetState.WRITING, SheetState.DONE, SheetState.CANCELLED
KEPT_FOR = dt.timedelta(days=2)
MOST_SHEETS = 5


@transaction.atomic
def receive(*, actor: User, file: File) -> Sheet:
    """Keep a file, sealed, for a worker to look at. Whatever is wrong with it is said later, but
    for what its first bytes tell.

    Raises: PermissionDenied; Refused.
    """
    only_if(can_register(actor))
    open_sheets = Sheet.objects.visible_to(actor).filter(user=actor, state__in=AT_WORK)
    if open_sheets.count() >= MOST_SHEETS:
        raise Refused("您上传的几张表格还在处理，请等它们办完再传。")
    data = guard.received(file)
    sheet = Sheet(
        organization_id=actor.scope, user=actor, by_name=actor.name, title=file.name[-100:]
    )
    sheet.file.save(f"{actor.pk}.sealed", ContentFile(Box(SEAL).seal(data)), save=False)
    sheet.save(force_insert=True)
    record_event(actor, "上传表格", sheet)
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)
    return sheet


SHEETS = Road("sheets", Sheet)


@step(SHEETS, ((MAPPING, CHECKING),), "核对表格各列", may=can_tend_sheet,
      label="检查", said="正在检查。")  # fmt: skip
def say_columns(sheet: Sheet, *, actor: User, keys: list[str]) -> None:
    """What each column is, as somebody says; kept for the unit's next sheet. Then it is checked.

    Raises: PermissionDenied; Refused without a name, or for one column said twice.
    """
    with walking(say_columns, sheet, actor) as walk:
        if len(keys) != len(sheet.headings) or set(keys) - {"", *columns.BY_KEY}:
            raise Refused("请从列表里选每一列是什么。")
        said = [key for key in keys if key]
        if "name" not in said:
            raise Refused("请选出哪一列是“姓名”。")
        if len(set(said)) < len(said):
            raise Refused("有两列选了同一项，请改正。")
        for heading, key in zip(sheet.headings, keys, strict=True):
            if plain := columns.plain_heading(heading):
                ColumnHabit.objects.update_or_create(
                    organization_id=sheet.organization_id, heading=plain, defaults={"column": key}
                )
        walk.facts["columns"] = keys
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)


@step(SHEETS, ((CHECKED, WRITING),), "确认导入", may=can_tend_sheet,
      label="确认导入", said="正在写入。",
      ask="导入吗？各行写进人才库，一天之内可以整张撤销，以后只能一条一条改。")  # fmt: skip
def confirm(sheet: Sheet, *, actor: User, only_right: bool = False) -> None:
    """Let a worker write the rows. ``only_right``: although some are wrong.

    Raises: PermissionDenied; Refused when rows are wrong and that was not said.
    """
    with walking(confirm, sheet, actor) as walk:
        if sheet.counts.get(RowState.WRONG) and not only_right:
            raise Refused("还有写错的行。请下载改好后重新上传，或者选“只导入正确的行”。")
        if not (sheet.counts.get(RowState.READY) or sheet.counts.get(RowState.CHANGED)):
            raise Refused("没有可以导入的行。请改好表格后重新上传。")
        walk.facts["confirmed_at"] = now()
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)


ask_again = plain_step(
    SHEETS, ((CHECKED, MAPPING),), "重新核对表格各列", may=can_tend_sheet, key="ask-again",
    label="核对各列", said="请核对各列。",
)  # fmt: skip


@step(SHEETS, ((SheetState.WAITING, GIVEN_UP), (MAPPING, GIVEN_UP), (CHECKED, GIVEN_UP)),
      "放弃导入", may=can_tend_sheet, label="放弃",
      ask="放弃后这张表不导入，要导入得重新上传。确定吗？", said="已放弃，什么都没有导入。")  # fmt: skip
def give_up(sheet: Sheet, *, actor: User) -> None:
    with walking(give_up, sheet, actor):
        forget(sheet)


def _too_late(sheet: Sheet) -> str:
    return "" if sheet.can_undo else "导入满一天以后不能撤销。请在名单里逐条修改。"


@step(SHEETS, ((DONE, SheetState.UNDONE),), "撤销导入", may=can_tend_sheet, needs=_too_late,
      label="撤销导入", ask="撤销后这次导入的人都移出，导入后办过事的留下。确定吗？",
      said="已撤销：删去 {told[0]} 条，恢复 {told[1]} 条，导入后又办过事的 {told[2]} 条留下了。",
)  # fmt: skip
def take_back(sheet: Sheet, *, actor: User) -> tuple[int, int, int]:
    """Undo an import within a day; whoever has been worked on since stays as they are.

    Returns: (removed, restored, left). Raises: PermissionDenied; Refused after the day.
    """
    with walking(take_back, sheet, actor) as walk, in_county(sheet):
        removed, restored, left = staging.take_back(sheet)
        for record in TalentRecord.objects.filter(pk__in=restored).iterator():
            write_words(record)
        _count_back(sheet)
        walk.noted |= {"removed": removed, "restored": len(restored)}
    return removed, len(restored), left


def _count_back(sheet: Sheet) -> None:
    """Of those whom the sheet brought into the pool, count only who stays."""
    came = StageChange.objects.filter(sheet=sheet, is_new=True).first()
    if came is None:
        return
    stays = TalentRecord.objects.filter(sheet=sheet).exclude(agreed="none").count()
    if came.campaign_id:
        count(ADDED, came.campaign_id, came.organization_id, stays - came.people)
    StageChange.objects.filter(pk=came.pk).update(people=stays)


# What a worker does


def drop_rows(rows: QuerySet, *, user: User | None, youth: Youth | None, **_: Any) -> int:
    """The rows of somebody who leaves, and what their sheets show of the first people in them."""
    names = [one.name for one in (user, youth) if one]
    theirs = [row for row in rows if any(same_name(row.name, name) for name in names)]
    Sheet.objects.filter(pk__in={row.sheet_id for row in theirs}).update(samples=[])
    return StagedRow.objects.filter(pk__in=[row.pk for row in theirs]).delete()[0]


def forget_old(moment: dt.datetime) -> int:
    """Files and rows nobody can need any more. Returns: how many sheets."""
    with acting("forget"):
        old = Q(made_at__lt=moment - KEPT_FOR, confirmed_at=None) | Q(
            confirmed_at__lt=moment - KEPT_FOR
        )
        sheets = list(Sheet.objects.filter(old).exclude(file="").exclude(state__in=AT_WORK)[:200])
        for sheet in sheets:
            if sheet.state in (SheetState.MAPPING, SheetState.CHECKED):
                move(sheet, SheetState.CANCELLED)
            forget(sheet)
    return len(sheets)


def rows_of(sheet: Sheet, state: str) -> QuerySet:
    """Some of the rows of one kind, with their reasons."""
    return StagedRow.objects.filter(sheet=sheet, state=state).order_by("number")

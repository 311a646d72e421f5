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
from talent.pool.actions.importing import (
    SEAL,
    forget,
    habits_of,
    import_sheet,
    in_county,
    move,
)
from talent.pool.actions.records import write_words
from talent.pool.choices import AT_WORK, RowState, SheetState
from talent.pool.counts import ADDED
from talent.pool.imports import columns, staging
from talent.pool.models import (
    ColumnHabit,
    NumberAnswer,
    Sheet,
    StageChange,
    StagedRow,
    TalentRecord,
)
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


SHEETS = Road(
    "sheets", Sheet,
    order=("say-columns", "confirm", "decide", "fill-down", "choose-tabs", "ask-again", "give-up", "take-back"),
)  # fmt: skip


@step(SHEETS, ((MAPPING, CHECKING),), "核对表格各列", may=can_tend_sheet,
      label="检查", said="正在检查。")  # fmt: skip
def say_columns(sheet: Sheet, *, actor: User, keys: list[str], first: str = "") -> None:
    """What each column is, as somebody says. Then it is checked. ``first``: "person" or "head", what
    the first row is.

    Changes: what the unit's next sheets are read by, where somebody said something of their own.
    Raises: PermissionDenied; Refused without a name, or for one column said twice.
    """
    with walking(say_columns, sheet, actor) as walk:
        if len(keys) != len(sheet.heads) or set(keys) - {"", *columns.BY_KEY}:
            raise Refused("请从列表里选每一列是什么。")
        said = [key for key in keys if key]
        if "name" not in said:
            raise Refused("请选出哪一列是“姓名”。")
        if len(set(said)) < len(said):
            raise Refused("有两列选了同一项，请改正。")
        walk.facts |= {"columns": keys} | _first_row(sheet, first)
        if walk.facts.get("options", sheet.options).get("has_head", True):
            _keep_habits(sheet, keys, actor)
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)


def _first_row(sheet: Sheet, first: str) -> dict[str, Any]:
    """Where the people begin, where somebody says that the first row is one, or is none."""
    has_head = sheet.options.get("has_head", True)
    if not first or (first == "head") == has_head:
        return {}
    step = -1 if has_head else 1
    read = [[tab, max(1, row + step)] for tab, row in sheet.tabs_read]
    return {
        "first_row": max(1, sheet.first_row + step),
        "options": sheet.options | {"has_head": not has_head, "read": read},
    }


def _keep_habits(sheet: Sheet, keys: list[str], actor: User) -> None:
    """Of each heading that somebody said something else of than was proposed; and, that nobody is
    asked again, of each that nobody knows and that was left out. Never that a known one is nothing.
    """
    heads = [columns.whole_heading(heading) for heading in sheet.heads]
    habits = habits_of(sheet)
    for heading, was, key in zip(heads, sheet.columns, keys, strict=True):
        is_new = not columns.is_known(heading, habits)
        if heads.count(heading) > 1 or not columns.plain_heading(heading):
            continue
        if (key and key != was) or (not key and (is_new or habits.get(heading))):
            ColumnHabit.objects.update_or_create(
                organization_id=sheet.organization_id, mark=ColumnHabit.mark_of(heading),
                defaults={"words": heading, "column": key, "by_name": actor.name, "at": now()},
            )  # fmt: skip


def _one_tab(sheet: Sheet) -> str:
    there = sheet.options.get("tabs_there", ())
    return "" if len(there) > 1 else "这个文件里只有一张工作表有内容。"


@step(SHEETS, ((MAPPING, SheetState.WAITING), (CHECKED, SheetState.WAITING)), "选择工作表",
      may=can_tend_sheet, needs=_one_tab, key="choose-tabs", label="读选中的工作表", said="正在读。")  # fmt: skip
def choose_tabs(sheet: Sheet, *, actor: User, tabs: list[str]) -> None:
    """Read these tabs, and no others. Raises: PermissionDenied; Refused for tabs of another head."""
    with walking(choose_tabs, sheet, actor) as walk:
        there = dict(sheet.options.get("tabs_there", ()))
        if not tabs or set(tabs) - set(there):
            raise Refused("请至少选一张工作表。")
        if len(tabs) > 1 and not all(there[tab] for tab in tabs):
            raise Refused("选的几张工作表表头不一样。请一次选一张，分几次上传。")
        walk.facts["options"] = {"tabs": tabs, "fills": sheet.options.get("fills", [])}
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)


@step(SHEETS, ((CHECKED, WRITING),), "确认导入", may=can_tend_sheet,
      label="确认导入", said="正在写入。",
      ask="导入吗？各行写进人才库，一天之内可以整张撤销，以后只能一条一条改。")  # fmt: skip
def confirm(sheet: Sheet, *, actor: User, only_right: bool = False) -> None:
    """Let a worker write the rows. ``only_right``: although some are wrong.

    Raises: PermissionDenied; Refused when rows are wrong and that was not said.
    """
    with walking(confirm, sheet, actor) as walk:
        if sheet.counts.get(RowState.ASKED) and not only_right:
            raise Refused("还有要您定的行。请先定下来，或者选“只导入正确的行”。")
        if sheet.counts.get(RowState.WRONG) and not only_right:
            raise Refused("还有写错的行。请下载改好后重新上传，或者选“只导入正确的行”。")
        if not (sheet.counts.get(RowState.READY) or sheet.counts.get(RowState.CHANGED)):
            raise Refused("没有可以导入的行。请改好表格后重新上传。")
        walk.facts["confirmed_at"] = now()
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)


def _nothing_to_fill(sheet: Sheet) -> str:
    is_open = "township" in sheet.columns and "township" not in sheet.options.get("fills", ())
    return "" if is_open and sheet.found.get("without_home") else "没有要照上一行读的乡镇。"


@step(SHEETS, ((CHECKED, CHECKING),), "乡镇照上一行读", may=can_tend_sheet, needs=_nothing_to_fill,
      label="没有写乡镇的照上一行读", said="正在重新检查。")  # fmt: skip
def fill_down(sheet: Sheet, *, actor: User) -> None:
    """A township that was typed once counts for the rows below it that have none."""
    with walking(fill_down, sheet, actor) as walk:
        walk.facts["options"] = sheet.options | {"fills": ["township"]}
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


@transaction.atomic
def forget_habit(habit: ColumnHabit, *, actor: User) -> None:
    """What a unit said of a heading counts no more. Raises: PermissionDenied."""
    only_if(can_tend_sheet(actor, habit))
    record_event(actor, "忘掉列的对应", habit)
    habit.delete()


@transaction.atomic
def forget_answer(answer: NumberAnswer, *, actor: User) -> None:
    """Who a number is may be asked about anew. Raises: PermissionDenied."""
    only_if(can_tend_sheet(actor, answer))
    record_event(actor, "忘掉号码的认定", answer)
    answer.delete()


def drop_rows(rows: QuerySet, *, user: User | None, youth: Youth | None, **_: Any) -> int:
    """The rows of somebody who leaves, and what their sheets show of the first people in them."""
    names = [one.name for one in (user, youth) if one]
    theirs = [row for row in rows if any(same_name(row.name, name) for name in names)]
    for sheet in Sheet.objects.filter(pk__in={row.sheet_id for row in theirs}):
        sheet.keep_head(sheet.heads if sheet.options.get("has_head", True) else [], [])
        sheet.save(update_fields=["head", "headings", "samples"])
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
        # Of a version before: headings that outlived their file, and habits that nobody had.
        gone = Sheet.objects.filter(file="").exclude(headings=[], samples=[])
        gone.update(headings=[], samples=[])
        ColumnHabit.objects.filter(mark=None).delete()
    return len(sheets)


def rows_of(sheet: Sheet, state: str) -> QuerySet:
    """Some of the rows of one kind, with their reasons."""
    return StagedRow.objects.filter(sheet=sheet, state=state).order_by("number")


def as_understood(sheet: Sheet) -> QuerySet:
    """The rows that are people, in their order."""
    return (
        StagedRow.objects.filter(sheet=sheet)
        .exclude(name="")
        .select_related("organization")
        .order_by("number")
    )

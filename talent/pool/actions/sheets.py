"""Spreadsheets into the pool: received, understood, checked, confirmed, taken back."""

import datetime as dt
import json
from itertools import islice

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate, now

from campaigns.counting import count
from campaigns.models import Campaign
from qingchun.accounts.audit import write_down
from qingchun.accounts.claims import same_name
from qingchun.accounts.steps import Road, plain_step, step, walking
from qingchun.ground.refusals import Refused, only_if
from qingchun.ground.sealing import Box
from qingchun.ground.workbooks import guard, reading
from qingchun.jobs.actions import MOST_ATTEMPTS, tell
from qingchun.jobs.kinds import job
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import acting, asking_as, current
from talent.pool.actions.joining import version_now
from talent.pool.actions.records import SILENCE, source, terms, write_words
from talent.pool.choices import AT_WORK, Heard, RowState, SheetState, Stage
from talent.pool.counts import ADDED
from talent.pool.imports import columns, staging
from talent.pool.imports.checking import Checker
from talent.pool.models import ColumnHabit, Sheet, StageChange, StagedRow, TalentRecord
from talent.pool.permissions import can_tend_sheet
from talent.youth.permissions import can_register

MAPPING, CHECKING, CHECKED = SheetState.MAPPING, SheetState.CHECKING, SheetState.CHECKED
WRITING, DONE, GIVEN_UP = SheetState.WRITING, SheetState.DONE, SheetState.CANCELLED
SEAL = "talent sheet"
KEPT_FOR = dt.timedelta(days=2)
MOST_SHEETS = 5
NO_NAME = "没有找到“姓名”这一列。表头要在前 12 行里，请核对各列是什么。"


@transaction.atomic
def receive(*, actor, file):
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
    write_down(actor, "上传表格", sheet)
    import_sheet.enqueue(actor=actor, sheet=sheet.pk)
    return sheet


def content_of(sheet):
    """The file as it was uploaded."""
    with sheet.file.open("rb") as file:
        return Box(SEAL).open(file.read())


SHEETS = Road("sheets", Sheet)


@step(SHEETS, ((MAPPING, CHECKING),), "核对表格各列", may=can_tend_sheet,
      label="检查", said="正在检查。")  # fmt: skip
def say_columns(sheet, *, actor, keys):
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
      label="确认导入", said="正在写入。")  # fmt: skip
def confirm(sheet, *, actor, only_right=False):
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
def give_up(sheet, *, actor):
    with walking(give_up, sheet, actor):
        _forget(sheet)


def _in_county(sheet):
    """A township's sheet is looked at beside what its county knows."""
    return asking_as(scope=county_of(sheet.organization_id), person=current()[1])


def _too_late(sheet):
    return "" if sheet.can_undo else "导入满一天以后不能撤销。请在名单里逐条修改。"


@step(SHEETS, ((DONE, SheetState.UNDONE),), "撤销导入", may=can_tend_sheet, needs=_too_late,
      label="撤销导入", ask="撤销后这次导入的人都移出，导入后办过事的留下。确定吗？",
      said="已撤销：删去 {told[0]} 条，恢复 {told[1]} 条，导入后又办过事的 {told[2]} 条留下了。",
)  # fmt: skip
def take_back(sheet, *, actor):
    """Undo an import within a day; whoever has been worked on since stays as they are.

    Returns: (removed, restored, left). Raises: PermissionDenied; Refused after the day.
    """
    with walking(take_back, sheet, actor) as walk, _in_county(sheet):
        removed, restored, left = staging.take_back(sheet)
        for record in TalentRecord.objects.filter(pk__in=restored).iterator():
            write_words(record)
        _count_back(sheet)
        walk.noted |= {"removed": removed, "restored": len(restored)}
    return removed, len(restored), left


def _count_back(sheet):
    """Of those whom the sheet brought into the pool, count only who stays."""
    came = StageChange.objects.filter(sheet=sheet, is_new=True).first()
    if came is None:
        return
    stays = TalentRecord.objects.filter(sheet=sheet).exclude(agreed="none").count()
    if came.campaign_id:
        count(ADDED, came.campaign_id, came.organization_id, stays - came.people)
    StageChange.objects.filter(pk=came.pk).update(people=stays)


# What a worker does


def move(sheet, state, **values):
    """One step of a sheet's job, if it is still where it was. Raises: Refused."""
    moved = Sheet.objects.filter(pk=sheet.pk, state=sheet.state).update(state=state, **values)
    if not moved:
        raise Refused("这张表格刚刚有了变化，请刷新页面看最新的情况。")
    for name, value in {"state": state, **values}.items():
        setattr(sheet, name, value)


def _give_up(job, error):
    """A file that nobody can read goes; rows that were right when they were checked can be confirmed anew."""
    sheet = Sheet.objects.get(pk=job.kwargs["sheet"])
    if not sheet.is_at_work:
        return
    reason = str(error) if isinstance(error, Refused) else f"读这张表格时出错。{guard.SAVE_AS}"
    if job.attempts > MOST_ATTEMPTS:
        reason = f"这张表格读了两次都没有成功。{guard.SAVE_AS}"
    with _in_county(sheet):
        if sheet.state == SheetState.WRITING:
            move(sheet, SheetState.CHECKED, trouble="没有写进去，请再确认一次。")
        else:
            move(sheet, SheetState.FAILED, trouble=reason[:200])
            _forget(sheet)


@job("导入表格", gave_up=_give_up)
def import_sheet(job, *, sheet):
    """A sheet's next step, and what follows from it."""
    doing = {SheetState.WAITING: _read, SheetState.CHECKING: _check, SheetState.WRITING: _write}
    sheet = Sheet.objects.get(pk=sheet)
    with _in_county(sheet):
        sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
        while step := doing.get(sheet.state):
            step(sheet)


def _habits(sheet):
    """What the county and the unit itself said before; the unit's own word counts."""
    codes = (county_of(sheet.organization_id), sheet.organization_id)
    said = ColumnHabit.objects.filter(organization_id__in=codes).order_by("organization_id")
    return dict(said.values_list("heading", "column"))


def _read(sheet):
    """Find the tab and the headings; where all is plain, go on at once."""
    tell(sheet, 2)
    book = reading.open_book(content_of(sheet))
    habits, best = _habits(sheet), None
    for tab in book.tabs:
        table = reading.read_table(book, tab)
        top = list(islice(table.rows, reading.HEAD + 3))
        head = columns.find_head(top[: reading.HEAD], table.merged, habits)
        if best is None or head.known > best[1].known:
            best = (tab, head, top)
    tab, head, top = best
    if not any(any(row) for row in top):
        raise Refused("表格是空的。请填写后再上传。")
    notes = list(book.notes)
    if len(book.tabs) > 1:
        notes.append(f"有 {len(book.tabs)} 张工作表，读的是“{tab[:20]}”。")
    if not head.columns:
        width = max(map(len, top))
        head = columns.Head(
            0, 1, [str(c)[:60] for c in top[0]] + [""] * (width - len(top[0])), [""] * width
        )
    sheet.tab, sheet.headings, sheet.columns = tab[:60], head.headings, head.columns
    sheet.first_row, sheet.notes = head.first_row, notes
    below = top[head.first_row - 1 :][:3]
    sheet.samples = [[_shown(cell) for cell in row] for row in below]
    sheet.save(update_fields=["tab", "headings", "columns", "first_row", "notes", "samples"])
    understood = all(c for h, c in zip(head.headings, head.columns, strict=True) if h.strip())
    if understood and "name" in head.columns and {"phone", "identity"} & set(head.columns):
        _check(sheet, book)
    else:
        move(sheet, SheetState.MAPPING, trouble="" if "name" in head.columns else NO_NAME)


def _shown(cell):
    """A sample for the screen on which columns are put right, without a whole number in it."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    digits = sum(c.isdigit() for c in text)
    return f"{text[:3]}…{text[-2:]}" if digits > 7 else text[:20]


def _check(sheet, book=None):
    """Check every row and put it beside the pool; nothing is in it yet."""
    tell(sheet, 5)
    book = book or reading.open_book(content_of(sheet))
    table = reading.read_table(book, sheet.tab)
    unit = Organization.objects.get(pk=sheet.organization_id)
    checker = Checker(
        unit=unit,
        homes=list(Organization.objects.active().within(unit.code)),
        terms=terms(),
        columns=sheet.columns,
        first_row=sheet.first_row,
        today=localdate(),
    )
    total = max(1, table.height)
    counts = staging.stage(
        sheet,
        checker.lines(table.rows, table.merged),
        scope=sheet.organization_id,
        told=lambda done: tell(sheet, 10 + 80 * done // total),
    )
    if not counts:
        raise Refused("表头下面没有内容。请填写后再上传。")
    move(sheet, SheetState.CHECKED, counts=counts, trouble="")
    tell(sheet, 100)


def _write(sheet):
    """Bring the rows in, and count who is new to the pool."""
    tell(sheet, 30)
    today, campaign = localdate(), Campaign.objects.at_work()
    heard = source(Heard.SHEET, sheet.by_name)
    try:
        with transaction.atomic():
            entered, changed = staging.write(
                sheet,
                {
                    "today": today,
                    "answer_by": today + SILENCE,
                    "version": version_now(),
                    "sources": json.dumps({"*": heard}),
                    "source": json.dumps(heard),
                },
            )
    except IntegrityError:  # one of them was written down meanwhile: look again
        move(sheet, SheetState.CHECKING)
        return
    tell(sheet, 80)
    for record in TalentRecord.objects.filter(pk__in=changed or ()).iterator(chunk_size=500):
        write_words(record)
    if entered:
        StageChange.objects.create(
            organization_id=sheet.organization_id,
            stage=Stage.POOL,
            campaign=campaign,
            is_new=True,
            people=entered,
            sheet=sheet,
            by_name=sheet.by_name,
        )
        if campaign:
            count(ADDED, campaign.pk, sheet.organization_id, entered)
    written = sum(sheet.counts.get(state, 0) for state in (RowState.READY, RowState.CHANGED))
    move(sheet, SheetState.DONE, written=written, trouble="")
    tell(sheet, 100)


def _forget(sheet):
    """Its rows and its file; the sheet itself stays as a line in the list."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM talent_stagedrow WHERE sheet_id = %s", [sheet.pk])
    if sheet.file:
        storage, name = sheet.file.storage, sheet.file.name
        transaction.on_commit(lambda: storage.delete(name))
        Sheet.objects.filter(pk=sheet.pk).update(file="", samples=[])


def drop_rows(rows, *, user, youth, **_):
    """The rows of somebody who leaves, and what their sheets show of the first people in them."""
    names = [one.name for one in (user, youth) if one]
    theirs = [row for row in rows if any(same_name(row.name, name) for name in names)]
    Sheet.objects.filter(pk__in={row.sheet_id for row in theirs}).update(samples=[])
    return StagedRow.objects.filter(pk__in=[row.pk for row in theirs]).delete()[0]


def forget_old(moment):
    """Files and rows nobody can need any more. Returns: how many sheets."""
    with acting("forget"):
        old = Q(made_at__lt=moment - KEPT_FOR, confirmed_at=None) | Q(
            confirmed_at__lt=moment - KEPT_FOR
        )
        sheets = list(Sheet.objects.filter(old).exclude(file="").exclude(state__in=AT_WORK)[:200])
        for sheet in sheets:
            if sheet.state in (SheetState.MAPPING, SheetState.CHECKED):
                move(sheet, SheetState.CANCELLED)
            _forget(sheet)
    return len(sheets)


def rows_of(sheet, state):
    """Some of the rows of one kind, with their reasons."""
    return StagedRow.objects.filter(sheet=sheet, state=state).order_by("number")

"""A sheet as a worker has it: read, checked, written."""

import json
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from campaigns.counting import count
from campaigns.models import Campaign
from qingchun.ground.refusals import Refused
from qingchun.ground.sealing import Box
from qingchun.ground.workbooks import guard, reading
from qingchun.ground.workbooks.reading import Book
from qingchun.jobs.actions import MOST_ATTEMPTS, tell
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from qingchun.organizations.codes import county_of
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import current, rls_context
from talent.pool.actions.enrolment import version_now
from talent.pool.actions.records import SILENCE, source, terms, write_words
from talent.pool.choices import Heard, RowState, SheetState, Stage
from talent.pool.counts import ADDED
from talent.pool.imports import columns, staging
from talent.pool.imports.checking import Checker
from talent.pool.models import ColumnHabit, Sheet, StageChange, TalentRecord

SEAL = "talent sheet"
NO_NAME = "没有找到“姓名”这一列。表头要在前 12 行里，请核对各列是什么。"


def content_of(sheet: Sheet) -> bytes:
    """The file as it was uploaded."""
    with sheet.file.open("rb") as file:
        return Box(SEAL).open(file.read())


def in_county(sheet: Sheet) -> AbstractContextManager[None]:
    """A township's sheet is looked at beside what its county knows."""
    return rls_context(scope=county_of(sheet.organization_id), person=current()[1])


def move(sheet: Sheet, state: str, **values: Any) -> None:
    """One step of a sheet's job, if it is still where it was. Raises: Refused."""
    moved = Sheet.objects.filter(pk=sheet.pk, state=sheet.state).update(state=state, **values)
    if not moved:
        raise Refused("这张表格刚刚有了变化，请刷新页面看最新的情况。")
    for name, value in {"state": state, **values}.items():
        setattr(sheet, name, value)


def _give_up(job: Job, error: Exception) -> None:
    """A file that nobody can read goes; rows that were right when they were checked can be confirmed anew."""
    sheet = Sheet.objects.get(pk=job.kwargs["sheet"])
    if not sheet.is_at_work:
        return
    reason = str(error) if isinstance(error, Refused) else f"读这张表格时出错。{guard.SAVE_AS}"
    if job.attempts > MOST_ATTEMPTS:
        reason = f"这张表格读了两次都没有成功。{guard.SAVE_AS}"
    with in_county(sheet):
        if sheet.state == SheetState.WRITING:
            move(sheet, SheetState.CHECKED, trouble="没有写进去，请再确认一次。")
        else:
            move(sheet, SheetState.FAILED, trouble=reason[:200])
            forget(sheet)


@job("导入表格", gave_up=_give_up)
def import_sheet(job: Job, *, sheet: int) -> None:
    """A sheet's next step, and what follows from it."""
    doing = {SheetState.WAITING: _read, SheetState.CHECKING: _check, SheetState.WRITING: _write}
    with in_county(Sheet.objects.get(pk=sheet)):
        found = Sheet.objects.select_for_update().get(pk=sheet)
        while step := doing.get(found.state):
            step(found)


def _habits(sheet: Sheet) -> dict[str, str]:
    """What the county and the unit itself said before; the unit's own word counts."""
    codes = (county_of(sheet.organization_id), sheet.organization_id)
    said = ColumnHabit.objects.filter(organization_id__in=codes).order_by("organization_id")
    return dict(said.values_list("heading", "column"))


def _read(sheet: Sheet) -> None:
    """Find the tab and the headings; where all is plain, go on at once."""
    tell(sheet, 2)
    book = reading.open_book(content_of(sheet))
    habits, found = _habits(sheet), []
    for tab in book.tabs:
        table = reading.read_table(book, tab)
        top = list(islice(table.rows, reading.HEAD + 3))
        found.append((tab, columns.find_head(top[: reading.HEAD], table.merged, habits), top))
    tab, head, top = max(found, key=lambda one: one[1].known)  # of the best, the first
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


def _shown(cell: object) -> str:
    """A sample for the screen on which columns are put right, without a whole number in it."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    digits = sum(c.isdigit() for c in text)
    return f"{text[:3]}…{text[-2:]}" if digits > 7 else text[:20]


def _check(sheet: Sheet, book: Book | None = None) -> None:
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


def _write(sheet: Sheet) -> None:
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


def forget(sheet: Sheet) -> None:
    """Its rows and its file; the sheet itself stays as a line in the list."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM talent_stagedrow WHERE sheet_id = %s", [sheet.pk])
    if sheet.file:
        storage, name = sheet.file.storage, sheet.file.name
        transaction.on_commit(lambda: storage.delete(name))
        Sheet.objects.filter(pk=sheet.pk).update(file="", samples=[])

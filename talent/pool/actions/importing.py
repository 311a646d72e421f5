"""A sheet as a worker has it: read, checked, written."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import chain
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
from talent.pool.imports import questions, staging
from talent.pool.imports.checking import Checker
from talent.pool.imports.understanding import SAMPLES, understand
from talent.pool.models import ColumnHabit, NumberAnswer, Sheet, StageChange, TalentRecord

SEAL = "talent sheet"
TITLE = 40  # of a file's name, as each fact that it brought says it
NO_NAME = f"没有找到“姓名”这一列。表头要在前 {reading.HEAD} 行里，请核对各列是什么。"
NO_HEAD = "没有找到表头，第一行像是人，照人读了。请核对各列是什么。"


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


def habits_of(sheet: Sheet) -> dict[str, str]:
    """What the county and the unit itself said before; the unit's own word counts."""
    codes = (county_of(sheet.organization_id), sheet.organization_id)
    said = ColumnHabit.objects.filter(organization_id__in=codes, mark__isnull=False)
    return {habit.words: habit.column for habit in said.order_by("organization_id", "pk")}


def _answers(sheet: Sheet) -> dict[int, dict[int, int]]:
    """A number's mark → a name's mark → what somebody of the county said of the two."""
    said = NumberAnswer.objects.filter(organization_id=county_of(sheet.organization_id))
    found: dict[int, dict[int, int]] = {}
    for phone, name, pk in said.values_list("phone_mark", "name_mark", "pk"):
        found.setdefault(phone, {})[name] = pk
    return found


def _read(sheet: Sheet) -> None:
    """Find the tabs and the headings; where all is plain, go on at once."""
    tell(sheet, 2)
    book = reading.open_book(content_of(sheet))
    tabs = understand(book, habits_of(sheet))
    best = tabs[0]
    chosen = sheet.options.get("tabs") or [tab.name for tab in tabs if tab.is_same]
    best = next((tab for tab in tabs if tab.name in chosen), best)
    read = [tab for tab in book.tabs if tab in chosen]
    others = [tab.name for tab in tabs if tab.name not in read]
    notes = list(book.notes)
    if len(read) > 1:
        notes.append(f"读了 {len(read)} 张表头一样的工作表：{'、'.join(read)}。"[:200])
    if others:
        notes.append(f"没有读的工作表：{'、'.join(others)}。"[:200])
    head = best.head
    sheet.tab, sheet.columns, sheet.notes = best.name[:60], head.columns, notes
    sheet.first_row = head.first_row
    sheet.options = sheet.options | {
        "read": [[tab.name, tab.head.first_row] for tab in tabs if tab.name in read],
        "tabs_there": [[tab.name, tab.is_same] for tab in tabs],
        "has_head": bool(head.rows),
    }
    below = best.top[head.first_row - 1 :][:SAMPLES]
    sheet.keep_head(head.headings, [[_shown(cell) for cell in row] for row in below])
    sheet.save(update_fields=["tab", "columns", "first_row", "notes", "options", "head", "headings", "samples"])  # fmt: skip
    has_number = {"phone", "identity"} & set(head.columns)
    if not head.asks and "name" in head.columns and has_number:
        _check(sheet, book)
        return
    trouble = "" if "name" in head.columns else NO_NAME
    if not head.rows:
        trouble = NO_HEAD
    move(sheet, SheetState.MAPPING, trouble=trouble)


def _shown(cell: object) -> str:
    """A sample for the screen on which columns are put right, without a whole number in it."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    digits = sum(c.isdigit() for c in text)
    return f"{text[:3]}…{text[-2:]}" if digits > 7 else text[:20]


def _check(sheet: Sheet, book: Book | None = None) -> None:
    """Check every row and put it beside the pool; nothing is in it yet."""
    tell(sheet, 5)
    book = book or reading.open_book(content_of(sheet))
    tabs = Tabs(sheet, book)
    unit = Organization.objects.get(pk=sheet.organization_id)
    checker = Checker(
        unit=unit,
        homes=list(Organization.objects.active().within(unit.code)),
        terms=terms(),
        columns=sheet.columns,
        today=localdate(),
        answers=_answers(sheet),
        above=_above(unit),
        fills=sheet.options.get("fills", ()),
    )
    total = max(1, tabs.height)
    counts = staging.stage(
        sheet,
        chain.from_iterable(checker.lines(*tab) for tab in tabs),
        scope=sheet.organization_id,
        told=lambda done: tell(sheet, 10 + 80 * done // total),
    )
    if not counts and checker.people.left:
        raise Refused(f"表头下面没有人。{_left(checker)}。请填写后再上传。")
    if not counts:
        raise Refused("表头下面没有内容。请填写后再上传。")
    if checker.twins or counts.get(RowState.CHANGED, 0) > 1:
        questions.find_twins(sheet)
        questions.once_each(sheet)
        counts = staging.counted(sheet)
    move(sheet, SheetState.CHECKED, counts=counts, found=_found(checker, tabs), trouble="")
    tell(sheet, 100)


class Tabs:
    """The tabs that are read, one behind the other: their rows are numbered through.

    Iterates once, over what ``Checker.lines`` takes.
    """

    def __init__(self, sheet: Sheet, book: Book) -> None:
        self.book, self.height = book, 0
        names = [name for name, _ in sheet.tabs_read]
        self.tabs = [tab for tab in book.tabs if tab in names]
        self.first = dict(sheet.tabs_read)
        self.places: list[tuple[str, int]] = []
        for tab in self.tabs:
            table = reading.read_table(book, tab)
            self.places.append((tab, self.height))
            self.height += table.height + 1  # of which the reader says the last one's place

    def __iter__(self) -> Iterator[tuple]:
        for tab, before in self.places:
            table = reading.read_table(self.book, tab)
            yield table.rows, table.merged, self.first[tab], before


def _above(unit: Organization) -> list[str]:
    """What may stand before a township: its county, city and province."""
    codes = [unit.code[:digits] for digits in (2, 4, 6)]
    return list(Organization.objects.filter(pk__in=codes).values_list("name", flat=True))


def _found(checker: Checker, tabs: Tabs) -> dict[str, Any]:
    """What is told of the sheet as a whole. ``tabs``: at which number each one begins."""
    return {
        "tabs": tabs.places if len(tabs.places) > 1 else [],
        "rows": checker.rows,
        "filled": checker.filled,
        "left": checker.people.left,
        "dittos": checker.people.dittos,
        "without_home": checker.without_home,
        "kinds": [[*kind, *rows] for kind, rows in checker.kinds.items()],
    }


def _left(checker: Checker) -> str:
    return "，".join(f"有 {many:,} 行{kind}" for kind, many in checker.people.left.items())


def _write(sheet: Sheet) -> None:
    """Bring the rows in, and count who is new to the pool."""
    tell(sheet, 30)
    today, campaign = localdate(), Campaign.objects.at_work()
    heard = {**source(Heard.SHEET, sheet.by_name), "sheet": sheet.title[-TITLE:]}
    try:
        with transaction.atomic():
            entered, changed = staging.write(
                sheet,
                {
                    "today": today,
                    "answer_by": today + SILENCE,
                    "version": version_now(),
                    "source": json.dumps(heard),
                },
            )
            questions.keep_records(sheet)
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
    Sheet.objects.filter(pk=sheet.pk).update(file="", head="", headings=[], samples=[])

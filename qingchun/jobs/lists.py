"""A list as a spreadsheet: asked for, written by a worker row by row, whole however long it is."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.db import transaction
from django.utils.timezone import localdate
from rustpy_xlsxwriter import FastExcel

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.ground.lists import How, Listing, cells, listings
from qingchun.ground.refusals import only_if
from qingchun.ground.spreadsheets import safe_cell
from qingchun.jobs.actions import asker_of, tell
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from qingchun.organizations.access import Access, access

A_SHEET = 1_000_000  # rows; Excel shows 1,048,576
AT_ONCE = 2000
LOOKED_AT = 200  # rows for how wide a column is; a Chinese letter is as wide as two
NARROWEST, WIDEST = 6, 48


def rule_of(listing: Listing) -> Access:
    """Who may have it."""
    return access(**listing.who)(lambda request: None).access


@job("名单表格", "xlsx", fetched="下载名单")
def list_export(job: Job, *, which: str, asked: dict[str, str]) -> IO[bytes]:
    listing, user = listings()[which], asker_of(job)
    only_if(rule_of(listing).admits(user))
    found = listing.rows(user, asked)
    body, total = NamedTemporaryFile(suffix=".xlsx"), found.count()  # noqa: SIM115  # whoever keeps it closes it
    write(body.name, listing, found, total, lambda done: tell(job, 100 * done // max(1, total)))
    job.note = f"{total:,} 条"
    return body


def write(path: str, listing: Listing, found: Any, total: int, told: Any) -> None:
    """Write a list into a file, row by row, whatever the number; more than a sheet holds go on in the
    next one. ``path``: given an open file, the writer would hold all of it in memory. ``told``: called
    with the rows that are done, now and then.
    """
    columns = {**listing.columns, **listing.more}
    rows = _rows(found, listing, columns, told)
    first = list(islice(rows, LOOKED_AT))
    rows, widths = chain(first, rows), _widths(columns, first)
    book = FastExcel(path).format(bold_headers=True)
    for number in range(1, max(1, -(-total // A_SHEET)) + 1):
        sheet = listing.title if total <= A_SHEET else f"{listing.title} {number}"
        book.sheet(sheet, _a_sheet_of(rows, columns), column_widths=widths)
        book.freeze(row=1, sheet=sheet)
    book.save()


def _a_sheet_of(rows: Iterator[dict], columns: Mapping[str, How]) -> Iterator[dict]:
    """Its rows, taken as they are written; an empty one for the sake of the headings."""
    yield next(rows, dict.fromkeys(columns, ""))
    yield from islice(rows, A_SHEET - 1)


def _rows(found: Any, listing: Listing, columns: Mapping[str, How], told: Any) -> Iterator[dict]:
    rows, done = found.iterator(chunk_size=AT_ONCE), 0
    while some := list(islice(rows, AT_ONCE)):
        told(done)
        done += len(some)
        if listing.beside:
            listing.beside(some)
        for row in some:
            yield dict(zip(columns, map(safe_cell, cells(row, columns)), strict=True))


def _widths(columns: Mapping[str, How], rows: list[dict]) -> dict[str, float]:
    """Heading → so many letters, by what stands there; a long text goes on in its cell."""
    found: dict[str, float] = {}
    for name in columns:
        widest = max(map(_wide, (name, *(row[name] for row in rows))))
        found[name] = min(WIDEST, max(NARROWEST, widest)) + 2
    return found


def _wide(value: Any) -> int:
    text = "" if value is None else f"{value}"
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


@transaction.atomic
def ask(listing: Listing, *, actor: User, asked: Mapping[str, str]) -> Job:
    """Have a list written. ``asked``: what its address says.

    Raises: Refused while several files of theirs are being written, or where that is nonsense.
    """
    listing.rows(actor, asked)
    unit = actor.acting.organization.short_name
    made = list_export.enqueue(
        actor=actor,
        name=f"{listing.title}-{unit}-{localdate():%Y%m%d}.xlsx",
        which=listing.name,
        asked=dict(asked),
    )
    record_event(actor, f"导出{listing.title}", made)
    return made

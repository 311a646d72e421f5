"""A unit's people from a spreadsheet: the right rows go in, the wrong ones say why."""

from dataclasses import dataclass, field
from itertools import islice

from qingchun.accounts.actions.invitations import invite
from qingchun.accounts.forms import InvitationForm
from qingchun.ground.refusals import Refused
from qingchun.ground.workbooks import guard, reading
from qingchun.organizations.choices import WORKING
from qingchun.organizations.finding import UnitFinder

COLUMNS = ("单位", "姓名", "手机号", "岗位", "角色")
MOST_ROWS = 2_000


@dataclass
class Result:
    invited: list = field(default_factory=list)
    wrong: list = field(default_factory=list)  # (row number, column, reason)


def import_people(file, *, actor):
    """Invite everybody listed in an .xlsx file.

    Raises: Refused when the file cannot be read, is too large or lacks a column.
    """
    roles = {label: value for value, label in WORKING}
    result, finder = Result(), UnitFinder(actor.scope)
    for number, row in _read(file):
        form = InvitationForm(
            {
                "organization": row["单位"],
                "name": row["姓名"],
                "phone": row["手机号"],
                "post": row["岗位"],
                "role": roles.get(row["角色"], ""),
            },
            finder=finder,
        )
        if form.is_valid():
            result.invited.append(invite(actor=actor, **form.cleaned_data))
        for name, errors in form.errors.items():
            result.wrong.append((number, form.fields[name].label, errors[0]))
    return result


def _read(file):
    """(its number in the sheet, what it says by column) of each row that holds anything."""
    book = reading.open_book(guard.received(file, guard.SHORT), guard.SHORT)
    rows = enumerate(reading.read_table(book, book.tabs[0]).rows, 1)
    header = _heading(rows)
    named = ((number, dict(zip(header, map(_text, row), strict=True))) for number, row in rows)
    filled = list(islice((row for row in named if any(row[1].values())), MOST_ROWS + 1))
    if len(filled) > MOST_ROWS:
        raise Refused(f"一次最多 {MOST_ROWS} 行，请分成几个表格上传。")
    return filled


def _heading(rows):
    """The first row that names every column, where headings may stand; ``rows`` go on behind it."""
    nearest = ()
    for _, row in islice(rows, reading.HEAD):
        header = [_text(cell) for cell in row]
        if set(COLUMNS) <= set(header):
            return header
        nearest = max(nearest, header, key=lambda cells: len(set(COLUMNS) & set(cells)))
    missing = "、".join(column for column in COLUMNS if column not in nearest)
    raise Refused(f"表格缺少这几列：{missing}。请用“下载模板”得到的表格。")


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()

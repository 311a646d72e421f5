"""A unit's people from a spreadsheet: the right rows go in, the wrong ones say why."""

from dataclasses import dataclass, field
from itertools import dropwhile, islice

from qingchun.accounts.actions.invitations import invite
from qingchun.accounts.forms import InvitationForm
from qingchun.organizations.choices import WORKING
from qingchun.organizations.finding import UnitFinder
from qingchun.organizations.refusals import Refused
from qingchun.workbooks import guard, reading

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
    for number, row in enumerate(_read(file), 2):
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
    book = reading.open_book(guard.received(file, guard.SHORT), guard.SHORT)
    rows = dropwhile(lambda row: not any(row), reading.read_table(book, book.tabs[0]).rows)
    rows = list(islice(rows, MOST_ROWS + 2))
    if len(rows) > MOST_ROWS + 1:
        raise Refused(f"一次最多 {MOST_ROWS} 行，请分成几个表格上传。")
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    if missing := [column for column in COLUMNS if column not in header]:
        raise Refused(f"表格缺少这几列：{'、'.join(missing)}。请用“下载模板”得到的表格。")
    filled = (dict(zip(header, map(_text, row), strict=True)) for row in rows[1:])
    return [row for row in filled if any(row.values())]


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()

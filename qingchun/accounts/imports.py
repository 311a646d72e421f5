"""A unit's people from a spreadsheet: the right rows go in, the wrong ones say why."""

from dataclasses import dataclass, field

from python_calamine import CalamineError, load_workbook

from qingchun.accounts.actions.invitations import invite
from qingchun.accounts.forms import InvitationForm
from qingchun.organizations.choices import WORKING
from qingchun.organizations.finding import UnitFinder
from qingchun.organizations.refusals import Refused

COLUMNS = ("单位", "姓名", "手机号", "岗位", "角色")
LARGEST = 1_000_000  # bytes; two small files can unpack to gigabytes
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
    if file.size > LARGEST:
        raise Refused("表格超过 1 MB。请只保留要开通账号的行，再上传一次。")
    try:
        rows = load_workbook(file).get_sheet_by_index(0).to_python(nrows=MOST_ROWS + 2)
    except (CalamineError, IndexError, OSError):
        raise Refused("打不开这个文件。请用“下载模板”得到的 .xlsx 表格填写。") from None
    if len(rows) > MOST_ROWS + 1:
        raise Refused(f"一次最多 {MOST_ROWS} 行，请分成几个表格上传。")
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    if missing := [column for column in COLUMNS if column not in header]:
        raise Refused(f"表格缺少这几列：{'、'.join(missing)}。请用“下载模板”得到的表格。")
    filled = (dict(zip(header, map(_text, row), strict=True)) for row in rows[1:])
    return [row for row in filled if any(row.values())]


def _text(cell):
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()

"""Who a row of a sheet is, where its number is somebody else's already: said once, and kept."""

from django.db.models import QuerySet

from qingchun.accounts.models import User
from qingchun.accounts.steps import stays, step, walking
from qingchun.ground.refusals import Refused
from qingchun.organizations.codes import county_of
from talent.pool.actions.importing import in_county
from talent.pool.actions.sheets import SHEETS
from talent.pool.choices import RowState, SheetState
from talent.pool.imports import questions, staging
from talent.pool.models import NumberAnswer, Sheet, StagedRow
from talent.pool.numbers import name_mark
from talent.pool.permissions import can_tend_sheet


def _nobody_asked(sheet: Sheet) -> str:
    return "" if sheet.counts.get(RowState.ASKED) else "没有要您定的行。请刷新页面再看。"


@step(SHEETS, stays(SheetState.CHECKED), "认定表格里的人", may=can_tend_sheet,
      needs=_nobody_asked, label="定下来", said="已定 {told} 行，下次遇到不再问。")  # fmt: skip
def decide(
    sheet: Sheet, *, actor: User, who: str, number: int | None = None, kind: str = ""
) -> int:
    """Say who one row is (``number``), or all that are asked about for one reason (``kind``).

    Changes: where the rows stand, the sheet's counts, the county's answers. Returns: how many rows.
    Raises: PermissionDenied; Refused where no such row is asked about any more.
    """
    with walking(decide, sheet, actor) as walk, in_county(sheet):
        rows = StagedRow.objects.filter(sheet=sheet, state=RowState.ASKED)
        rows = rows.filter(number=number) if number else rows.filter(reasons__0__0=kind)
        found = list(rows.only("pk", "name", "phone_mark", "target"))
        if not found:
            raise Refused("这一行已经定好了，请刷新页面再看。")
        _keep(sheet, found, who, actor)
        questions.put([row.pk for row in found], who)
        questions.once_each(sheet)
        walk.facts["counts"] = staging.counted(sheet)
        walk.noted |= {"who": who, "rows": len(found)}
    return len(found)


def _keep(sheet: Sheet, rows: list[StagedRow], who: str, actor: User) -> None:
    """The county's answers; whom a new record is about is filled in once it is written."""
    county = county_of(sheet.organization_id)
    said = {
        (row.phone_mark, name_mark(row.name)): NumberAnswer(
            organization_id=county, phone_mark=row.phone_mark, name_mark=name_mark(row.name),
            who=who, record_id=row.target if who == "same" else None, by_name=actor.name,
        )
        for row in rows
    }  # fmt: skip
    NumberAnswer.objects.bulk_create(
        said.values(),
        update_conflicts=True,
        unique_fields=["organization", "phone_mark", "name_mark"],
        update_fields=["who", "record", "by_name", "at"],
    )
    kept: QuerySet = NumberAnswer.objects.filter(
        organization_id=county, phone_mark__in={phone for phone, _ in said}
    )
    known = {(one.phone_mark, one.name_mark): one.pk for one in kept}
    for row in rows:
        row.answer = known[row.phone_mark, name_mark(row.name)]
    StagedRow.objects.bulk_update(rows, ["answer"], batch_size=1000)

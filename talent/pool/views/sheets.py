"""Spreadsheets into the pool and out of it, as somebody follows them on a page."""

from itertools import zip_longest

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from qingchun.accounts.audit import opened, shows_nobody
from qingchun.ground.refusals import Refused, said_on
from qingchun.ground.spreadsheets import XLSX
from qingchun.ground.workbooks import reading
from qingchun.jobs.actions import progress_of
from qingchun.organizations.access import FORM, access, takes_files
from qingchun.organizations.models import Organization
from qingchun.stepping import Stepping
from qingchun.tapping import done, one_of
from talent.pool import exports as spreadsheet
from talent.pool.actions import deciding, export_jobs, importing, sheets
from talent.pool.choices import RowState, SheetState
from talent.pool.forms import PoolFilter
from talent.pool.imports import columns
from talent.pool.models import Sheet
from talent.pool.sheet_forms import ColumnsForm, OnlyRightForm, SheetForm, TabsForm, WhoForm
from talent.pool.views import sheet_rows
from talent.pool.views.records import CADRES
from talent.pool.views.sheet_rows import SHOWN

# Of the wrong rows in a file: each has its reasons as comments, which are slow to write.
MOST_WRONG = 5_000
# Shown otherwise than by their reasons.
OWN_PLACE = (RowState.READY, RowState.CHANGED, RowState.ASKED)


_sheet_or_404 = one_of(Sheet.objects.visible_to)


def _back(sheet):
    if sheet.state == SheetState.CANCELLED:
        return redirect("talent:sheets")
    return redirect("talent:sheet", sheet.pk)


STEPPING = Stepping(
    deciding.SHEETS,
    _sheet_or_404,
    who=CADRES,
    route="talent:sheet_step",
    forms={
        "say-columns": ColumnsForm,
        "confirm": OnlyRightForm.asked,
        "decide": WhoForm,
        "choose-tabs": TabsForm,
    },
    back=_back,
)
sheet_step = STEPPING.page


@access(**CADRES, takes=FORM)
@takes_files()
def sheet_list(request):
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with said_on(form, "file"):
            sheet = sheets.receive(actor=request.user, file=form.cleaned_data["file"])
            return redirect("talent:sheet", sheet.pk)
    found = Sheet.objects.visible_to(request.user).exclude(state=SheetState.CANCELLED)
    return render(request, "talent/pool/sheets.html", {"form": form, "sheets": found[:20]})


@access(**CADRES, reads=("表里的前几行",))
def sheet(request, pk):
    """Where a sheet is: waiting, to be put right, checked, brought in. Follows itself."""
    found = _sheet_or_404(request, pk)
    context = {"sheet": found, "progress": progress_of(found)}
    context["steps"] = STEPPING.offers(request.user, found)
    shows_nobody(request)
    if found.state == SheetState.MAPPING:
        opened(request, found, "查看导入的表格")
        samples = list(zip_longest(*found.below, fillvalue="")) or [()] * len(found.heads)
        context["heads"] = list(zip(found.heads, found.columns, samples, strict=False))
        context["first"] = ColumnsForm(record=found, user=request.user)["first"]
        context["choices"] = columns.CHOICES
    if found.state in (SheetState.CHECKED, SheetState.DONE):
        context["cut"] = _cut(found)
        context["parts"] = [
            (state, label, found.counts.get(state, 0), _said(found, state))
            for state, label in RowState.choices
        ]
    if found.state == SheetState.CHECKED:
        opened(request, found, "查看导入的表格")
        context["asked"], context["kinds"] = sheet_rows.asked(found)
        context["changed"] = list(sheet_rows.changed(found))
        context["answers"] = sheet_rows.ANSWERS
        context["seen"] = sheet_rows.seen(found)
    return render(request, "talent/pool/sheet.html", context)


def _said(sheet, state):
    """Some rows of one kind: (number, [(column's name, reason)])."""
    if state in OWN_PLACE or not sheet.counts.get(state):
        return ()
    return [
        (
            sheet.row_called(row.number),
            [(columns.BY_KEY[key].label, sheet.in_its_tab(reason)) for key, reason in row.reasons],
        )
        for row in sheets.rows_of(sheet, state).only("number", "reasons")[:SHOWN]
    ]


def _file(body, name):
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(body, content_type=XLSX, headers=headers | {"Cache-Control": "no-store"})


@access(**CADRES, reads=("写错的行",))
def sheet_wrong(request, pk):
    """The wrong rows with their reasons as comments, to be put right and uploaded again."""
    found = _sheet_or_404(request, pk)
    wrong = sheets.rows_of(found, RowState.WRONG).values_list("number", "reasons")
    rows = dict(wrong[:MOST_WRONG])
    if not rows or not found.file:
        raise Refused("没有写错的行，或者文件已经删除。")
    opened(request, found, "下载写错的行")
    book = reading.open_book(importing.content_of(found))
    typed = (
        (number, row)
        for all_rows, _, _, before in importing.Tabs(found, book)
        for number, row in enumerate(all_rows, 1 + before)
        if number in rows
    )
    return _file(spreadsheet.wrong_rows(found, typed, rows), f"改好再传{_cut(found)}.xlsx")


def _cut(sheet):
    """Where the file holds only the first of the wrong rows."""
    wrong = sheet.counts.get(RowState.WRONG, 0)
    return f"（前 {MOST_WRONG:,} 行，共 {wrong:,} 行）" if wrong > MOST_WRONG else ""


@access(**CADRES)
def sheet_template(request):
    unit = request.user.acting.organization
    homes = Organization.objects.active().within(unit.code)
    return _file(spreadsheet.template(unit, homes), "青年人才库模板.xlsx")


@access(**CADRES, takes=FORM)
def exports(request):
    """Ask for a spreadsheet of what the list shows; it is among one's files."""
    unit = request.user.acting.organization
    form = PoolFilter(request.POST or request.GET, unit=unit)
    words = request.POST.get("words", "").strip()[:30]
    asked = form.asked() | ({"words": words} if words else {})
    if request.method == "POST" and "column" in request.POST:
        export_jobs.ask(
            actor=request.user,
            columns=request.POST.getlist("column"),
            asked=asked,
            reason=request.POST.get("reason", "").strip()[:200],
        )
        return done(request, "正在导出，好了就能在这里下载，可以先去做别的。", "jobs:files")
    context = {
        "asked": asked,
        "choosable": [
            (k, label, k in spreadsheet.OFFICIAL) for k, label in spreadsheet.LABELS.items()
        ],
    }
    return render(request, "talent/pool/exports.html", context)

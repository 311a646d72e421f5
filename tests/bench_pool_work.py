# ruff: noqa: E402
"""One measure of the talent pool's spreadsheets, in a process of its own: its seconds, its memory.

``python -m tests.bench_pool_work WHAT FOLDER`` prints them as JSON. The references do what they
are known for: django-import-export as its documentation tunes it, openpyxl writing as it goes,
``rustpy-xlsxwriter`` and calamine alone.
"""

import io
import json
import os
import sys
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench_settings"

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils.timezone import localdate
from import_export import fields, resources, widgets
from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from rustpy_xlsxwriter import FastExcel
from tablib import Dataset

from qingchun.accounts.models import User
from qingchun.accounts.phones import masked
from qingchun.jobs.actions import work
from qingchun.jobs.choices import JobStatus
from qingchun.jobs.models import Job
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from talent.pool import exports as spreadsheet
from talent.pool import numbers
from talent.pool.actions import export_jobs, sheets
from talent.pool.choices import Agreed, SheetState
from talent.pool.imports import cells
from talent.pool.imports.checking import Checker
from talent.pool.imports.columns import BY_KEY
from talent.pool.models import PoolWords, Sheet, TalentRecord
from talent.pool.regions import province_of
from talent.pool.words import pairs_of
from tests.bench_tools import forget_peak, memory
from tests.looking import as_owner, looking

COUNTY = "140105"
COLUMNS = (
    "name", "phone", "identity", "township", "village", "education", "trade", "skills",
    "experience", "doing", "lives_at", "intention", "project", "supports", "agreed",
)  # fmt: skip


def cadre():
    with rls_context(scope=COUNTY):
        user = User.objects.get(username="county140105")
        user.acting = user.memberships.select_related("organization").get()
    return user


def bring_in(folder):
    """A file as it is uploaded, checked, confirmed and written."""
    actor, data = cadre(), (folder / "in.xlsx").read_bytes()
    start = time.perf_counter()
    with rls_context(scope=COUNTY, person=actor.pk):
        sheet = sheets.receive(actor=actor, file=SimpleUploadedFile("in.xlsx", data))
    del data
    forget_peak()  # another process takes the file in
    work()
    checked = time.perf_counter() - start
    with rls_context(scope=COUNTY, person=actor.pk):
        sheet = Sheet.objects.get(pk=sheet.pk)
        sheets.confirm(sheet, actor=actor, only_right=True)
    work()
    taken = time.perf_counter() - start
    with rls_context(scope=COUNTY):
        sheet = Sheet.objects.get(pk=sheet.pk)
    assert sheet.state == SheetState.DONE, (sheet.state, sheet.trouble)
    return {"seconds": taken, "checked": checked, "sheet": sheet.pk, "counts": sheet.counts}


def floor(folder):
    """The file read, and rows that are ready copied into tables with the same indexes."""
    start = time.perf_counter()
    book = CalamineWorkbook.from_path(str(folder / "in.xlsx"))
    read = sum(1 for _ in book.get_sheet_by_name(book.sheet_names[0]).iter_rows())
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("record", "words"):
            head, _, body = (folder / table).read_bytes().partition(b"\n")
            cursor.copy_expert(f"COPY bare_{table} ({head.decode()}) FROM STDIN", io.BytesIO(body))
    return {"seconds": time.perf_counter() - start, "read": read}


class Converted(widgets.Widget):
    """A cell by the very rules of our own import."""

    def __init__(self, convert):
        super().__init__()
        self.convert = convert

    def clean(self, value, row=None, **kwargs):
        value, problem = self.convert(value)
        if problem:
            raise ValueError(problem)
        return value


class RecordResource(resources.ModelResource):
    """The same model and checks, tuned: new rows only, in bulk, nothing compared or kept."""

    class Meta:
        model = TalentRecord
        fields = ()
        use_bulk, batch_size, force_init_instance = True, 5000, True
        skip_diff, report_skipped, use_transactions = True, False, True

    def __init__(self):
        super().__init__()
        unit = Organization.objects.get(pk=COUNTY)
        homes = list(Organization.objects.active().within(COUNTY))
        home = Checker(
            unit=unit, homes=homes, terms={}, columns=[], first_row=2, today=localdate()
        )._home
        converts = {
            "name": ("name", cells.name), "township": ("organization_id", home),
            "village": ("village", cells.plain_text(40)), "education": ("education", cells.education),
            "trade": ("trade", cells.trade), "skills": ("skills", cells.skills({})),
            "experience": ("experience", cells.plain_text(500)),
            "doing": ("doing", cells.plain_text(60)), "lives_at": ("lives_at", cells.plain_text(40)),
            "intention": ("intention", cells.intention), "project": ("project", cells.plain_text(60)),
            "agreed": ("agreed", cells.agreed),
        }  # fmt: skip
        for key, (attribute, convert) in converts.items():
            self.fields[key] = fields.Field(
                attribute, BY_KEY[key].label, Converted(convert), saves_null_values=False
            )
        self.seen, self.today = set(), localdate()

    def before_save_instance(self, record, row, **kwargs):
        phone, problem = cells.phone(row["手机号"])
        identity, wrong = cells.identity_number(row["身份证号"])
        if problem or wrong:
            raise ValueError(problem or wrong)
        kept, known = numbers.keep_phone(phone), numbers.keep_identity(identity, is_agreed=True)
        if kept.mark in self.seen or known.mark in self.seen:
            raise ValueError("重复")
        self.seen |= {kept.mark, known.mark}
        record.phone_sealed, record.phone_mark = kept.sealed, kept.mark
        record.phone_shown = masked(phone)
        record.identity_sealed, record.identity_mark = known.sealed, known.mark
        record.supports, record.support_text = cells.supports(row["需要的支持"])
        record.lives_in = province_of(record.lives_at)
        record.stage, record.agreed_on, record.agreed_version = "pool", self.today, 1
        record.agreed = record.agreed or Agreed.PAPER
        record.sources = {"*": {"by": "sheet", "who": "张小店", "on": str(self.today)}}

    def bulk_create(self, *args, **kwargs):
        records = list(self.create_instances)
        super().bulk_create(*args, **kwargs)
        PoolWords.objects.bulk_create(
            (PoolWords(record=record, pairs=pairs_of(record)) for record in records),
            batch_size=5000,
        )


def import_export(folder):
    data = (folder / "in.xlsx").read_bytes()
    with looking():
        start = time.perf_counter()
        rows = Dataset().load(data, "xlsx")
        result = RecordResource().import_data(rows)
    return {"seconds": time.perf_counter() - start, "totals": dict(result.totals)}


def bring_out(folder):
    actor = cadre()
    with rls_context(scope=COUNTY, person=actor.pk):
        columns = list(spreadsheet.OFFICIAL[:15])
        export_jobs.ask(actor=actor, columns=columns, asked={}, reason="测速")
    start = time.perf_counter()
    work()
    taken = time.perf_counter() - start
    with rls_context(scope=COUNTY, person=actor.pk):
        export = Job.objects.latest("pk")
    assert export.status == JobStatus.SUCCESSFUL
    return {"seconds": taken, "people": int(export.note.split()[-2])}


def _rows():
    """The rows of an export, as it asks for them."""
    columns = list(spreadsheet.OFFICIAL[:15])
    return spreadsheet.Rows(TalentRecord.objects.all(), columns, True)


def openpyxl(folder):
    with rls_context(scope=COUNTY), transaction.atomic():
        start = time.perf_counter()
        book = Workbook(write_only=True)
        page, rows = book.create_sheet(), _rows()
        for row in rows:
            page.append(list(row.values()))
        book.save(io.BytesIO())
    return {"seconds": time.perf_counter() - start, "people": rows.count}


def rust(folder):
    with rls_context(scope=COUNTY), transaction.atomic():
        rows = list(_rows())
    start = time.perf_counter()
    FastExcel(io.BytesIO()).sheet("a", iter(rows)).save()
    return {"seconds": time.perf_counter() - start, "people": len(rows)}


WORKS = {
    "in": bring_in, "floor": floor, "import_export": import_export,
    "out": bring_out, "openpyxl": openpyxl, "rust": rust,
}  # fmt: skip

if __name__ == "__main__":
    as_owner()
    connection.ensure_connection()
    Organization.objects.first()
    idle = memory("VmRSS")
    found = WORKS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps(found | {"idle": idle, "peak": memory("VmHWM")}))

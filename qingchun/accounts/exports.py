from io import BytesIO
from itertools import islice

from django.utils.timezone import localtime
from rustpy_xlsxwriter import FastExcel

from qingchun.accounts.auditing import lines_of
from qingchun.accounts.imports import COLUMNS
from qingchun.ground.spreadsheets import safe_cell


def people_template():
    """Rows of the blank spreadsheet that ``imports.import_people`` reads."""
    return [COLUMNS, ("小店区", "（例）张晓燕", "13800000000", "团区委副书记", "填报员")]


# The log as a spreadsheet: the newest so many, streamed.
MOST_EVENTS = 20_000
AT_ONCE = 1000


def audit_book(events, said):
    """(an .xlsx file's bytes, how many events). ``said``: what was asked for, in row 1."""
    rows, body = _Counted(events), BytesIO()
    book = FastExcel(body)
    book.format(bold_headers=True)
    book.sheet("操作记录", rows, header_row=1, merge_ranges=[(0, 0, 0, 8, safe_cell(said))])
    book.freeze(row=2, sheet="操作记录")
    book.save()
    return body.getvalue(), rows.count


class _Counted:
    """Rows of the book, a thousand events at a time; says where it was cut."""

    def __init__(self, events):
        self.count, self._rows = 0, self._all(events)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._rows)

    def _all(self, events):
        found = events[: MOST_EVENTS + 1].iterator(chunk_size=AT_ONCE)
        while some := list(islice(found, AT_ONCE)):
            for line in lines_of(some):
                if self.count == MOST_EVENTS:
                    cut = f"只导出最近 {MOST_EVENTS:,} 条，更早的请缩小日期范围再导。"
                    yield dict.fromkeys(HEADINGS, "") | {HEADINGS[0]: cut}
                    return
                self.count += 1
                yield dict(zip(HEADINGS, map(safe_cell, _cells(line)), strict=True))
        if not self.count:
            yield dict.fromkeys(HEADINGS, "")


HEADINGS = ("时间", "单位", "人员", "经办单位", "事项", "对象", "说明", "详情", "来源地址")


def _cells(line):
    event = line.event
    yield f"{localtime(event.at):%Y-%m-%d %H:%M:%S}"
    yield event.organization.short_name
    yield event.actor_name
    yield event.actor_unit
    yield event.verb
    yield line.about
    yield event.remark
    yield "；".join(f"{label}：{value}" for label, value in line.facts)
    yield event.address or ""

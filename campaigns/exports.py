"""Rows of the log for a spreadsheet, and deadlines for a calendar."""

import datetime as dt
from itertools import islice

from django.utils.timezone import now
from icalendar import Alarm, Calendar, Event
from rustpy_xlsxwriter import FastExcel

from qingchun.ground.province import HOME
from qingchun.ground.spreadsheets import safe_cell

COLUMNS = {
    "日期": "held_on", "单位": "organization__short_name", "项目": "kind__short_name", "名称": "title",
    "地点": "place", "参加人次": "participants", "简述": "text", "登记人": "logged_by_name",
    "核对": "checked_by_name",
}  # fmt: skip
A_SHEET = 1_000_000  # rows; Excel shows 1,048,576
AT_ONCE = 2000


def write(path, activities, total, told):
    """Write what a list shows, newest first, into a file: row by row, whatever the number.

    ``path``: where the file is; given an open one, the writer holds all of it in memory. ``told``:
    called with the rows that are done, now and then. More than a sheet holds go on in the next one.
    """
    rows = _rows(activities, told)
    book = FastExcel(path).format(bold_headers=True)
    for number in range(1, max(1, -(-total // A_SHEET)) + 1):
        sheet = "活动台账" if total <= A_SHEET else f"活动台账 {number}"
        book.sheet(sheet, _a_sheet_of(rows), column_width=14)
        book.freeze(row=1, sheet=sheet)
    book.save()


def _a_sheet_of(rows):
    """Its rows, taken as they are written; an empty one for the sake of the headings."""
    yield next(rows, dict.fromkeys(COLUMNS, ""))
    yield from islice(rows, A_SHEET - 1)


def _rows(activities, told):
    found = activities.values_list(*COLUMNS.values()).iterator(chunk_size=AT_ONCE)
    for number, row in enumerate(found):
        if number % AT_ONCE == 0:
            told(number)
        yield dict(zip(COLUMNS, map(safe_cell, row), strict=True))


def deadlines_ics(deadlines, *, host):
    """(deadline, last day) pairs as an iCalendar feed of whole days, with one alarm each."""
    feed = Calendar()
    feed.add("prodid", "-//qingchun//deadlines//ZH")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", f"{HOME.action}截止日期")
    for deadline, day in deadlines:
        event, alarm = Event(), Alarm()
        event.add("uid", f"deadline-{deadline.pk}@{host}")
        event.add("dtstamp", now())
        event.add("dtstart", day)
        event.add("dtend", day + dt.timedelta(1))
        event.add("summary", f"{deadline.get_purpose_display()}截止（24 时前）")
        event.add("description", deadline.campaign.title)
        alarm.add("action", "DISPLAY")
        alarm.add("description", "明天截止")
        alarm.add("trigger", dt.timedelta(hours=-15))
        event.add_component(alarm)
        feed.add_component(event)
    return feed.to_ical()

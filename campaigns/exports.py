"""Rows of the log for a spreadsheet, and deadlines for a calendar."""

import datetime as dt

from django.db.models import F
from django.utils.timezone import now
from icalendar import Alarm, Calendar, Event

from qingchun.ground.province import HOME
from qingchun.ground.refusals import Refused

HEADER = ("日期", "单位", "项目", "名称", "地点", "参加人次", "简述", "登记人", "核对")
MOST_ROWS = 20_000


def activity_rows(activities):
    """Header and rows of what a list shows, newest first.

    Raises: Refused for more than ``MOST_ROWS``: a cut table is added up as if it were whole.
    """
    if (count := activities.count()) > MOST_ROWS:
        raise Refused(f"共 {count:,} 条，一次最多导出 {MOST_ROWS:,} 条。请按日期分几次导出。")
    rows = activities.values_list(
        "held_on",
        F("organization__short_name"),
        F("kind__short_name"),
        "title",
        "place",
        "participants",
        "text",
        "logged_by_name",
        "checked_by_name",
    )
    return HEADER, rows.iterator(chunk_size=2000)


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

"""Deadlines for a calendar."""

import datetime as dt

from django.utils.timezone import now
from icalendar import Alarm, Calendar, Event

from qingchun.ground.province import HOME


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

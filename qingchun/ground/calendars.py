"""One thing for somebody's own calendar."""

import datetime as dt

from django.http import HttpResponse
from django.utils.timezone import now
from icalendar import Calendar, Event

from qingchun.ground.links import site


def one_entry(
    kind: str,
    uid: str,
    *,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    text: str,
    link: str,
    version: int = 0,
    is_off: bool = False,
) -> bytes:
    """The bytes of an .ics file; ``link``: where it can be read about. The same ``uid`` with a
    higher ``version`` takes the place of what was put into the calendar before."""
    entry = Event()
    entry.add("uid", f"{uid}@{site()}")
    entry.add("sequence", version)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("summary", title)
    entry.add("location", place)
    entry.add("description", text)
    entry.add("url", link)
    entry.add("dtstamp", now())
    entry.add("dtstart", starts_at)
    entry.add("dtend", ends_at)
    calendar = Calendar()
    calendar.add("prodid", f"-//qingchun//{kind}//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def calendar_file(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )

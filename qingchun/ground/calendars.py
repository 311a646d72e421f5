"""Things for somebody's own calendar: as a file, or as a feed that a calendar program asks for again.

What is written follows from the records alone, so that equal records give equal bytes and whoever asks
again is told that nothing changed. What was moved or called off comes under the same name with a higher
number, which takes the place of what the calendar has.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from icalendar import Alarm, Calendar, Event

from qingchun.ground.province import HOME

# How often a feed is asked for again, where the program lets itself be told.
AGAIN_AFTER = dt.timedelta(hours=4)
TWO_HOURS_BEFORE = dt.timedelta(hours=-2)
NINE_THE_DAY_BEFORE = dt.timedelta(hours=-15)  # of a whole day


@dataclass(frozen=True, kw_only=True)
class Entry:
    """``uid``: the same for one thing whatever becomes of it, wherever the portal stands; ``version``:
    counts up with what becomes of it, ``changed_at`` says when it did last. Days without hours are
    whole ones, the last of them counted. ``is_busy``: whether nothing else can be at that time."""

    uid: str
    title: str
    starts: dt.datetime | dt.date
    ends: dt.datetime | dt.date
    changed_at: dt.datetime
    version: int = 0
    place: str = ""
    text: str = ""
    link: str = ""
    is_off: bool = False
    is_busy: bool = True
    alarm: dt.timedelta | None = TWO_HOURS_BEFORE

    @property
    def is_whole_days(self) -> bool:
        return not isinstance(self.starts, dt.datetime)


def calendar_of(kind: str, entries: Iterable[Entry], *, name: str = "") -> bytes:
    """The bytes of an .ics file. ``name``: what a feed is called."""
    made = Calendar()
    made.add("prodid", f"-//qingchun//{kind}//ZH")
    made.add("version", "2.0")
    if name:
        made.add("x-wr-calname", name)
        made.add("refresh-interval", AGAIN_AFTER, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", f"PT{AGAIN_AFTER // dt.timedelta(hours=1)}H")
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def _event(entry: Entry) -> Event:
    made, changed = Event(), entry.changed_at.astimezone(dt.UTC).replace(microsecond=0)
    made.add("uid", f"{entry.uid}@{HOME.code}.qingchun")
    made.add("sequence", entry.version)
    made.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("summary", entry.title)
    for field in ("place", "text", "link"):
        if said := getattr(entry, field):
            made.add({"place": "location", "text": "description", "link": "url"}[field], said)
    made.add("dtstart", entry.starts)
    made.add("dtend", entry.ends + dt.timedelta(1) if entry.is_whole_days else entry.ends)
    made.add("transp", "OPAQUE" if entry.is_busy and not entry.is_off else "TRANSPARENT")
    if entry.alarm and not entry.is_off:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", entry.alarm)
        made.add_component(alarm)
    return made


def calendar_file(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


def calendar_feed(body: bytes) -> HttpResponse:
    """Kept by whoever asked and by nobody between, and asked for anew each time: by its mark, which the
    middleware puts on it, an unchanged one is 304. Not by a day of change: what is owed no longer leaves
    none."""
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-cache"},
    )

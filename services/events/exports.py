"""An event for one's own calendar."""

from icalendar import Calendar
from icalendar import Event as Entry


def as_ics(event, *, host, link):
    """The bytes of an .ics file with one event; ``link``: where it can be read about."""
    calendar = Calendar()
    calendar.add("prodid", "-//qingchun//events//ZH")
    calendar.add("version", "2.0")
    entry = Entry()
    entry.add("uid", f"event-{event.pk}@{host}")
    entry.add("sequence", event.version)
    entry.add("summary", event.title)
    entry.add("location", event.place)
    entry.add("description", event.text)
    entry.add("url", link)
    entry.add("dtstamp", event.opens_at)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    calendar.add_component(entry)
    return calendar.to_ical()

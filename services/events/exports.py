"""An event for one's own calendar."""

from django.utils.timezone import now
from icalendar import Calendar
from icalendar import Event as Entry

from services.events.choices import State


def as_ics(event, *, host, link, signup=None):
    """The bytes of an .ics file with one event; ``link``: where it can be read about.

    Of a ``signup`` the own shift, and whether that person still comes.
    """
    shift = signup.group if signup and signup.group and signup.group.starts_at else None
    when, own = shift or event, f"-{shift.pk}" if shift else ""
    is_off = event.state == State.CANCELLED or (signup is not None and not signup.is_standing)
    entry = Entry()
    entry.add("uid", f"event-{event.pk}{own}@{host}")
    entry.add("sequence", event.version)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("summary", event.title)
    entry.add("location", shift.name if shift else event.place)
    entry.add("description", event.text)
    entry.add("url", link)
    entry.add("dtstamp", now())
    entry.add("dtstart", when.starts_at)
    entry.add("dtend", when.ends_at)
    calendar = Calendar()
    calendar.add("prodid", "-//qingchun//events//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return calendar.to_ical()

"""An event for one's own calendar, and its guests as a table."""

from django.utils.timezone import localtime, now
from icalendar import Calendar
from icalendar import Event as Entry

from services.events.choices import EventState


def as_ics(event, *, host, link, signup=None):
    """The bytes of an .ics file with one event; ``link``: where it can be read about.

    Of a ``signup`` the own shift, and whether that person still comes.
    """
    shift = signup.group if signup and signup.group and signup.group.starts_at else None
    when, own = shift or event, f"-{shift.pk}" if shift else ""
    is_off = event.state == EventState.CANCELLED or (signup is not None and not signup.is_standing)
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


def guest_table(event, signups):
    """(header, rows) of everybody who signed up; a column for each question that was asked."""
    asked = [(question["key"], question["label"]) for question in event.questions]
    fixed = ("序号", "姓名", "手机号", "身份", "籍贯", "组别或班次", "状态", "报名时间", "签到时间")
    rows = (
        (number, *_about(signup), *[signup.answers.get(key, "") for key, _ in asked])
        for number, signup in enumerate(signups, 1)
    )
    return (*fixed, *[label for _, label in asked]), rows


def _about(signup):
    yield signup.name
    yield signup.phone
    yield signup.get_kind_display()
    yield signup.home.name if signup.home else ""
    yield signup.group.name if signup.group else ""
    yield signup.state_words
    yield _at(signup.joined_at)
    yield _at(signup.arrived_at) if signup.arrived_at else ""


def _at(moment):
    return f"{localtime(moment):%Y-%m-%d %H:%M}"

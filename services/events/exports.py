"""An event for one's own calendar, and its guests as a table."""

from django.utils.timezone import localtime

from qingchun.ground.calendars import one_entry
from services.events.choices import EventState


def as_ics(event, *, link, signup=None):
    """The bytes of an .ics file with one event; ``link``: where it can be read about.

    Of a ``signup`` the own shift, and whether that person still comes.
    """
    shift = signup.group if signup and signup.group and signup.group.starts_at else None
    when, own = shift or event, f"-{shift.pk}" if shift else ""
    is_off = event.state == EventState.CANCELLED or (signup is not None and not signup.is_standing)
    return one_entry(
        "events", f"event-{event.pk}{own}", title=event.title, starts_at=when.starts_at,
        ends_at=when.ends_at, place=shift.name if shift else event.place, text=event.text,
        link=link, version=event.version, is_off=is_off,
    )  # fmt: skip


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

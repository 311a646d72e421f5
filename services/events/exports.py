"""An event for one's own calendar, and its guests as a table."""

import datetime as dt

from django.utils.timezone import localtime

from qingchun.ground.calendars import NINE_THE_DAY_BEFORE, TWO_HOURS_BEFORE, Entry, calendar_of
from services.events.choices import EventState

ONE_DAY = dt.timedelta(1)


def as_ics(event, *, link, signup=None):
    """The bytes of an .ics file with one event; ``link``: where it can be read about.

    Of a ``signup`` what is that person's own: a volunteer's shift, an intern's post, and whether they
    still come.
    """
    return calendar_of("events", [_own(event, signup, link) if signup else _of_all(event, link)])


def _of_all(event, link):
    return Entry(
        uid=f"event-{event.pk}", version=event.version, title=event.title, place=event.place,
        text=event.text, link=link, changed_at=event.changed_at or event.opens_at,
        is_off=event.state == EventState.CANCELLED, **_hours(event),
    )  # fmt: skip


def _own(event, signup, link):
    """Under its own name, which stays when the person is given another shift. ``turn`` is taken anew by
    whoever comes again, so that each coming and going has a higher number."""
    group, is_off = signup.group, not signup.is_standing
    has_hours = group is not None and group.starts_at
    where = group.name if has_hours else group.host if group and group.host else event.place
    title = f"{event.title}（{group.name}）" if group and group.host else event.title
    return Entry(
        uid=f"signup-{signup.pk}", version=event.version + 2 * signup.turn + is_off, title=title,
        place=where, text=event.text, link=link,
        changed_at=max(event.changed_at or event.opens_at, signup.joined_at),
        is_off=is_off or event.state == EventState.CANCELLED,
        **_hours(group if has_hours else event),
    )  # fmt: skip


def _hours(one):
    """What is longer than a day takes no time of anybody's by itself: whole days, in which they are
    not busy for all other things."""
    if one.ends_at - one.starts_at <= ONE_DAY:
        return {"starts": one.starts_at, "ends": one.ends_at, "alarm": TWO_HOURS_BEFORE}
    first, last = localtime(one.starts_at).date(), localtime(one.ends_at).date()
    return {"starts": first, "ends": last, "is_busy": False, "alarm": NINE_THE_DAY_BEFORE}


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

"""Whether messages go out: when the tick last came, and how many wait or failed."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qingchun.organizations.walls import acting

SILENT = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Things:
    """``tick_age`` is in seconds, None before the first tick."""

    tick_at: dt.datetime | None
    tick_age: int | None
    waiting: int
    failed: int
    is_stuck: bool


def seen_from_outside(now):
    """The same for whoever watches the portal, who is nobody in it."""
    with acting("tell"):
        return state_of_things(now)


def state_of_things(now):
    """Asked by somebody who sees all units: an administrator of the province."""
    week = now - dt.timedelta(7)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT at FROM notifications_pulse WHERE name = 'tick'),"
            " (SELECT count(*) FROM notifications_message WHERE state = 'due' AND try_at <= %s),"
            " (SELECT count(*) FROM notifications_message WHERE state = 'failed' AND due_at > %s)",
            [now, week],
        )
        tick, waiting, failed = cursor.fetchone()
    age = int((now - tick).total_seconds()) if tick else None
    stuck = tick is None or now - tick > SILENT
    return Things(tick, age, waiting, failed, stuck)

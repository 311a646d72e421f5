"""The days off that are in force: what the province has put in force of what is announced, over what
the library carries and the law fixes."""

from typing import Any

from django.db import connection

from campaigns.models import DaysOff
from campaigns.workdays import Announced, Days
from qingchun.ground.prepared import prepared

COUNTED = 7_310_226_409  # any number of our own, for the lock


def in_force() -> Days:
    """One question, asked anew each time: whoever counts working days goes by what holds now."""
    found = prepared(DaysOff.objects).filter(applied_at__isnull=False).order_by("year", "number")
    rows = found.values_list("year", "days")
    return Days({year: Announced.read(days) for year, days in rows})  # the last version of a year


def in_force_for(user: Any) -> Days:
    """The same for a page, as it came with whoever asks for it: no question of its own. Not for what is
    stored."""
    facts = getattr(user, "facts", {})
    if facts.get("days_off") is None:
        return in_force()
    return Days({one["year"]: Announced.read(one["days"]) for one in facts["days_off"]})


def hold_days(*, to_change: bool = False) -> None:
    """What is counted in this transaction and stored in a row that is new is counted by what holds
    when it commits: until then nobody puts other days in force. Rows that are there are held by their
    own locks. Needs: a transaction."""
    shared = "" if to_change else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [COUNTED])

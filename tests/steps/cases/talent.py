"""青年人才: found by 小店区."""

import datetime as dt

from django.utils.timezone import localdate

from talent.actions import pool
from tests.conftest import unit
from tests.steps.cases import Case

AGREED = {"agreed": "site", "agreed_on": localdate, "answer_by": None}
NOT_YET = {"agreed": "none", "agreed_on": None, "answer_by": lambda: localdate() + dt.timedelta(60)}


def _record(cast):
    return pool.enter(
        actor=cast["zhang"], home=unit("140105"), heard="phone", name="乔乡才", phone="13800008001"
    )


CASES = {
    "talent": Case(
        _record,
        dict.fromkeys(
            ("contacted", "pool", "returned", "started", "rests", "assign", "follow-up", "ask"),
            "zhang",
        ),
        dict.fromkeys(("found", "contacted"), NOT_YET)
        | dict.fromkeys(("pool", "returned", "started", "rests"), AGREED),
        {
            "assign": {"follower": None},
            "follow-up": {"means": "phone", "reached": True},
        },
        among=("sun",),
    ),
}  # fmt: skip

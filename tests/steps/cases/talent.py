"""青年人才: found by 小店区."""

import datetime as dt

from django.utils.timezone import localdate

from talent.pool.actions import records
from talent.pool.models import TalentRecord
from talent.youth.models import Youth
from tests.conftest import unit
from tests.events import scene
from tests.steps.cases import Case
from tests.walls import jpeg

AGREED = {"agreed": "site", "agreed_on": localdate, "answer_by": None}
NOT_YET = {"agreed": "none", "agreed_on": None, "answer_by": lambda: localdate() + dt.timedelta(60)}


def _record(cast):
    scene.arrived(cast["chen"])
    record = records.enter(
        actor=cast["zhang"], home=unit("140105"), heard="phone", name="乔乡才", phone="13800008001"
    )
    TalentRecord.objects.filter(pk=record.pk).update(user=cast["chen"])
    return TalentRecord.objects.get(pk=record.pk)


def _youth():
    return Youth.objects.get()


CASES = {
    "talent": Case(
        _record,
        dict.fromkeys(
            (
                "contacted", "pool", "returned", "started", "rests", "assign", "follow-up", "ask",
                "agree-on-paper", "remove",
            ),
            "zhang",
        )
        | dict.fromkeys(("agree", "put-right"), "chen")
        | dict.fromkeys(
            ("agree-by-check-in", "put-right-by-check-in", "refuse", "let-go"), "nobody"
        ),
        dict.fromkeys(("found", "contacted"), NOT_YET)
        | dict.fromkeys(("pool", "returned", "started", "rests"), AGREED),
        {
            "assign": {"follower": None},
            "follow-up": {"means": "phone", "reached": True},
            "agree-on-paper": {"paper": jpeg},
            "remove": {"why": "登记错了"},
            "let-go": {"day": lambda: localdate() + dt.timedelta(61)},
            **{key: {"youth": _youth} for key in ("agree-by-check-in", "put-right-by-check-in")},
        },
        among=("sun",),
        stands_for={key: {"rests": NOT_YET} for key in ("agree", "agree-on-paper", "let-go")}
        | {
            key: dict.fromkeys(("found", "contacted"), AGREED)
            for key in ("put-right", "put-right-by-check-in")
        },
    ),
}  # fmt: skip

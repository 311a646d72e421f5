"""家乡岗位: 小店区 puts up a vacancy, 陈返乡 asks for it."""

import datetime as dt

from django.utils.timezone import localdate, now

from tests.steps.cases import Case
from tests.vacancies import scene


def _later():
    return localdate() + dt.timedelta(9)


def _interest(cast):
    return scene.asked(cast["chen"], scene.posted(cast["zhang"]))


CASES = {
    "vacancies": Case(
        lambda cast: scene.posted(cast["zhang"]),
        {"take-down": "zhang", "put-back": "zhang"},
        {
            "open": {"down_why": "", "until": _later},
            "ended": {"down_why": "", "until": lambda: localdate() - dt.timedelta(1)},
            "down": {"down_why": "filled", "until": _later},
        },
        given={"take-down": {"why": "filled"}},
        among=("sun",),
    ),
    "interests": Case(
        _interest,
        {"answer": "zhang", "take-back": "chen"},
        {
            "asked": {"answer": "", "answered_at": None},
            "replied": {"answer": "来面试。", "answered_at": now},
        },
        given={"answer": {"said": "来面试。"}},
        among=("sun",),
    ),
}

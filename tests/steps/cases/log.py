"""The edition, and an entry of its log."""

from django.utils.timezone import now

from campaigns.actions.editions import copy_edition
from campaigns.models import Undertaking
from tests.steps.cases import Case


def _edition(cast):
    """One in which nothing was logged yet."""
    return copy_edition(cast["campaign"], actor=cast["li"], year=2020, by_festival=False)


def _undertaking(cast):
    return Undertaking.objects.create(
        organization_id="140105", campaign=cast["campaign"], kind=cast["entry"].kind
    )


CASES = {
    "editions": Case(_edition, {"open": "li", "close": "li", "lock": "li", "reopen": "li"}),
    "undertakings": Case(
        _undertaking,
        dict.fromkeys(("nothing", "take-back"), "zhang"),
        {"goes_on": {"nothing_to_report_at": None}, "nothing": {"nothing_to_report_at": now}},
        among=("sun",),
    ),
    "activities": Case(
        lambda cast: cast["entry"],
        {"delete-activity": "zhang", "check": "wang li", "ask": "wang li"},
        {
            "logged": {"checked_at": None, "deleted_at": None},
            "checked": {"checked_at": now, "deleted_at": None},
            "deleted": {"deleted_at": now},
        },
        {"delete-activity": {"reason": "重复"}, "ask": {"text": "几个人？"}},
    ),
}

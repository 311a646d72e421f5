"""Spreadsheets into the pool."""

from django.utils.timezone import now

from talent.pool.models import Sheet
from tests.steps.cases import Case


def _sheet(cast):
    return Sheet.objects.create(
        organization_id="140105", user=cast["zhang"], by_name="张小店", title="名单.xlsx",
        headings=["姓名"], columns=["name"], counts={"ready": 1},
    )  # fmt: skip


CASES = {
    "sheets": Case(
        _sheet,
        {
            "say-columns": "zhang", "confirm": "zhang", "ask-again": "zhang", "give-up": "zhang",
            "take-back": "zhang",
        },
        {"done": {"confirmed_at": now}},
        {"say-columns": {"keys": ["name"]}},
        among=("sun",),
    ),
}  # fmt: skip

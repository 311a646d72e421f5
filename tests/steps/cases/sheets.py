"""Spreadsheets into the pool."""

from django.utils.timezone import now

from talent.pool.models import Sheet, StagedRow
from tests.steps.cases import Case


def _sheet(cast):
    return Sheet.objects.create(
        organization_id="140105", user=cast["zhang"], by_name="张小店", title="名单.xlsx",
        headings=["姓名"], columns=["name"], counts={"ready": 1},
    )  # fmt: skip


def _somebody_asked_about(sheet):
    StagedRow.objects.create(
        organization_id="140105", sheet=sheet, number=2, state="asked", name="子乙", phone_mark=7,
        reasons=[["name", "请认定。"]],
    )  # fmt: skip
    sheet.counts = {"asked": 1}
    sheet.save(update_fields=["counts"])


def _without_township(sheet):
    sheet.columns, sheet.found = ["name", "township"], {"without_home": 1}
    sheet.save(update_fields=["columns", "found"])


def _with_two_tabs(sheet):
    sheet.options = {"tabs_there": [["甲", True], ["乙", True]]}
    sheet.save(update_fields=["options"])


CASES = {
    "sheets": Case(
        _sheet,
        {
            "say-columns": "zhang", "confirm": "zhang", "ask-again": "zhang", "give-up": "zhang",
            "take-back": "zhang", "decide": "zhang", "fill-down": "zhang",
            "choose-tabs": "zhang",
        },
        {"done": {"confirmed_at": now}},
        {"say-columns": {"keys": ["name"]}, "decide": {"who": "leave", "number": 2},
         "choose-tabs": {"tabs": ["甲"]}},
        among=("sun",),
        before={"decide": _somebody_asked_about, "fill-down": _without_township,
                "choose-tabs": _with_two_tabs},
    ),
}  # fmt: skip

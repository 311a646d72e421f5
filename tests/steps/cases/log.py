"""The edition, and an entry of its log."""

from django.utils.timezone import now

from tests.steps.cases import Case

CASES = {
    "editions": Case(lambda cast: cast["campaign"], {"open": "li", "lock": "li", "reopen": "li"}),
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

"""经验做法 and 典型."""

from django.utils.timezone import now

from reports.actions import exemplars, keeping
from reports.models import Exemplar, Practice
from tests.steps.cases import Case

PARTS = {name: "照实写。" for name, _ in Practice.PARTS}
GONE = {"name": "", "phone_mark": None, "story": "", "title": "", "picture": "", "place": ""}


def _practice(cast):
    record = Practice(campaign=cast["campaign"], organization_id="140105", title="一站办", **PARTS)
    return keeping.save_practice(record, actor=cast["zhang"], evidence=[cast["entry"]])


def _exemplar(cast):
    record = Exemplar(organization_id="140105", name="任", title="回乡", story="事迹")
    exemplars.save_exemplar(record, actor=cast["zhang"], phone="13800009001")
    agreed = {"agreed_at": now(), "agreed_to": 1, "user": cast["chen"], "published_at": now()}
    Exemplar.objects.filter(pk=record.pk).update(**agreed)
    return record


CASES = {
    "practices": Case(
        _practice,
        {"propose": "zhang", "back": "zhang", "choose": "li", "send-back": "li", "drop": "li"},
        {"chosen": {"chosen_at": now}},
    ),
    "exemplars": Case(
        _exemplar,
        {
            "pass-on": "zhang", "pass-up": "wang", "city-back": "wang", "send-back": "li",
            "publish": "li", "withdraw": "zhang", "withdraw-consent": "chen", "let-go": "nobody",
        },
        {"withdrawn": GONE},
    ),
}  # fmt: skip

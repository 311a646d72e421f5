"""经验做法, 典型, 政策, 代言 and 要求."""

from django.utils.timezone import now

from reports.boards.actions import demands
from reports.library.actions import exemplars, keeping
from reports.library.models import Exemplar, Policy, Practice, Voice
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


def _policy(cast):
    facts = {"title": "租房补贴", "kind": "housing", "who": "青年", "amount": "每月 300 元"}
    record = Policy(organization_id="140105", how="到窗口办", is_lasting=True, **facts)
    return keeping.save_policy(record, actor=cast["zhang"])


def _voice(cast):
    return Voice.objects.create(
        organization_id="140105", user=cast["chen"], called="小陈", words="山西好",
        picture="voices/a.jpg",
    )  # fmt: skip


def _demand(cast):
    asked = {"kind": "quota", "label": "座谈", "number": 1, "minutes": 30}
    return demands.ask_below(cast["campaign"], actor=cast["wang"], **asked)


CASES = {
    "policies": Case(
        _policy,
        {"withdraw": "zhang"},
        {"standing": {"withdrawn_at": None}, "withdrawn": {"withdrawn_at": now}},
    ),
    "voices": Case(
        _voice,
        {"show": "zhang", "refuse": "zhang", "take-down": "nobody"},
        {"shown": {"looked_at": now}},
        {"refuse": {"why": "照片里有别人"}},
    ),
    "demands": Case(
        _demand,
        {"drop": "wang"},
        {"asked": {"dropped_at": None}, "dropped": {"dropped_at": now}},
    ),
    "practices": Case(
        _practice,
        {"propose": "zhang", "back": "zhang", "choose": "li", "send-back": "li", "drop": "li"},
        {"chosen": {"chosen_at": now}},
    ),
    "exemplars": Case(
        _exemplar,
        {
            "pass-on": "zhang", "pass-up": "wang", "city-back": "wang", "send-back": "li",
            "publish": "li", "withdraw": "zhang",
            "call-back": "zhang", "city-call-back": "wang", "withdraw-consent": "chen", "let-go": "nobody",
            "agree": "chen",
        },
        {"withdrawn": GONE},
    ),
}  # fmt: skip

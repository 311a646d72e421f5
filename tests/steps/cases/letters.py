"""一封家书: 赵坞城 writes for the street's people, 张小店 looks at it and sends; 陈返乡 answers."""

from django.utils.timezone import now

from qingchun.organizations.walls import rls_context
from talent.youth.actions import letters
from talent.youth.models import HomeLetter, LetterCopy
from tests.events import scene
from tests.steps.cases import Case

WORDS = {
    "kind": "change", "title": "南街修好了", "text": "去年秋天铺的。", "for_kind": "", "for_want": "",
}  # fmt: skip


def _part(cast):
    zhao = cast["zhao"]
    with rls_context(scope=zhao.scope, person=zhao.pk):
        return letters.write_part(
            actor=zhao, campaign=cast["campaign"], organization_id=zhao.scope, **WORDS
        )


def _letter(cast):
    part = _part(cast)
    for act in (letters.offer, letters.approve):
        act(part, actor=cast["zhang"])
    return HomeLetter.objects.select_related("campaign").get()


def _copy(cast):
    youth = scene.arrived(cast["chen"])
    return LetterCopy.objects.create(
        organization_id="140105", campaign=cast["campaign"], youth=youth
    )


CASES = {
    "letter-parts": Case(
        _part,
        {
            "offer": "zhang zhao", "approve": "zhang", "send-back": "zhang",
            "take-back": "zhang zhao", "drop": "zhang zhao",
        },
        {"approved": {"approved_at": now}},
        {"send-back": {"why": "写上年份"}},
        among=("sun",),
    ),
    "home-letters": Case(
        _letter,
        {"send": "zhang", "stop": "zhang", "go-on": "zhang"},
        {"sent": {"sent_at": now}, "stopped": {"sent_at": now}},
        among=("sun",),
    ),
    "letter-copies": Case(
        _copy,
        {"answer-letter": "chen"},
        {
            "sent": {"read_at": None, "answered_at": None, "answer": ""},
            "read": {"read_at": now, "answered_at": None, "answer": ""},
            "answered": {"read_at": now, "answered_at": now, "answer": "thanks"},
        },
        {"answer-letter": {"said": "coming"}},
        among=("sun",),
    ),
}  # fmt: skip

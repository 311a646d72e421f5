"""咨询、困难、意见建议: 陈返乡 asks 小店区."""

from django.utils.timezone import now

from talent.youth.actions import questions
from talent.youth.models import Youth
from tests.conftest import unit
from tests.events import scene
from tests.steps.cases import Case

TEXT = {"text": "请带身份证。"}


def _question(cast):
    scene.arrived(cast["chen"])
    youth = Youth.objects.get(user=cast["chen"])
    return questions.ask(youth, kind="consult", text="怎么贷款？")


CASES = {
    "questions": Case(
        _question,
        {
            "answer": "zhang", "ask-back": "zhang", "pass-on": "zhang", "close": "zhang",
            "publish": "zhang",
            "say-more": "chen", "say-again": "chen", "say-outcome": "chen", "rise": "nobody",
        },
        {
            "answered": {"answered_at": now, "in_time": True},
            "closed": {"answered_at": now, "in_time": True, "closed_at": now},
        },
        {
            "answer": TEXT, "ask-back": TEXT, "say-more": TEXT, "say-again": TEXT,
            "say-outcome": {"outcome": "solved"},
            "publish": {"asked": "怎么贷款？", "answered": "到农商行。"},
            "pass-on": {"unit": lambda: unit("140106"), "remark": ""},
        },
        among=("sun",),
    ),
}  # fmt: skip

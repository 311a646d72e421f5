"""实施方案, 总结, and the province's own 总结."""

from django.utils.timezone import now

from campaigns.actions.log import log_activity
from campaigns.choices import DeadlineType
from reports.papers.actions import review
from reports.papers.actions.writing import start
from reports.papers.models import PaperSection
from tests.conftest import whole_contents, written
from tests.steps.cases import Case

SENT = {"sent_at": now, "first_sent_at": now, "decided_at": now}
STANDS = dict.fromkeys(("submitted", "in_review", "returned", "approved"), SENT)
CHANGE = {"change": {"reason": "大雪封路", "by": "王太原", "files": []}}
STANDS |= dict.fromkeys(("changing", "asked"), SENT | CHANGE)
ASKS = dict.fromkeys(("ask-change", "send-change", "take-back-change", "give-up-change"), "wang")
ANSWERS = dict.fromkeys(("agree-change", "refuse-change"), "li")
CITY = dict.fromkeys(("submit", "take-back"), "wang")
PROVINCE = dict.fromkeys(
    ("review", "stop-review", "send-back", "recall", "approve", "unapprove"), "li"
)
GIVEN = {"send-back": {"remarks": {"text": "写具体", "overview": "写具体"}}}
WHY = {"ask-change": {"reason": "大雪封路"}, "refuse-change": {"words": "先商量"}}


class Everything:
    def __contains__(self, name):
        return True


def _plan(cast):
    plan = start(DeadlineType.PLAN, cast["campaign"], actor=cast["wang"])
    for key, content in whole_contents().items():
        PaperSection.objects.filter(paper=plan, key=key).update(content=content)
    review.submit(plan, actor=cast["wang"])
    # What a change would make another; while it is read, and once it is approved, nobody sees it.
    PaperSection.objects.filter(paper=plan, key="text").update(content={"text": "改过的"})
    return plan


def _summary(cast):
    """Sent; and something was logged since."""
    summary = written(cast["campaign"], cast["wang"])
    review.submit(summary, actor=cast["wang"])
    entry = cast["entry"]
    log_activity(
        actor=cast["zhang"], entry="5e9f1c4e-0000-4000-8000-000000000001", kind=entry.kind,
        held_on=entry.held_on, place="补登", participants=9,
    )  # fmt: skip
    return summary


CASES = {
    "plans": Case(_plan, {**CITY, **PROVINCE, **ASKS, **ANSWERS, "publish": "li", "unpublish": "li"}, STANDS,
        GIVEN | WHY,
        stands_for={"unpublish": {"approved": {"shown_at": now}}}),
    "summaries": Case(
        _summary,
        {**CITY, **PROVINCE, "mend": "wang"},
        STANDS,
        {**GIVEN, "mend": {"chosen": Everything(), "reason": "补登一场"}},
    ),
    "own-summaries": Case(lambda cast: written(cast["campaign"], cast["li"]), {"settle": "li"}, STANDS),
}  # fmt: skip

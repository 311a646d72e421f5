"""What waits for a unit in its reports, for its hand-over page."""

from django.urls import reverse

from qingchun.accounts.duties import Duty, register
from qingchun.organizations.walls import PROVINCE
from reports.choices import EDITABLE, ExemplarState, PracticeState, VoiceState
from reports.models import Exemplar, Plan, Practice, Summary, Voice

PAPERS = (
    (Plan, "实施方案", "reports:plans"),
    (Summary, "总结", "reports:summaries"),
)


@register
def what_waits(code):
    if code == PROVINCE:
        for model, label, page in PAPERS:
            waiting = model.objects.within(code).awaiting_review()
            yield Duty(f"各市{label}，等待审阅", waiting.count(), reverse(page))
        proposed = Practice.objects.within(code).filter(state=PracticeState.PROPOSED)
        yield Duty("经验做法，等待推广或退回", proposed.count(), reverse("reports:practices"))
    else:
        for model, label, page in PAPERS:
            mine = model.objects.filter(organization_id=code, state__in=EDITABLE)
            yield Duty(f"{label}，正在起草或退回修改", mine.count(), reverse(page))
    state = {2: ExemplarState.AT_PROVINCE, 4: ExemplarState.AT_CITY}.get(len(code))
    if state:
        at_hand = Exemplar.objects.within(code).filter(state=state)
        yield Duty("典型，等待审看", at_hand.count(), reverse("reports:exemplars"))
    voices = Voice.objects.filter(organization_id=code, state=VoiceState.WAITING)
    yield Duty("我为山西代言，等待审看", voices.count(), reverse("reports:voice_desk"))

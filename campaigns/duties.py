"""What waits for a unit in the log, for its hand-over page."""

from django.urls import reverse

from campaigns.models import ActivityQuestion
from qingchun.accounts.duties import Duty


def unanswered_questions(code):
    waiting = ActivityQuestion.objects.filter(organization_id=code, answered_at=None)
    yield Duty("上级询问，等待答复", waiting.count(), reverse("campaigns:activities") + "?asked=1")

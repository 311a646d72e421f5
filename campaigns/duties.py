"""What waits for a unit in the log, for its hand-over page; and what a post was given."""

from django.urls import reverse

from campaigns.models import ActivityQuestion, CalendarKey
from qingchun.accounts.duties import Duty, given_out, register


@register
def unanswered_questions(code):
    waiting = ActivityQuestion.objects.filter(organization_id=code, answered_at=None)
    yield Duty("上级询问，等待答复", waiting.count(), reverse("campaigns:activities") + "?asked=1")


@given_out
def calendar_address(left):
    CalendarKey.objects.filter(membership=left).delete()

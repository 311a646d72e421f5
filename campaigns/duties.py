"""What waits for a unit in the log, for its hand-over page."""

from django.db.models import Count
from django.urls import reverse

from campaigns.models import ActivityQuestion
from qingchun.accounts.duties import PendingItem


def unanswered_questions(code):
    """Of each edition: a list shows one."""
    waiting = ActivityQuestion.objects.filter(organization_id=code, answered_at=None)
    found = waiting.values_list("activity__campaign").annotate(Count("pk"))
    for campaign, count in found.order_by("-activity__campaign"):
        there = f"{reverse('campaigns:activities')}?campaign={campaign}&asked=1"
        yield PendingItem("上级询问，等待答复", count, there)

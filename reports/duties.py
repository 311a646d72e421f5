"""What waits for a unit in its reports, for its hand-over page."""

from django.urls import reverse

from qingchun.accounts.duties import Duty, register
from qingchun.organizations.walls import PROVINCE
from reports.choices import EDITABLE
from reports.models import Plan


@register
def plans_waiting(code):
    if code == PROVINCE:
        waiting = Plan.objects.within(code).awaiting_review()
        yield Duty("各市方案，等待审阅", waiting.count(), reverse("reports:plans"))
    else:
        mine = Plan.objects.filter(organization_id=code, state__in=EDITABLE)
        yield Duty("实施方案，正在起草或退回修改", mine.count(), reverse("reports:plans"))

"""What waits for a unit in its plans and summaries, for its hand-over page."""

from django.db.models import Count
from django.urls import reverse

from qingchun.accounts.duties import PendingItem
from qingchun.organizations.walls import PROVINCE
from reports.papers.choices import AWAITING, EDITABLE
from reports.papers.models import Paper

PAPERS = {"plan": ("实施方案", "reports:plans"), "summary": ("总结", "reports:summaries")}


def sent_by(code):
    """(edition, purpose) of what a unit has sent; what it took back is owed again."""
    papers = Paper.objects.filter(organization_id=code).sent()
    return papers.order_by().values_list("campaign_id", "purpose")


def what_waits(code):
    if code == PROVINCE:
        papers, said = Paper.objects.within(code).filter(state__in=AWAITING), "各市{}，等待审阅"
    else:
        papers = Paper.objects.filter(organization_id=code, state__in=EDITABLE)
        said = "{}，正在起草或退回修改"
    counts = dict(papers.order_by().values_list("purpose").annotate(n=Count("pk")))
    for purpose, (label, page) in PAPERS.items():
        yield PendingItem(said.format(label), counts.get(purpose, 0), reverse(page))

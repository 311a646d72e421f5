"""What waits for a unit in its reports, for its hand-over page."""

from django.db import connection
from django.db.models import Count
from django.urls import reverse

from qingchun.accounts.duties import Duty, register
from qingchun.organizations.querysets import code_range
from qingchun.organizations.walls import PROVINCE
from reports.choices import AWAITING, EDITABLE
from reports.models import Paper

PAPERS = {"plan": ("实施方案", "reports:plans"), "summary": ("总结", "reports:summaries")}
# At a province what cities passed on, at a city what its counties did, at a county its own.
KEPT = """
SELECT (SELECT count(*) FROM reports_practice WHERE state = 'proposed' AND %(code)s = '14'),
    (SELECT count(*) FROM reports_exemplar WHERE organization_id >= %(low)s
     AND organization_id < %(high)s AND state = CASE length(%(code)s)
        WHEN 2 THEN 'at_province' WHEN 4 THEN 'at_city' END),
    (SELECT count(*) FROM reports_voice WHERE organization_id = %(code)s AND state = 'waiting')
"""


@register
def what_waits(code):
    if code == PROVINCE:
        papers, said = Paper.objects.within(code).filter(state__in=AWAITING), "各市{}，等待审阅"
    else:
        papers = Paper.objects.filter(organization_id=code, state__in=EDITABLE)
        said = "{}，正在起草或退回修改"
    counts = dict(papers.order_by().values_list("purpose").annotate(n=Count("pk")))
    for purpose, (label, page) in PAPERS.items():
        yield Duty(said.format(label), counts.get(purpose, 0), reverse(page))
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(KEPT, {"code": code, "low": low, "high": high})
        practices, exemplars, voices = cursor.fetchone()
    yield Duty("经验做法，等待推广或退回", practices, reverse("reports:practices"))
    yield Duty("典型，等待审看", exemplars, reverse("reports:exemplars"))
    yield Duty("我为山西代言，等待审看", voices, reverse("reports:voice_desk"))

"""What waits for a unit of what is kept for others, for its hand-over page."""

from django.db import connection
from django.urls import reverse

from qingchun.accounts.duties import PendingItem
from qingchun.ground.province import HOME
from qingchun.organizations.querysets import code_range

# At a province what cities passed on, at a city what its counties did, at a county its own.
KEPT = """
SELECT (SELECT count(*) FROM reports_practice WHERE state = 'proposed' AND length(%(code)s) = 2),
    (SELECT count(*) FROM reports_exemplar WHERE organization_id >= %(low)s
     AND organization_id < %(high)s AND state = CASE length(%(code)s)
        WHEN 2 THEN 'at_province' WHEN 4 THEN 'at_city' END),
    (SELECT count(*) FROM reports_voice WHERE organization_id = %(code)s AND state = 'waiting')
"""


def what_waits(code):
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(KEPT, {"code": code, "low": low, "high": high})
        practices, exemplars, voices = cursor.fetchone()
    yield PendingItem("经验做法，等待推广或退回", practices, reverse("reports:practices"))
    yield PendingItem("典型，等待审看", exemplars, reverse("reports:exemplars"))
    yield PendingItem(f"我为{HOME.short}代言，等待审看", voices, reverse("reports:voice_desk"))

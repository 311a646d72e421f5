"""What the portal counts of activity 5 (就业创业分享), so that nobody is asked for it."""

from campaigns import counting
from campaigns.counting import Counted

SHARING = "sharing"
# What was wrong was never offered; what is filled or over was.
FROM = """
SELECT campaign_id, left(organization_id, 6), {} FROM vacancies_vacancy
WHERE campaign_id IS NOT NULL AND down_why <> 'wrong' GROUP BY 1, 2
"""
VACANCIES = Counted(SHARING, "vacancies", "家乡岗位", "个", FROM.format("count(*)"))
EMPLOYERS = Counted(
    SHARING, "employers", "招人的单位", "家", FROM.format("count(DISTINCT employer)")
)


def recount(vacancy):
    """Bring both to what the records say. Needs: the county in scope."""
    if vacancy.campaign_id:
        counting.recount([VACANCIES, EMPLOYERS], vacancy.campaign_id, vacancy.organization_id)

"""What the portal counts of activity 4 (人才库), so that nobody is asked for it."""

from campaigns.counting import Counted
from talent.youth.choices import Means

POOL = "talent_pool"
STEPS = "SELECT campaign_id, left(organization_id, 6), sum(people) FROM talent_stagechange WHERE campaign_id IS NOT NULL AND is_new GROUP BY 1, 2"
TALKS = "SELECT campaign_id, left(organization_id, 6), count(*) FROM talent_followup WHERE campaign_id IS NOT NULL AND reached AND means = '{}' GROUP BY 1, 2"
ADDED = Counted(POOL, "added", "新增入库", "人", STEPS)
TALKED = {
    means.value: Counted(POOL, key, label, "人次", TALKS.format(means.value))
    for means, key, label in (
        (Means.PHONE, "calls", "电话回访"),
        (Means.ONLINE, "online", "网络回访"),
        (Means.VISIT, "visits", "实地探访"),
    )
}

# Who came into the pool and was spoken to, whose numbers are marks already.
REACHED = """
SELECT s.organization_id, 'talent_pool', coalesce(r.phone_mark, -s.id), coalesce(r.name, '')
FROM talent_stagechange s LEFT JOIN talent_talentrecord r ON r.id = s.record_id
WHERE s.campaign_id = %(campaign)s AND s.is_new AND s.people = 1
AND s.organization_id >= %(low)s AND s.organization_id < %(high)s
UNION ALL
SELECT f.organization_id, 'talent_pool', coalesce(r.phone_mark, -f.id), coalesce(r.name, '')
FROM talent_followup f LEFT JOIN talent_talentrecord r ON r.id = f.record_id
WHERE f.campaign_id = %(campaign)s AND f.reached
AND f.organization_id >= %(low)s AND f.organization_id < %(high)s
"""

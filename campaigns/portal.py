"""What this app says to the portal."""

from campaigns import duties, notices
from qingchun.ground.portal import Column, Portal

PORTAL = Portal(
    notices=[notices],
    waits=[duties.unanswered_questions],
    columns=[
        Column(
            place=3,
            icon="list-details",
            short="活动",
            long={None: "活动台账"},
            url="campaigns:activities",
            pages=["campaigns:activit"],
        ),
        Column(
            place=8,
            icon="calendar-event",
            short="行动",
            long={None: "行动安排"},
            url="campaigns:campaigns",
            pages=["campaigns:campaign"],
        ),
    ],
    badges={"open": "ok"},
    acts_for={
        "merge units": ["campaigns.actions"],
        "count": ["campaigns.management"],
    },
    schedule={
        "carry-out-mergers": {"task": "campaigns.tasks.carry_out_mergers", "schedule": 60 * 60},
        "forget-orphan-photos": {
            "task": "campaigns.tasks.forget_orphan_photos",
            "schedule": 6 * 60 * 60,
        },
    },
)

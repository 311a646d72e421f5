"""What this app says to the portal."""

from campaigns import duties, found, notices, waiting
from campaigns.lists import ACTIVITIES
from campaigns.permissions import WRITERS
from campaigns.querysets import days_off
from qingchun.ground.portal import Column, First, Portal
from qingchun.ground.sealed_forms import Mark
from qingchun.organizations.choices import Level

PORTAL = Portal(
    marks={"campaigns.ActivityWords.pairs": Mark("words", size=4)},
    notices=[notices],
    facts={"days_off": days_off},
    lists=[ACTIVITIES],
    waits=[duties.unanswered_questions],
    today=[waiting.asked, waiting.undertaken_and_logged],
    finds=[found.ACTIVITIES],
    first_days=[
        First(
            place=10,
            said="登记一场活动",
            url="campaigns:activity_log",
            verbs=["登记活动"],
            levels=[Level.COUNTY, Level.TOWNSHIP],
        ),
        First(
            place=20,
            said="看一场县里登记的活动，没有问题的点“核对”",
            url="campaigns:activities",
            verbs=["核对活动"],
            levels=[Level.CITY],
        ),
    ],
    columns=[
        Column(
            place=2,
            icon="list-details",
            short="台账",
            long={None: "活动台账"},
            url="campaigns:activities",
            carries=True,
            pages=["campaigns:activit"],
            on="tab",
        ),
        Column(
            place=2,
            icon="plus",
            short="登记活动",
            url="campaigns:activity_log",
            carries=True,
            pages=(),  # it lies in the one before
            roles=WRITERS,
            on="job",
        ),
        Column(
            place=9,
            icon="calendar-event",
            short="行动",
            long={None: "行动安排"},
            url="campaigns:campaigns",
            pages=["campaigns:campaign", "campaigns:days_off"],
            on="yearly",
            under=[("放假安排", "campaigns:days_off"), ("发送记录", "notifications:log")],
        ),
    ],
    badges={"open": "ok"},
    acts_for={
        "merge units": ["campaigns.actions"],
        "count": ["campaigns.actions.tallies", "campaigns.management"],
    },
    schedule={
        "carry-out-mergers": {"task": "campaigns.tasks.carry_out_mergers", "schedule": 60 * 60},
        "forget-orphan-photos": {
            "task": "campaigns.tasks.forget_orphan_photos",
            "schedule": 6 * 60 * 60,
        },
        "make-left-photos": {"task": "campaigns.tasks.make_left_photos", "schedule": 10 * 60},
        "count-days": {"task": "campaigns.tasks.count_days", "schedule": 10 * 60},
        "write-words": {"task": "campaigns.tasks.write_words", "schedule": 60 * 60},
    },
)

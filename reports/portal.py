"""What this app says to the portal."""

from qingchun.ground.portal import Column, Portal
from qingchun.organizations.choices import Level
from reports.library import drafting
from reports.library import duties as library_duties
from reports.library import notices as library_notices
from reports.papers import duties, notices
from reports.papers.actions import reminders

PORTAL = Portal(
    notices=[notices, library_notices],
    due=[reminders.reminders],
    drafted=[drafting.practices],
    waits=[duties.what_waits, library_duties.what_waits],
    columns=[
        Column(
            place=1,
            icon="chart-dots",
            short="进展",
            url="reports:board",
            pages=["reports:board"],
            long={Level.PROVINCE: "全省进展", Level.CITY: "全市进展", Level.COUNTY: "本县进展"},
        ),
        Column(
            place=2,
            icon="file-text",
            short="报送",
            url="reports:plans",
            levels=[Level.PROVINCE, Level.CITY],
            long={None: "方案总结"},
            pages=[
                "reports:plan",
                "reports:summar",
                "reports:compil",
                "reports:formal",
                "reports:ledger",
                "reports:demand",
                "reports:doc",
                "jobs:",
            ],
        ),
        Column(
            place=7,
            icon="star",
            short="经验",
            long={None: "经验宣传"},
            url="reports:practices",
            pages=[
                "reports:practice",
                "reports:exemplar",
                "reports:stor",
                "reports:polic",
                "reports:kit",
                "reports:spot",
                "reports:coverage",
                "reports:voice",
            ],
        ),
    ],
    badges={
        "submitted": "wait",
        "in_review": "wait",
        "returned": "back",
        "approved": "ok",
        "on_time": "ok",
        "extended": "wait",
        "late": "late",
        "owed": "late",
    },
    gone={"reports.document": "成文"},
    acts_for={
        "tell": ["reports.papers.actions.nudges"],
        "count": ["reports"],
        "claim": ["reports.library.actions.exemplars"],
        "publish for all": ["reports.library.actions.keeping"],
        "install the demo": ["reports.management"],
    },
    schedule={
        "remind-of-policy-ends": {
            "task": "reports.tasks.remind_of_policy_ends",
            "schedule": 6 * 60 * 60,
        },
    },
)

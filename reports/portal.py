"""What this app says to the portal."""

from qingchun.accounts.phones import PHONE
from qingchun.ground.portal import Column, First, Portal
from qingchun.ground.sealed_forms import Mark
from qingchun.organizations.choices import Level
from reports.boards import found
from reports.boards.board import READS
from reports.library import drafting
from reports.library import duties as library_duties
from reports.library import found as library_found
from reports.library import lists as library_lists
from reports.library import notices as library_notices
from reports.library import waiting as library_waiting
from reports.library import ways as library_ways
from reports.papers import duties, notices, seals, waiting
from reports.papers import found as papers_found
from reports.papers.actions import reminders
from reports.papers.permissions import REVIEWERS

PORTAL = Portal(
    at_home=[library_ways.policies],
    goes_on={"reports:my_voice": "接着说一句", "reports:my_story": "看写到您的事迹"},
    public_pages={"library": library_ways.public_pages},
    lists=library_lists.ALL,
    may_be_old=[
        "reports:board",
        "reports:board_of",
        "reports:board_export",
        "reports:board_trend",
        "reports:board_days",
    ],
    kept_from=READS,
    proofs=[seals.proof],
    marks={
        "reports.Exemplar.phone_mark": Mark(PHONE),
        **{
            f"reports.{name}.pairs": Mark("words", size=4)
            for name in ("Practice", "Exemplar", "Policy")
        },
    },
    notices=[notices, library_notices],
    due=[reminders.reminders],
    sent=[duties.sent_by],
    drafted=[drafting.practices],
    waits=[duties.what_waits, library_duties.what_waits],
    today=[waiting.papers, library_waiting.kept],
    finds=[found.UNITS, *papers_found.PAPERS, *library_found.KEPT],
    actions=[
        ("写一条经验做法", "reports:practice_new"),
        ("写一位典型", "reports:exemplar_new"),
        ("发一条政策", "reports:policy_new"),
        ("登记展示点位", "reports:spot_new"),
    ],
    first_days=[
        First(
            place=10,
            said="写实施方案，写一点存一点",
            url="reports:plans",
            verbs=["开始起草", "报送方案"],
            levels=[Level.CITY],
        ),
        First(
            place=10,
            said="打开一个市的方案，开始审阅",
            url="reports:plans",
            verbs=["开始审阅"],
            levels=[Level.PROVINCE],
        ),
        First(
            place=20,
            said="放一件宣传品，让各地取用",
            url="reports:kit_new",
            verbs=["发布宣传品"],
            levels=[Level.PROVINCE],
        ),
    ],
    columns=[
        Column(
            place=1,
            icon="sun",
            short="今天",
            url="reports:today",
            pages=["reports:today"],
            on="tab",
        ),
        Column(
            place=7,
            icon="chart-dots",
            short="进展",
            url="reports:board",
            carries=True,
            pages=["reports:board"],
            under=[
                ("进展", "reports:board"),
                ("走势", "reports:board_trend"),
                ("日历", "reports:board_days"),
            ],
            long={Level.PROVINCE: "全省进展", Level.CITY: "全市进展", Level.COUNTY: "本县进展"},
        ),
        Column(
            place=6,
            icon="file-text",
            short="报送",
            url="reports:plans",
            carries=True,
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
            under=[
                ("实施方案", "reports:plans"),
                ("总结", "reports:summaries"),
                ("全省汇编", "reports:compilation"),
                ("防形式主义", "reports:formalism"),
                ("减负台账", "reports:ledger"),
                ("我的文件", "jobs:files"),
            ],
        ),
        Column(
            place=1,
            icon="checks",
            short="审阅",
            url="reports:plans",
            carries=True,
            pages=(),  # it lies in the one before
            levels=[Level.PROVINCE],
            roles=REVIEWERS,
            on="job",
        ),
        Column(
            place=8,
            icon="star",
            short="经验",
            long={None: "经验宣传"},
            url="reports:practices",
            carries=True,
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
            on="rest",
            under=[
                ("经验做法", "reports:practices"),
                ("典型", "reports:exemplars"),
                ("政策", "reports:policy_desk"),
                ("宣传品", "reports:kit"),
                ("展示点位", "reports:spots"),
                ("媒体报道", "reports:coverage"),
                ("代言", "reports:voice_desk"),
                ("减负台账", "reports:ledger"),
            ],
        ),
    ],
    badges={
        "submitted": "wait",
        "in_review": "wait",
        "changing": "wait",
        "asked": "wait",
        "returned": "back",
        "approved": "ok",
        "on_time": "ok",
        "extended": "wait",
        "late": "late",
        "owed": "late",
    },
    gone={"reports.document": "成文"},
    acts_for={
        "tell": ["reports.papers.actions.nudges", "reports.library.actions.publicity"],
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
        "ask-for-consents": {
            "task": "reports.tasks.ask_for_consents",
            "schedule": 6 * 60 * 60,
        },
    },
)

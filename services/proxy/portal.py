"""What this app says to the portal."""

from qingchun.accounts.navigation import YOUNG
from qingchun.ground.portal import Column, First, Portal
from qingchun.ground.sealed_forms import Mark
from qingchun.organizations.choices import Level
from services.proxy import counts, duties, found, lists, matters, notices, waiting, ways
from services.proxy.actions import days

PORTAL = Portal(
    at_home=[ways.checklist],
    ends_with=[ways.under_way],
    goes_on={"proxy:ask": "接着登记代办", "proxy:my_requests": "看您的代办"},
    public_pages={"services": ways.public_pages},
    lists=[lists.CASES, lists.TRIPS, lists.HOURS],
    marks={"proxy.ServiceRequest.person_mark": Mark("proxy person")},
    notices=[notices],
    due_days=[days.follow_days],
    matters={"proxy.servicerequest": matters.case},
    due=[duties.cases_that_are_due, duties.items_to_look_at_again],
    waits=[duties.open_cases],
    today=[waiting.cases],
    finds=[found.CASES],
    counted=[counts],
    reached=[counts.REACHED],
    tallies=[counts.TALLY],
    first_days=[
        First(
            place=50,
            said="采用一项代办，请部门确认后公开",
            url="proxy:items",
            verbs=["采用代办模板"],
            levels=[Level.COUNTY],
        ),
        First(
            place=30,
            said="上门登记一件代办",
            url="proxy:choose_item",
            verbs=["登记代办"],
            levels=[Level.TOWNSHIP],
        ),
    ],
    columns=[
        Column(
            place=4,
            icon="clipboard-check",
            short="代办",
            long={None: "民事代办"},
            url="proxy:board",
            carries=True,
            pages=["proxy:"],
            under=[
                ("办件", "proxy:cases"),
                ("上门登记", "proxy:choose_item"),
                ("跑办单", "proxy:trips"),
                ("今日收退", "proxy:day"),
                ("可约时段", "proxy:slots"),
                ("代办清单", "proxy:items"),
                ("常用语", "proxy:phrases"),
                ("数据", "proxy:figures"),
            ],
        ),
        Column(
            place=3,
            icon="clipboard-check",
            short="办事",
            url="proxy:my_requests",
            roles=[YOUNG],
            pages=["proxy:"],
        ),
    ],
    badges={
        "registered": "wait",
        "accepted": "wait",
        "at_office": "wait",
        "waiting": "back",
        "done": "ok",
    },
    acts_for={
        "count": ["services.proxy.duties"],
        "claim": ["services.proxy.actions.asking"],
        "forget": ["services.proxy.actions.after"],
        "what is due": ["services.proxy.duties"],
        "carry a case": ["services.proxy"],
        "install the demo": ["services.proxy"],
    },
    schedule={
        "forget-old-papers": {"task": "services.proxy.tasks.forget_old", "schedule": 6 * 60 * 60}
    },
)

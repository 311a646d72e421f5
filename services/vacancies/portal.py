"""What this app says to the portal."""

from qingchun.ground.portal import Column, Portal
from qingchun.organizations.choices import Level
from services.vacancies import counts, found, lists, matters, notices, waiting, ways

PORTAL = Portal(
    at_home=[ways.vacancies],
    public_pages={"vacancies": ways.public_pages},
    lists=[lists.VACANCIES],
    notices=[notices],
    matters={"vacancies.interest": matters.interest},
    today_rows=[waiting.vacancies],
    finds=[found.VACANCIES],
    actions=[("发布一个岗位", "vacancies:vacancy_new")],
    counted=[counts],
    columns=[
        Column(
            place=6,
            icon="briefcase",
            short="岗位",
            long={None: "家乡岗位"},
            url="vacancies:desk",
            levels=[Level.COUNTY, Level.TOWNSHIP],
            pages=["vacancies:"],
            on="rest",
        ),
    ],
    badges={"replied": "ok", "ended": "wait"},
    acts_for={
        "tell": ["services.vacancies.actions.watching"],
        "forget": ["services.vacancies.actions.leaving"],
        "what is due": ["services.vacancies.actions.watching"],
        "install the demo": ["services.vacancies.demo"],
    },
    schedule={
        "tell-of-vacancies": {
            "task": "services.vacancies.tasks.watch",
            "schedule": 15 * 60,
            "options": {"expires": 14 * 60},
        },
        "forget-old-interests": {
            "task": "services.vacancies.tasks.forget_old",
            "schedule": 6 * 60 * 60,
        },
    },
)

"""What this app says to the portal."""

from qingchun.accounts import chain, offers, staff
from qingchun.accounts.lists import PEOPLE, UNOPENED
from qingchun.accounts.phones import PHONE
from qingchun.accounts.querysets import offered_until, open_sign_ins
from qingchun.ground.portal import Column, First, Portal
from qingchun.ground.sealed_forms import Inside, Mark, Text
from qingchun.organizations.choices import Level, Role

PORTAL = Portal(
    proofs=[chain.proof],
    lists=[PEOPLE, UNOPENED],
    finds=[staff.STAFF],
    actions=[
        ("账号安全", "accounts:me"),
        ("开通账号", "accounts:invite"),
        ("帮助", "accounts:help"),
    ],
    facts={"open_sign_ins": open_sign_ins, "offered_until": offered_until},
    today=[offers.offered],
    sealed={
        "accounts.SignIn.session_sealed": Text("session"),
        # As the adapter seals them: the secret of one-time passwords, the seed of the codes.
        "mfa.Authenticator.data": Inside(
            dict.fromkeys(("secret", "seed", "migrated_codes"), Text("mfa"))
        ),
    },
    marks={"accounts.User.phone_proved_mark": Mark(PHONE)},
    first_days=[
        First(
            place=30,
            said="给下面一个单位开通账号",
            url="accounts:invite",
            verbs=["发出邀请"],
            levels=[Level.PROVINCE, Level.CITY, Level.COUNTY],
        ),
    ],
    columns=[
        Column(
            place=10,
            icon="users",
            short="人员",
            url="accounts:people",
            roles=[Role.ADMIN],
            on="yearly",
            pages=[
                "accounts:people",
                "accounts:open",
                "accounts:person",
                "accounts:invit",
                "accounts:hand",
                "accounts:transfer",
            ],
        ),
        Column(
            place=1,
            icon="shield-check",
            short="审计",
            url="accounts:audit",
            roles=[Role.AUDITOR],
            long={None: "安全审计"},
            pages=["accounts:audit"],
        ),
    ],
    badges={"active": "ok", "suspended": "back"},
    acts_for={
        "keep the log": ["qingchun.accounts"],
        "hand over": ["qingchun.accounts.duties"],
    },
    # What was written down is linked, and sealed once a day: accounts/chain.py.
    schedule={
        "chain-audit": {
            "task": "qingchun.accounts.tasks.chain_audit",
            "schedule": 60,
            "options": {"expires": 55},
        },
        "sweep-tries": {
            "task": "qingchun.accounts.tasks.sweep_tries",
            "schedule": 60 * 60,
            "options": {"expires": 55 * 60},
        },
    },
)

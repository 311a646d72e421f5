"""What this app says to the portal."""

from qingchun.ground.portal import Column, Portal
from qingchun.organizations.choices import Role

PORTAL = Portal(
    columns=[
        Column(
            place=9,
            icon="users",
            short="人员",
            url="accounts:people",
            roles=[Role.ADMIN],
            pages=[
                "accounts:people",
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
    },
)

"""What this app says to the portal."""

from qingchun.accounts.navigation import YOUNG
from qingchun.ground.portal import Column, Portal
from services.events import counts, duties, kinds, notices

PORTAL = Portal(
    notices=[notices],
    waits=[duties.events_ahead],
    counted=[kinds],
    reached=[counts.REACHED],
    columns=[
        Column(
            place=6,
            icon="ticket",
            short="报名",
            long={None: "活动报名"},
            url="events:desk",
            pages=["events:"],
        ),
        Column(
            place=2,
            icon="ticket",
            short="活动",
            url="events:my_events",
            roles=[YOUNG],
            pages=["events:"],
        ),
    ],
    badges={"held": "ok", "in": "ok", "applied": "wait", "offered": "back"},
    acts_for={
        "tell": ["services.events.actions.line"],
        "run an event": ["services.events"],
        "join": ["services.events"],
        "match": ["services.events"],
        "install the demo": ["services.events"],
    },
    schedule={
        "watch-events": {
            "task": "services.events.tasks.watch",
            "schedule": 60,
            "options": {"expires": 55},
        },
    },
)

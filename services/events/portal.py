"""What this app says to the portal."""

from qingchun.accounts.navigation import YOUNG
from qingchun.ground.portal import Column, Portal
from qingchun.ground.sealed_forms import Bytes, Mark
from services.events import counts, duties, found, kinds, lists, matters, notices, waiting, ways
from services.events.actions.evenings import AVOID
from services.events.actions.evenings import PERSON as IDENTITY
from services.events.actions.registration import PERSON
from services.events.models.warmth import SEAL

PORTAL = Portal(
    at_home=[ways.events],
    ends_with=[ways.under_way],
    goes_on={"events:join": "接着报名", "events:my_events": "看您的报名"},
    public_pages={"events": ways.public_pages},
    lists=[lists.EVENTS, lists.POINTS],
    sealed={
        f"events.Visit.sealed_{name}": Bytes(SEAL) for name in ("name", "place", "found", "given")
    },
    marks={
        "events.Signup.phone_ending_mark": Mark("event phone ending"),
        "events.Signup.person_mark": Mark(PERSON),
        "events.Profile.person_mark": Mark(IDENTITY),
        "events.Profile.avoids": Mark(AVOID),
        "events.Block.mark": Mark(AVOID),
        "events.Visit.mark": Mark(SEAL),
    },
    notices=[notices],
    matters={
        "events.signup": matters.signup,
        "events.event": matters.event,
        "events.eventgroup": matters.shift,
    },
    waits=[duties.events_ahead],
    today=[waiting.events],
    finds=[found.EVENTS],
    actions=[("新建报名活动", "events:event_new")],
    counted=[kinds],
    reached=[counts.REACHED],
    columns=[
        Column(
            place=5,
            icon="ticket",
            short="报名",
            long={None: "活动报名"},
            url="events:desk",
            pages=["events:"],
            under=[
                ("活动", "events:desk"),
                ("服务点", "events:points"),
                ("走访慰问", "events:visits"),
                ("数据", "events:figures"),
            ],
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
        "tell": ["services.events.actions.telling"],
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

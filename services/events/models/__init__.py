from services.events.models.events import Event, EventGroup, PointDay, ServicePoint
from services.events.models.matching import (
    Block,
    Choice,
    Evening,
    Match,
    Pledge,
    Profile,
    Report,
    Seat,
)
from services.events.models.signups import Placement, Signup, Wish
from services.events.models.warmth import Visit

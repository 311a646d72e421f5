from services.events.models.events import (
    Event,
    EventGroup,
    EventQuestion,
    GroupRow,
    PointDay,
    PointGiven,
    ServicePoint,
)
from services.events.models.matching import (
    Block,
    Choice,
    Evening,
    EveningFacts,
    Match,
    Pledge,
    Profile,
    ProfileFacts,
    Report,
    Seat,
)
from services.events.models.signups import Placement, Signup, SignupFacts, Wish
from services.events.models.warmth import Visit

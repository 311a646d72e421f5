from services.events.forms.desk import (
    CopyForm,
    EntryForm,
    EventFilter,
    PeopleFilter,
    PointForm,
    VisitForm,
)
from services.events.forms.joining import (
    EveningForm,
    JoinForm,
    ProfileForm,
    WishForm,
)
from services.events.forms.sheet import Sheet
from services.events.forms.shifts import ShiftForm
from services.events.forms.steps import (
    CallOffForm,
    DeclineForm,
    FinishForm,
    HoursForm,
    OutcomeForm,
    SayForm,
)

__all__ = [
    "CallOffForm",
    "CopyForm",
    "DeclineForm",
    "EntryForm",
    "EveningForm",
    "EventFilter",
    "FinishForm",
    "HoursForm",
    "JoinForm",
    "OutcomeForm",
    "PeopleFilter",
    "PointForm",
    "ProfileForm",
    "SayForm",
    "Sheet",
    "ShiftForm",
    "VisitForm",
    "WishForm",
]

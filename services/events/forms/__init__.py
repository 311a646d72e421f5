from services.events.forms.desk import (
    CopyForm,
    EntryForm,
    EventFilter,
    FinishForm,
    HoursForm,
    PeopleFilter,
    PointForm,
    VisitForm,
)
from services.events.forms.joining import (
    EveningForm,
    JoinForm,
    ProfileForm,
    SayForm,
    WishForm,
)
from services.events.forms.sheet import Sheet
from services.events.forms.shifts import ShiftForm

__all__ = [
    "CopyForm",
    "EntryForm",
    "EveningForm",
    "EventFilter",
    "FinishForm",
    "HoursForm",
    "JoinForm",
    "PeopleFilter",
    "PointForm",
    "ProfileForm",
    "SayForm",
    "Sheet",
    "ShiftForm",
    "VisitForm",
    "WishForm",
]

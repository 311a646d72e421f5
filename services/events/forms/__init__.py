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
from services.events.forms.events import EventForm
from services.events.forms.joining import (
    EveningForm,
    JoinForm,
    ProfileForm,
    SayForm,
    WishForm,
)
from services.events.forms.rows import (
    GroupForms,
    MoreStationForms,
    PostForms,
    QuestionForms,
    StationForms,
)

__all__ = [
    "CopyForm",
    "EntryForm",
    "EveningForm",
    "EventFilter",
    "EventForm",
    "FinishForm",
    "GroupForms",
    "HoursForm",
    "JoinForm",
    "MoreStationForms",
    "PeopleFilter",
    "PointForm",
    "PostForms",
    "ProfileForm",
    "QuestionForms",
    "SayForm",
    "StationForms",
    "VisitForm",
    "WishForm",
]

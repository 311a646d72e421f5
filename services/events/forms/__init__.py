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
from services.events.forms.events import (
    EventForm,
    GroupForms,
    PostForms,
    QuestionForms,
    StationForms,
)
from services.events.forms.joining import EveningForm, JoinForm, SayForm, WishForm

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
    "PeopleFilter",
    "PointForm",
    "PostForms",
    "QuestionForms",
    "SayForm",
    "StationForms",
    "VisitForm",
    "WishForm",
]

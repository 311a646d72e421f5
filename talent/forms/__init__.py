from talent.forms.checkin import CheckInForm, DoorForm, MoreForm
from talent.forms.desk import (
    ContactForm,
    GroupForm,
    HometownForm,
    NoteForm,
    PassOnForm,
    PostingForm,
    PublishForm,
    TextForm,
    UnitForm,
    WordsForm,
    YouthFilter,
)
from talent.forms.mine import AskForm, CorrectForm, OutcomeForm

__all__ = [
    "AskForm",
    "CheckInForm",
    "ContactForm",
    "CorrectForm",
    "DoorForm",
    "GroupForm",
    "HometownForm",
    "MoreForm",
    "NoteForm",
    "OutcomeForm",
    "PassOnForm",
    "PostingForm",
    "PublishForm",
    "TextForm",
    "UnitForm",
    "WordsForm",
    "YouthFilter",
]

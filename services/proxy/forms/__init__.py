from services.proxy.forms.asking import AskForm, DoorForm, HourForm, RateForm, StatusForm
from services.proxy.forms.desk import (
    AgentForm,
    CaseFilter,
    ExtendForm,
    HandOverForm,
    HoursForm,
    MoveForm,
    NoteForm,
    PaperForm,
    PhraseForm,
)
from services.proxy.forms.items import ConfirmForm, ItemForm, MaterialForms, StepForms

__all__ = [
    "AgentForm",
    "AskForm",
    "CaseFilter",
    "ConfirmForm",
    "DoorForm",
    "ExtendForm",
    "HandOverForm",
    "HourForm",
    "HoursForm",
    "ItemForm",
    "MaterialForms",
    "MoveForm",
    "NoteForm",
    "PaperForm",
    "PhraseForm",
    "RateForm",
    "StatusForm",
    "StepForms",
]

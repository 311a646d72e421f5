from reports.forms.demands import DemandForm, YouthCountForm
from reports.forms.kept import (
    ExemplarForm,
    KitForm,
    PolicyForm,
    PracticeForm,
    SpotForm,
    VoiceForm,
)
from reports.forms.plans import OWN_KEYS, DayForm, read_section
from reports.forms.schedule import ScheduleForm
from reports.forms.summaries import MOST_TYPED, read_part
from reports.forms.texts import LONGEST_TEXT, AttachmentForm

__all__ = [
    "LONGEST_TEXT",
    "MOST_TYPED",
    "OWN_KEYS",
    "AttachmentForm",
    "DayForm",
    "DemandForm",
    "ExemplarForm",
    "KitForm",
    "PolicyForm",
    "PracticeForm",
    "ScheduleForm",
    "SpotForm",
    "VoiceForm",
    "YouthCountForm",
    "read_part",
    "read_section",
]

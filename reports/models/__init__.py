from reports.models.demands import Demand
from reports.models.kept import (
    Evidence,
    Exemplar,
    Policy,
    Practice,
    PracticeUse,
    YouthCount,
)
from reports.models.papers import (
    Attachment,
    Paper,
    PaperSection,
    PaperVersion,
    Plan,
    PlanExample,
    Remark,
    Summary,
)
from reports.models.publicity import KitFetch, KitItem, Spot, Voice
from reports.models.reminding import Nudge, ReminderSchedule
from reports.models.sealing import Erratum, Seal

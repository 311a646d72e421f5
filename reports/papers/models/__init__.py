from reports.papers.models.papers import (
    Attachment,
    Paper,
    PaperSection,
    PaperVersion,
    Plan,
    PlanExample,
    Remark,
    Summary,
)
from reports.papers.models.reminding import Nudge, ReminderSchedule
from reports.papers.models.sealing import Erratum, Seal

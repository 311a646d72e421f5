from reports.models.demands import Demand
from reports.models.documents import Document
from reports.models.kept import YouthCount
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
from reports.models.reminding import Nudge, ReminderSchedule
from reports.models.sealing import Erratum, Seal

__all__ = [
    "Attachment",
    "Demand",
    "Document",
    "Erratum",
    "Nudge",
    "Paper",
    "PaperSection",
    "PaperVersion",
    "Plan",
    "PlanExample",
    "Remark",
    "ReminderSchedule",
    "Seal",
    "Summary",
    "YouthCount",
]

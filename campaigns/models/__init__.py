from campaigns.models.editions import (
    ActivityKind,
    CalendarKey,
    Campaign,
    Deadline,
    Extension,
    Measure,
    Stage,
    Undertaking,
)
from campaigns.models.log import (
    Activity,
    ActivityQuestion,
    FigureTally,
    MediaCoverage,
    Photo,
    RecordTally,
    Tally,
)

__all__ = [
    "Activity",
    "ActivityKind",
    "ActivityQuestion",
    "CalendarKey",
    "Campaign",
    "Deadline",
    "Extension",
    "FigureTally",
    "Measure",
    "MediaCoverage",
    "Photo",
    "RecordTally",
    "Stage",
    "Tally",
    "Undertaking",
]

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
    "Stage",
    "Tally",
    "Undertaking",
]

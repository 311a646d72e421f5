from campaigns.models.editions import (
    ActivityKind,
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

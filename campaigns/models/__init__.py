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
    ActivityWords,
    FigureTally,
    MediaCoverage,
    Photo,
    RecordTally,
    Tally,
)

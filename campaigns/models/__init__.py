from campaigns.models.clips import Clip, ClipPart
from campaigns.models.days_off import DaysOff
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
from campaigns.models.effort import Effort
from campaigns.models.log import (
    Activity,
    ActivityQuestion,
    ActivityWords,
    MediaCoverage,
    Photo,
)
from campaigns.models.tallies import DayTally, FigureTally, RecordTally, Tally

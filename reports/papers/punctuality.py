"""On time, with more time, or late: judged by the first sending alone."""

from campaigns.calendar import closes_at
from reports.papers.choices import Punctuality


def punctuality(first_sent_at, enforced_on, extended_until, now):
    """One of the four. Once the day is over the first three add up to what was expected."""
    judged_at = first_sent_at or now
    if judged_at < closes_at(enforced_on):
        if first_sent_at:
            return Punctuality.ON_TIME
        return Punctuality.EXTENDED if extended_until else Punctuality.NOT_DUE
    if extended_until and judged_at < closes_at(extended_until):
        return Punctuality.EXTENDED
    return Punctuality.LATE

"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from services.proxy import counts, duties, notices

PORTAL = Portal(
    notices=[notices],
    due=[duties.cases_that_are_due, duties.items_to_look_at_again],
    waits=[duties.open_cases],
    counted=[counts],
    reached=[counts.REACHED],
    tallies=[counts.TALLY],
)

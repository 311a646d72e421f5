"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from services.events import counts, duties, notices

PORTAL = Portal(
    notices=[notices],
    waits=[duties.events_ahead],
    counted=[counts],
    reached=[counts.REACHED],
)

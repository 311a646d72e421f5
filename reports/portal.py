"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from reports.library import drafting
from reports.library import duties as library_duties
from reports.library import notices as library_notices
from reports.papers import duties, notices
from reports.papers.actions import reminders

PORTAL = Portal(
    notices=[notices, library_notices],
    due=[reminders.reminders],
    drafted=[drafting.practices],
    waits=[duties.what_waits, library_duties.what_waits],
)

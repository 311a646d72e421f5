"""What this app says to the portal."""

from campaigns import duties, notices
from qingchun.ground.portal import Portal

PORTAL = Portal(notices=[notices], waits=[duties.unanswered_questions])

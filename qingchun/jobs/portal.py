"""What this app says to the portal."""

from qingchun.ground.portal import Portal

PORTAL = Portal(
    acts_for={"forget": ["qingchun.jobs"], "work a queue": ["qingchun.jobs"]},
)

"""What this app says to the portal."""

from qingchun.ground.portal import Portal

PORTAL = Portal(
    acts_for={
        "seal papers": ["qingchun.organizations.management"],
    },
)

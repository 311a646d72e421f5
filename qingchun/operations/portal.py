"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from qingchun.ground.sealed_forms import Mark, Text
from qingchun.operations import notices
from qingchun.operations.keys import WHAT

PORTAL = Portal(
    notices=[notices],
    acts_for={"tell": ["qingchun.operations"], "seal anew": ["qingchun.operations"]},
    schedule={
        "watch": {
            "task": "qingchun.operations.tasks.watch",
            "schedule": 60,
            "options": {"expires": 55},
        },
    },
    sealed={"operations.Installation.probe": Text(WHAT)},
    marks={"operations.Installation.index_probe": Mark(WHAT)},
)

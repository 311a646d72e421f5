"""What this app says to the portal."""

from qingchun.ground.portal import Portal
from qingchun.ground.waking import SWEEP

PORTAL = Portal(
    acts_for={"forget": ["qingchun.jobs"], "work a queue": ["qingchun.jobs"]},
    schedule={
        "work-on-jobs": {"task": "qingchun.jobs.tasks.work", **SWEEP},
        "forget-old-files": {"task": "qingchun.jobs.tasks.forget_old", "schedule": 6 * 60 * 60},
    },
)

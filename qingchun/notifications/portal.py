"""What this app says to the portal."""

from django.conf import settings

from qingchun.ground.portal import Portal
from qingchun.ground.waking import SWEEP
from qingchun.notifications import actions, notices
from qingchun.notifications.querysets import unread_count

PORTAL = Portal(
    notices=[notices],
    senders={
        "code": actions.send_code,
        "invitation": actions.send_invitation,
        "password": actions.send_password_link,
        "take_back": actions.no_longer,
        "codes_run_out": actions.warn_of_codes,
        "key_made": actions.tell_of_key,
        "number_changed": actions.tell_old_number,
        "factors_removed": actions.tell_of_factors,
        "auditor_stopped": actions.tell_of_auditor,
    },
    facts={"unread": unread_count},
    badges={"due": "wait", "sending": "wait", "sent": "ok", "failed": "late"},
    acts_for={
        "tell": ["qingchun.notifications"],
    },
    schedule={
        "tick": {
            "task": "qingchun.notifications.tasks.tick",
            "schedule": settings.TICK_SECONDS,
            "options": {"expires": 55},
        },
        "send-codes": {"task": "qingchun.notifications.tasks.send", "args": ["code"], **SWEEP},
    },
)

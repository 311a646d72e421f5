"""What this app says to the portal."""

from qingchun.ground.portal import Portal
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
)

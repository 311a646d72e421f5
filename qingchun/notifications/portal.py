"""What this app says to the portal."""

from django.conf import settings

from qingchun.ground.portal import Portal
from qingchun.ground.sealed_forms import Text
from qingchun.ground.waking import SWEEP
from qingchun.notifications import account_news, actions, notices, waiting
from qingchun.notifications.lists import SENT
from qingchun.notifications.querysets import unread_count

PORTAL = Portal(
    lists=[SENT],
    sealed={
        "notifications.Message.sealed": Text("code"),
        "notifications.GroupChat.sealed_url": Text("group chat"),
        "notifications.GroupChat.sealed_secret": Text("group chat"),
    },
    notices=[notices],
    senders={
        "code": account_news.send_code,
        "invitation": account_news.send_invitation,
        "password": account_news.send_password_link,
        "take_back": actions.no_longer,
        "codes_run_out": account_news.warn_of_codes,
        "key_made": account_news.tell_of_key,
        "number_changed": account_news.tell_old_number,
        "factors_removed": account_news.tell_of_factors,
        "auditor_stopped": account_news.tell_of_auditor,
    },
    facts={"unread": unread_count},
    today=[waiting.unread],
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

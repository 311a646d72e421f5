"""A message that went out by SMS, and is sent again."""

import uuid

from django.utils.timezone import now

from qingchun.notifications.models import Message
from tests.steps.cases import Case


def _message(cast):
    return Message.objects.create(
        organization_id="140105", recipient=cast["zhang"], channel="sms", purpose="deadline",
        subject="请看", key="made", due_at=now(), try_at=now(), state="failed",
    )  # fmt: skip


CASES = {
    "messages": Case(
        _message,
        {"send-again": "li"},
        {"sent": {"sent_at": now}, "sending": {"claim": uuid.uuid4, "claimed_at": now}},
    ),
}

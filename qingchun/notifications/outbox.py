"""Rows in, rows claimed, rows written off: the three things done to the outbox.

A broker that loses a task or repeats it loses and repeats nothing here. What was decided is a
row under a unique key; a worker takes a row by ``FOR UPDATE SKIP LOCKED``, sends, and writes
the answer down in the same transaction that takes the next, so that a worker killed at any
statement leaves at most one message of which nobody knows whether it went.
"""

import json
import time
import uuid
from io import StringIO

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from qingchun.ground.quiet import after_quiet_hours, is_quiet
from qingchun.notifications import channels
from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.notifications.drafts import ClaimedMessage
from qingchun.notifications.models import Message
from qingchun.organizations.walls import acting

# Rows in

COLUMNS = (
    "key", "purpose", "channel", "organization_id", "recipient_id", "subject", "lines", "link",
    "is_urgent", "state", "due_at", "try_at", "sent_at", "made_at", "attempts", "resends",
    "answer",
)  # fmt: skip


@transaction.atomic
def post(drafts, now):
    """Write drafts whose keys are new. Returns: how many were.

    Called in the transaction that decides. A message for the inbox that may be seen already is
    sent by being written: the row is what the person sees.
    """
    drafts = _unknown(drafts)
    if not drafts:
        return 0
    rows = StringIO()
    for draft in drafts:
        rows.write(_copied(draft, now))
    rows.seek(0)
    names = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        # COPY does not pass a wall; the INSERT that follows does, row by row.
        cursor.execute(
            f"CREATE TEMP TABLE posted ON COMMIT DROP AS SELECT {names}"
            " FROM notifications_message WITH NO DATA"
        )
        cursor.copy_expert(f"COPY posted ({names}) FROM STDIN", rows)
        cursor.execute(
            f"INSERT INTO notifications_message ({names}) SELECT {names} FROM posted"
            " ON CONFLICT (key) DO NOTHING"
        )
        written = cursor.rowcount
        cursor.execute("DROP TABLE posted")
    return written


SUPERSEDE = """
UPDATE notifications_message old SET state = 'cancelled', answer = '已由后一条提醒代替'
FROM notifications_message new
WHERE old.purpose = %s AND old.state = 'due' AND jsonb_array_length(old.lines) = 1
  AND new.purpose = old.purpose AND new.channel = old.channel AND new.due_at > old.due_at
  AND new.organization_id = old.organization_id
  AND new.recipient_id IS NOT DISTINCT FROM old.recipient_id
  AND new.lines @> jsonb_build_array((old.lines -> 0) - 'text' - 'values')
"""


def drop_superseded(purpose):
    """A message that was not sent before the next of its kind would say what no longer holds."""
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDE, [purpose])
        return cursor.rowcount


def _unknown(drafts):
    keys = [draft.key for draft in drafts]
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM notifications_message WHERE key = ANY(%s)", [keys])
        known = {key for (key,) in cursor.fetchall()}
    return [draft for draft in drafts if draft.key not in known]


def _escaped(text):
    for raw, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, written)
    return text


def _copied(draft, now):
    """One line of COPY's text format."""
    try_at = after_quiet_hours(max(draft.due_at, now), is_urgent=draft.is_urgent)
    seen = draft.channel == ChannelName.INAPP and try_at <= now
    fields = (
        draft.key, draft.purpose, str(draft.channel), draft.organization_id,
        "\\N" if draft.recipient_id is None else str(draft.recipient_id),
        _escaped(draft.subject), _escaped(json.dumps(draft.lines, ensure_ascii=False)),
        draft.link, "t" if draft.is_urgent else "f",
        "sent" if seen else "due", draft.due_at.isoformat(), try_at.isoformat(),
        now.isoformat() if seen else "\\N", now.isoformat(), "0", "0", "",
    )  # fmt: skip
    return "\t".join(fields) + "\n"


# Rows out

CLAIM = """
UPDATE notifications_message m
SET state = 'sending', claim = %s, claimed_at = %s, attempts = m.attempts + 1
FROM (SELECT id FROM notifications_message
      WHERE channel = %s AND state = 'due' AND try_at <= %s AND (is_urgent OR NOT %s)
      ORDER BY try_at LIMIT %s FOR UPDATE SKIP LOCKED) due
WHERE m.id = due.id
RETURNING m.id, m.organization_id, m.recipient_id, m.purpose, m.subject, m.lines, m.link,
          m.is_urgent, m.attempts, m.resends, m.sealed
"""
SENT = """
UPDATE notifications_message SET state = 'sent', claim = NULL, sealed = '', sent_at = %s, answer = %s
WHERE id = ANY(%s) AND claim = %s
"""
NOT_SENT = """
UPDATE notifications_message SET state = %s, claim = NULL, try_at = %s, answer = %s,
       sealed = CASE WHEN %s = 'due' THEN sealed ELSE '' END
WHERE id = %s AND claim = %s
"""
# A clock set back leaves claims in the future: those are stuck just as well. They go to the end
# of the line: a message that kills its worker must not do so before all others have gone.
RECOVER = """
UPDATE notifications_message SET state = 'due', claim = NULL, try_at = %s
WHERE channel = %s AND state = 'sending' AND claimed_at NOT BETWEEN %s AND %s
"""


def recover(name, now):
    """Free what a dead worker held. Returns: how many rows."""
    lease = settings.NOTIFICATIONS_LEASE
    with acting("tell"), connection.cursor() as cursor:
        cursor.execute(RECOVER, [now, name, now - lease, now + lease])
        return cursor.rowcount


def deliver_due(name, clock):
    """Send all that is due on one channel. Returns: how many were sent.

    Stops early when the provider fails several times in a row: the next tick tries again.
    """
    channel, sent, failures = channels.get(name), 0, 0
    _patiently(recover, name, clock())
    claim, outcomes = None, []
    while True:
        moment = clock()
        size = 0 if failures >= channels.MOST_FAILURES else channel.batch
        claim, parcels = _patiently(_turn, name, claim, outcomes, size, moment)
        if not parcels:
            return sent
        outcomes = channel.deliver_all(parcels, moment)
        sent += sum(outcome.state == MessageState.SENT for outcome in outcomes)
        has_failed = any(outcome.state == MessageState.DUE for outcome in outcomes)
        failures = failures + 1 if has_failed else 0


def _turn(name, claim, outcomes, size, now):
    """Write down the last outcomes and claim the next parcels, in one transaction."""
    fresh = uuid.uuid4()
    with acting("tell"), connection.cursor() as cursor:
        _write_down(cursor, claim, outcomes, now)
        if not size:
            return fresh, []
        # What waited through an outage does not go out in the night either.
        cursor.execute(CLAIM, [str(fresh), now, name, now, is_quiet(now), size])
        return fresh, [ClaimedMessage(*row) for row in cursor.fetchall()]


def _write_down(cursor, claim, outcomes, now):
    answered = {}
    for outcome in outcomes:
        if outcome.state == MessageState.SENT:
            answered.setdefault(outcome.answer, []).append(outcome.parcel.pk)
        else:
            values = [outcome.state, outcome.try_at, outcome.answer[:300], outcome.state]
            cursor.execute(NOT_SENT, [*values, outcome.parcel.pk, str(claim)])
    for answer, ids in answered.items():
        cursor.execute(SENT, [now, answer[:300], ids, str(claim)])


def _patiently(work, *arguments):
    """Do it again while the database restarts: what was sent must be written down."""
    deadline = time.monotonic() + settings.NOTIFICATIONS_PATIENCE.total_seconds()
    while True:
        try:
            return work(*arguments)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)


def oldest_due(now):
    """Seconds that the oldest due message has waited; 0 when none does."""
    with acting("tell"):
        first = Message.objects.overdue(now).values_list("try_at", flat=True).first()
    return max(0, int((now - first).total_seconds())) if first else 0

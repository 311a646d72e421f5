"""What is tried against a secret is counted in PostgreSQL, whether or not Redis is there.

On a connection of its own, one a process, that commits each count by itself: a request that is
refused or fails takes back nothing, two at once are two, and nobody waits for another's request.
Redis would do it a little faster, and forget all of it when it goes: an attacker's best moment.
"""

import os
import threading
import uuid
from collections.abc import Mapping

from django.core.cache import cache
from django.db import Error, connection
from django.utils.crypto import salted_hmac

# Whoever has lost power may try once more: nobody waits for the disk.
QUICK = "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"
COUNT = f"""
{QUICK}
INSERT INTO accounts_tries AS kept (key, times, until)
SELECT key, 1, statement_timestamp() + make_interval(secs => seconds)
FROM quick, unnest(%s::uuid[], %s::float[]) AS tried(key, seconds) ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    times = CASE WHEN kept.until > statement_timestamp() THEN kept.times + 1 ELSE 1 END,
    until = CASE WHEN kept.until > statement_timestamp() THEN kept.until ELSE excluded.until END
RETURNING key, times
"""
# Locked in the order in which they are counted: nobody waits for each other.
TAKE_BACK = f"""
{QUICK}, those AS (
    SELECT key FROM quick, accounts_tries WHERE key = ANY(%s::uuid[]) AND times > 0
    ORDER BY key FOR UPDATE OF accounts_tries
)
UPDATE accounts_tries kept SET times = times - 1 FROM those WHERE kept.key = those.key
"""
FORGET = "DELETE FROM accounts_tries WHERE key = ANY(%s::uuid[])"
SEEN = (
    "SELECT times FROM accounts_tries WHERE key = ANY(%s::uuid[]) AND until > statement_timestamp()"
)
SWEEP = "DELETE FROM accounts_tries WHERE until < statement_timestamp()"

_lock = threading.Lock()
_own = {}  # process id -> its connection: one that was forked has none


def _ask(statement, *values):
    with _lock:
        try:
            return _ask_once(statement, values)
        except Error:  # it has restarted, or another serves now
            _close()
            return _ask_once(statement, values)


def _ask_once(statement, values):
    if (own := _own.get(os.getpid())) is None:
        own = _own[os.getpid()] = connection.copy()
        own.inc_thread_sharing()
    with own.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def _close():
    if own := _own.pop(os.getpid(), None):
        own.close()


def close():
    """The process ends with it."""
    with _lock:
        _close()


def _mark(name):
    name = f"{cache.key_prefix}{name}"
    return str(uuid.UUID(salted_hmac("accounts.tries", name, algorithm="sha256").hexdigest()[:32]))


def count(spans: Mapping[str, float]) -> dict[str, int]:
    """Count each of these once more, in one trip.

    ``spans``: name -> seconds that it is counted for, from its first time. Returns: name -> how
    often it was tried in them, this time included.
    """
    marks = {name: _mark(name) for name in spans}
    found = dict(_ask(COUNT, list(marks.values()), [float(seconds) for seconds in spans.values()]))
    return {name: found[uuid.UUID(mark)] for name, mark in marks.items()}


def once(name, seconds):
    """Whether this is the first time in so many seconds; of two at once it is one's alone."""
    return count({name: seconds})[name] == 1


def seen(name):
    """How often it was tried in its time so far."""
    found = _ask(SEEN, [_mark(name)])
    return found[0][0] if found else 0


def take_back(*names):
    """These tries were right, or did not happen: they take no room from the next."""
    _ask(TAKE_BACK, [_mark(name) for name in names])


def forget(*names):
    """As if they had never been tried."""
    _ask(FORGET, [_mark(name) for name in names])


def sweep():
    """Those whose time is over. Returns: how many."""
    return _ask(SWEEP)

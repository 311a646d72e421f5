"""Whose turn it is, of several that could: a row that ends by itself unless it is taken anew.

No lock of a session, which a pooler gives to all who share its connection: a row means the same on
every connection, and after a failover.
"""

from contextlib import suppress

from django.db import Error, connection

SECONDS = 15  # of one turn; by the clock of the database

TAKE = """
INSERT INTO notifications_pulse AS pulse (name, at, holder)
VALUES (%s, clock_timestamp() + make_interval(secs => %s), %s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, holder = excluded.holder
WHERE pulse.holder = excluded.holder OR pulse.at < clock_timestamp()
   OR pulse.at > excluded.at + interval '1 minute'
RETURNING true
"""  # the last: a clock that was set back


def take(name, holder):
    """Take the turn, or keep it. Returns: whether it is this ``holder``'s."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [name, SECONDS, holder])
        return cursor.fetchone() is not None


def give_back(name, holder):
    """End the turn at once, so that the next need not wait for it."""
    with suppress(Error), connection.cursor() as cursor:  # else it ends by itself
        cursor.execute(
            "UPDATE notifications_pulse SET at = clock_timestamp() WHERE name = %s AND holder = %s",
            [name, holder],
        )

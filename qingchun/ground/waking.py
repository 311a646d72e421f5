"""A word to beat: an entry of its schedule is due now, not only when its time comes round.

Said in a transaction, heard once that has committed: ``notifications/beat.py`` listens. Where nobody
does, the schedule comes round all the same.
"""

from django.db import connection

CHANNEL = "qingchun"
# Of an entry that is woken: what that missed is found when it comes round.
SWEEP = {"schedule": 30, "options": {"expires": 30}}


def wake(entry: str) -> None:
    """Have beat send the task of this entry (``schedule`` in a portal.py) when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, entry])

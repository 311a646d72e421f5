"""A word to beat: an entry of its schedule is due now, not only when its time comes round.

Said in a transaction, heard once that has committed: ``notifications/beat.py`` listens. Where nobody
does, the schedule comes round all the same.
"""

import threading
from typing import Any

from celery import current_task
from django.db import connection

CHANNEL = "qingchun"
# Of an entry that is woken: what that missed is found when it comes round.
SWEEP = {"schedule": 30, "options": {"expires": 30}}


def wake(entry: str) -> None:
    """Have beat send the task of this entry (``schedule`` in a portal.py) when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, entry])


_now = threading.local()


def soon(task: Any, *args: object, **options: Any) -> None:
    """Have a worker do it; or, where the beat itself is at work since no broker answers, do it now.

    A task that asks for its next turn is not called inside itself: a long queue would be too deep.
    """
    if not (current_task and current_task.request.is_eager):
        task.apply_async(args, **options)
        return
    if (turns := getattr(_now, "turns", None)) is not None:
        turns.append((task, args))
        return
    turns = _now.turns = [(task, args)]
    try:
        for one, given in turns:  # which grows meanwhile
            one.apply(given)
    finally:
        _now.turns = None

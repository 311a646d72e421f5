# ruff: noqa: E402
"""Run the send loop many times, each time killed at a random statement of it.

    python -m tests.notifications.crashes 1000       prints how many runs were killed

Each run is a forked process that ends itself by SIGKILL at its n-th line inside
``qingchun/notifications``: no ``finally``, no rollback, nothing is told to anybody.
"""

import os
import random
import signal
import sys

import django

django.setup()

from django.db import connection
from django.utils.timezone import now

from qingchun.notifications import channels, outbox, purposes
from qingchun.organizations.walls import acting

INSIDE = os.sep + os.path.join("qingchun", "notifications") + os.sep
WRITE = """
INSERT INTO notifications_message (key, purpose, channel, organization_id, recipient_id, subject,
    lines, link, is_urgent, state, due_at, try_at, attempts, resends, answer, made_at)
SELECT mark, 'plan_approved', %s, '1401', CASE WHEN %s = 'group' THEN NULL
         ELSE (SELECT id FROM accounts_user WHERE username = 'city1401') END,
    '试', jsonb_build_array(jsonb_build_object('about', 'x', 'unit', '1401', 'text', mark)),
    '', true, 'due', now(), now(), 0, 0, '', now()
FROM (SELECT %s || '-crash' || %s AS mark) one
"""


def write(name, number):
    with acting("tell"), connection.cursor() as cursor:
        cursor.execute(WRITE, [name, name, name, number])


def traced(name, count, at=0):
    """Run the loop, counting its lines in ``count``; die at line ``at``."""

    def line(frame, event, _):
        if event == "line":
            count[0] += 1
            if count[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    sys.settrace(lambda frame, event, _: line if INSIDE in frame.f_code.co_filename else None)
    outbox.deliver_due(name, now)
    sys.settrace(None)


def main(runs):
    channels.found()  # read once, before any line is counted, as the purposes are
    purposes.all_purposes()
    rng, lines = random.Random(20190110), {"sms": [0], "group": [0]}
    for name, count in lines.items():
        write(name, 0)
        traced(name, count)
    crashed = 0
    for number in range(runs):
        name = ("sms", "group")[number % 2]
        write(name, number + 1)
        at = rng.randint(1, lines[name][0])
        child = os.fork()
        if child == 0:
            connection.connection = None  # the parent's stays open; the child opens its own
            traced(name, [0], at)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        crashed += os.WIFSIGNALED(status)
        # What the next worker does: so each message meets one crash at most.
        outbox.deliver_due(name, now)
    print(crashed)


if __name__ == "__main__":
    main(int(sys.argv[1]))

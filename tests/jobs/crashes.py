# ruff: noqa: E402
"""Work on jobs many times, each time killed at another line of it.

    python -m tests.jobs.crashes 189       prints how many runs were killed

Each run is a forked process that ends itself by SIGKILL at its n-th line inside ``qingchun/jobs`` or
inside the kind's own function: every line there is, over and over. Then others do what is left; every
third job meets a second crash.
"""

import os
import signal
import sys
import time

import django

django.setup()

from django.db import connection
from django.utils.timezone import timedelta

from qingchun.accounts.audit import record_event
from qingchun.accounts.models import User
from qingchun.jobs import actions
from qingchun.jobs.kinds import job
from qingchun.jobs.models import Job
from qingchun.organizations.walls import acting, rls_context

INSIDE = os.sep + os.path.join("qingchun", "jobs") + os.sep
SCOPE = "140105"
actions.LEASE = timedelta(0)


@job("试", "txt", seal="test")
def crashing(job, *, number):
    record_event(None, "试做", job, number=number)
    actions.tell(job, 50)
    return f"第 {number} 份".encode()


def cadre():
    with rls_context(scope=SCOPE):
        user = User.objects.get(username="county140105")
        user.acting = user.memberships.select_related("organization").get()
    return user


def ask(actor, number):
    with rls_context(scope=SCOPE, person=actor.pk):
        crashing.enqueue(actor=actor, number=number)


def in_a_job(code):
    return INSIDE in code.co_filename or code is crashing.func.__code__


def traced(count, at=0, *, watched=in_a_job):
    """Work, counting the lines of the code that is ``watched`` in ``count``; die at line ``at``."""

    def line(frame, event, _):
        if event == "line":
            count[0] += 1
            if count[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return line

    sys.settrace(lambda frame, event, _: line if watched(frame.f_code) else None)
    actions.work()
    sys.settrace(None)


def crash(at, **watched):
    """A worker of its own dies at that line. Returns: whether it did."""
    child = os.fork()
    if child == 0:
        connection.connection = None  # the parent's stays open; the child opens its own
        traced([0], at, **watched)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def finish():
    """What the next worker does, as soon as PostgreSQL knows that the last one is dead."""
    deadline = time.monotonic() + 10
    while True:
        actions.work()
        with acting("work a queue"):
            if not Job.objects.unfinished().exists():
                return
        if time.monotonic() > deadline:
            raise AssertionError("a job is left over")
        time.sleep(0.002)


def main(runs):
    actor, lines = cadre(), [0]
    ask(actor, 0)
    traced(lines)
    crashed = 0
    for number in range(1, runs + 1):
        ask(actor, number)
        crashed += crash(1 + number % lines[0])
        if number % 3 == 0:
            crashed += crash(1 + (number * 7) % lines[0])
        finish()
    print(crashed, lines[0])


if __name__ == "__main__":
    main(int(sys.argv[1]))

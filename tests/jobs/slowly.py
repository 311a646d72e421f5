# ruff: noqa: E402
"""Make something that takes long, in a process of its own; each step is a line in a file.

python -m tests.jobs.slowly ask          have one made
python -m tests.jobs.slowly work FILE    make what waits; steps are written to FILE, with the process
python -m tests.jobs.slowly gather FILE  the same, and it takes long before the first of them
python -m tests.jobs.slowly waits        whether another long one might begin
"""

import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.db import transaction

from qingchun.jobs import actions, leases
from qingchun.jobs.kinds import job
from qingchun.organizations.walls import rls_context
from tests.jobs.crashes import SCOPE, cadre

STEPS = 30
actions.LEASE, leases.RENEWED = timedelta(seconds=2), 0.4
steps = Path(sys.argv[-1])


def say(text):
    with steps.open("a") as file:
        file.write(f"{os.getpid()} {text}\n")


@job("慢慢来", "txt", is_long=True)
def slowly(job):
    if sys.argv[1] == "gather":
        say("gathers")
        time.sleep(60)

    def write(go_on):
        target = tempfile.TemporaryFile()  # noqa: SIM115 kept by whoever called
        for number in range(STEPS):
            go_on()
            say(f"{number} {transaction.get_connection().in_atomic_block}")
            target.write(f"{number}\n".encode())
            time.sleep(0.2)
        return target

    return write


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        with rls_context(scope=SCOPE, person=cadre().pk):
            slowly.enqueue(actor=cadre(), name="慢慢.txt")
    elif sys.argv[1] == "waits":
        print(actions.long_one_waits())
    else:
        actions.work()
        say("ended")

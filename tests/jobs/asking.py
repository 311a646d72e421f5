# ruff: noqa: E402
"""Ask for files as a county does, from a process of its own: what a page would do.

python -m tests.jobs.asking 12 0     prints when each was committed, as seconds since the epoch
"""

import sys
import time

import django

django.setup()

from campaigns.models import Campaign
from qingchun.jobs import kinds
from qingchun.organizations.walls import rls_context
from reports.papers.actions import document_jobs
from talent.pool.actions import export_jobs
from tests.jobs.crashes import SCOPE, cadre

kinds.MOST_WAITING = 10_000


def main(many, pause):
    actor = cadre()
    for number in range(many):
        with rls_context(scope=SCOPE, person=actor.pk):
            if number % 2:
                export_jobs.ask(actor=actor, columns=["name", "phone"], asked={}, reason="核对")
            else:
                document_jobs.ask("board_word", Campaign.objects.current(), actor=actor)
        print(time.time())
        time.sleep(pause)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))

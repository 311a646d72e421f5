"""A claim that is renewed while somebody works, by a thread of its own, outside their transaction.

For work that takes longer than a transaction should: it asks the database nothing, and whoever has
lost the claim stops at the next step, so that nothing is made twice.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connections
from django.utils.timezone import now

from qingchun.jobs.choices import JobStatus
from qingchun.jobs.models import Job
from qingchun.organizations.walls import acting

RENEWED = 3.0  # seconds from one renewal to the next
STUCK = 300.0  # seconds without a step after which it is left to another


class Lost(Exception):
    """Another worker has taken it up."""


class Lease:
    def __init__(self, job: Job) -> None:
        self.job, self.is_lost = job, False
        self.stepped = time.monotonic()
        self.is_over = threading.Event()

    def go_on(self) -> None:
        """Say that there was a step. Raises: Lost, where it is somebody else's by now."""
        if self.is_lost:
            raise Lost
        self.stepped = time.monotonic()

    def keep(self) -> None:
        try:
            while not self.is_over.wait(RENEWED):
                if time.monotonic() - self.stepped > STUCK:
                    return
                with suppress(Error):  # the database is away: it is asked again
                    self.is_lost = not self.renew()
                if self.is_lost:
                    return
        finally:
            connections.close_all()

    def renew(self) -> bool:
        """Returns: whether it is still ours."""
        with acting("work a queue"):
            mine = Job.objects.filter(
                pk=self.job.pk, attempts=self.job.attempts, status=JobStatus.RUNNING
            )
            return bool(mine.update(last_attempted_at=now()))


@contextmanager
def held(job: Job) -> Iterator[Lease]:
    lease = Lease(job)
    thread = threading.Thread(target=lease.keep, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        lease.is_over.set()
        thread.join()

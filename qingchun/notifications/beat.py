"""One schedule, however many beats are started: the one whose turn it is keeps it, and listens."""

import logging
import select
import threading
import time
from uuid import uuid4

from celery.beat import PersistentScheduler
from django.db import InterfaceError, OperationalError, connection, connections
from kombu.exceptions import OperationalError as NoBroker

from qingchun.ground.portal import answers
from qingchun.ground.waking import CHANNEL
from qingchun.notifications import turns

logger = logging.getLogger(__name__)
WAIT = 5.0  # seconds until a beat whose turn it is not asks again
# Where a pooler stands before the database, the one connection that goes past it can listen.
LISTENS = "direct" if "direct" in connections.settings else "default"
AGAIN = 5.0  # seconds until a broker that did not answer is tried again


class HeldScheduler(PersistentScheduler):
    """The turn is a row that ends by itself (``turns``): it holds behind any pooler.

    Until the next entry is due it listens for what a commit wakes (``waking.wake``). Where no broker
    answers, what is due is done here: every task asks the database what there is to do.
    """

    producer = None  # each sending takes a line from the app's own pool
    listening = None
    sure_until = away_until = 0.0

    def __init__(self, *args, **kwargs):
        self.me, self.busy = uuid4().hex, {}
        super().__init__(*args, **kwargs)

    def setup_schedule(self):
        self.app.conf.beat_schedule = dict(answers("schedule"))
        super().setup_schedule()

    def tick(self, *args, **kwargs):
        if not self.holds():
            return WAIT
        for name in self.heard(super().tick(*args, **kwargs)):
            if entry := self.schedule.get(name):
                self.apply_entry(entry)
        return 0

    def holds(self):
        """Whether it is this beat's turn, for as long as it takes to send what is due."""
        if time.monotonic() < self.sure_until:
            return True
        asked = time.monotonic()
        try:
            if not turns.take("beat", self.me):
                return False
        except (OperationalError, InterfaceError):
            connection.close()
            return False
        self.sure_until = asked + turns.SECONDS / 3
        return True

    def heard(self, seconds):
        """The entries that were woken, waiting so long for the first, and no longer than the turn
        is sure.
        """
        seconds = max(0, min(seconds, self.sure_until - time.monotonic()))
        try:
            link = self._link()
            if not link.notifies:
                select.select([link], [], [], seconds)
            with connections[LISTENS].wrap_database_errors:
                link.poll()
        except (OperationalError, InterfaceError):
            connections[LISTENS].close()
            self.listening = None
            time.sleep(min(seconds, 1))
            return set()
        names = {said.payload for said in link.notifies}
        link.notifies.clear()
        return names

    def _link(self):
        line = connections[LISTENS]
        line.ensure_connection()
        if self.listening is not line.connection:
            with line.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self.listening = line.connection
        return self.listening

    def apply_entry(self, entry, producer=None):
        task = self.app.tasks[entry.task]
        if time.monotonic() >= self.away_until:
            try:
                task.apply_async(entry.args, entry.kwargs, retry=False, **entry.options)
                self.away_until = 0.0
                return
            except (NoBroker, OSError) as error:
                if not self.away_until:
                    logger.error("no broker, tasks are done by the beat: %s", type(error).__name__)
                self.away_until = time.monotonic() + AGAIN
        self._do_here(entry.name, task)

    def _do_here(self, name, task):
        """In a thread of its own: one that takes long holds up no other."""
        if (at_work := self.busy.get(name)) and at_work.is_alive():
            return
        self.busy[name] = threading.Thread(target=_done, args=(task,), name=name, daemon=True)
        self.busy[name].start()

    def close(self):
        turns.give_back("beat", self.me)
        super().close()


def _done(task):
    try:
        task.apply()  # what goes wrong in it is written down by Celery
    finally:
        connections.close_all()

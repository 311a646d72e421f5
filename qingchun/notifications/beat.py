"""One schedule, however many beats are started: the one that holds the lock keeps it, and listens."""

import select

from celery.beat import PersistentScheduler
from django.db import InterfaceError, OperationalError, connection

from qingchun.ground.portal import answers
from qingchun.ground.waking import CHANNEL

LOCK = 20181224
WAIT = 5.0  # seconds until a beat without the lock asks again


class HeldScheduler(PersistentScheduler):
    """A session's advisory lock in PostgreSQL, which gives it back when its holder dies.

    Until the next entry is due it waits on that session, for what a commit wakes (``waking.wake``).
    """

    held_by = None

    def setup_schedule(self):
        self.app.conf.beat_schedule = dict(answers("schedule"))
        super().setup_schedule()

    def tick(self, *args, **kwargs):
        if not self.holds():
            return WAIT
        for name in self.heard(super().tick(*args, **kwargs)):
            if entry := self.schedule.get(name):
                self.apply_entry(entry, producer=self.producer)
        return 0

    def holds(self):
        try:
            connection.ensure_connection()
            with connection.cursor() as cursor:
                if self.held_by is connection.connection:
                    cursor.execute("SELECT 1")
                    return True
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
                (got,) = cursor.fetchone()
                if got:
                    cursor.execute(f"LISTEN {CHANNEL}")
        except (OperationalError, InterfaceError):
            connection.close()
            return False
        self.held_by = connection.connection if got else None
        return got

    def heard(self, seconds):
        """The entries that were woken, waiting so long for the first. Where the session is gone,
        ``holds`` begins another.
        """
        link = self.held_by
        try:
            if not link.notifies:
                select.select([link], [], [], max(0, seconds))
            with connection.wrap_database_errors:
                link.poll()
        except (OperationalError, InterfaceError):
            connection.close()
        names = {said.payload for said in link.notifies}
        link.notifies.clear()
        return names

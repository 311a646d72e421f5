"""One schedule, however many beats are started: the one that holds the lock keeps it."""

from celery.beat import PersistentScheduler
from django.db import InterfaceError, OperationalError, connection

LOCK = 20181224
WAIT = 5.0  # seconds until a beat without the lock asks again


class HeldScheduler(PersistentScheduler):
    """A session's advisory lock in PostgreSQL, which gives it back when its holder dies."""

    held_by = None

    def tick(self, *args, **kwargs):
        return super().tick(*args, **kwargs) if self.holds() else WAIT

    def holds(self):
        try:
            connection.ensure_connection()
            with connection.cursor() as cursor:
                if self.held_by is connection.connection:
                    cursor.execute("SELECT 1")
                    return True
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
                (got,) = cursor.fetchone()
        except (OperationalError, InterfaceError):
            connection.close()
            return False
        self.held_by = connection.connection if got else None
        return got

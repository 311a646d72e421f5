"""What a Prometheus asks for: counted by each process, and asked of the database as it asks.

By the client library itself: django-prometheus writes some twenty series a request (bodies,
templates, kinds of content) where one says it, and wants a view behind hosts and sessions.
No label says who.
"""

import shutil
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.utils.timezone import now
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass

from qingchun.jobs.actions import waiting
from qingchun.notifications import outbox
from qingchun.notifications.health import seen_from_outside

SECONDS = Histogram(
    "qingchun_request_seconds",
    "Requests, by route, method and status; how long each took",
    ["route", "method", "status"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
CONNECTIONS = (
    "SELECT sum(numbackends), current_setting('max_connections')::int FROM pg_stat_database"
)


def folders():
    """Where the portal writes on this machine, by name."""
    return {"var": settings.VAR, "media": settings.MEDIA_ROOT}


class AsItIs:
    """What is so at this moment."""

    def collect(self):
        yield _one("qingchun_redis_up", "Redis answers", cache.is_there())
        free = GaugeMetricFamily("qingchun_disk_free_bytes", "Room on this disk", labels=["folder"])
        for name, folder in folders().items():
            with suppress(OSError):
                free.add_metric([name], shutil.disk_usage(folder).free)
        yield free
        try:
            found = list(self._of_database())
        except Error:
            connection.close()
            found = []
        yield _one("qingchun_database_up", "PostgreSQL answers", bool(found))
        yield from found

    def _of_database(self):
        moment = now()
        things = seen_from_outside(moment)
        with connection.cursor() as cursor:
            cursor.execute(CONNECTIONS)
            used, most = cursor.fetchone()
        yield _one("qingchun_database_connections", "Connections to PostgreSQL", used)
        yield _one("qingchun_database_connections_most", "As many as it takes", most)
        yield _one("qingchun_messages_due", "Messages that should be gone", things.waiting)
        yield _one(
            "qingchun_messages_oldest_seconds",
            "Since when the oldest of them",
            outbox.oldest_due(moment),
        )
        yield _one("qingchun_messages_failed", "Messages given up in a week", things.failed)
        yield _one("qingchun_jobs_waiting", "Imports, exports and files that wait", waiting())
        if things.tick_age is not None:
            yield _one(
                "qingchun_tick_age_seconds", "Since the jobs' clock last ticked", things.tick_age
            )


def _one(name, said, value):
    return GaugeMetricFamily(name, said, value=float(value))


def text():
    """All of them, in Prometheus' own form."""
    registry = CollectorRegistry()
    if ValueClass is not MutexValue:  # of all processes: gunicorn.conf.py
        MultiProcessCollector(registry)
    else:
        registry.register(SECONDS)
    registry.register(AsItIs())
    return generate_latest(registry)

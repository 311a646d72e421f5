"""The app of the jobs: a worker, which holds the clock as well (``worker --beat``)."""

import gc
import signal
import sys
import time
from importlib import import_module
from logging.config import dictConfig
from pathlib import Path
from threading import Thread

from celery import Celery, bootsteps
from celery.beat import EmbeddedService
from celery.signals import (
    beat_embedded_init,
    setup_logging,
    task_prerun,
    worker_before_create_process,
)

BEAT = "qingchun-beat"  # the clock's name in ``ps``
AGAIN = 1.0  # seconds until a clock that ended is begun anew
# Celery ends each connection before and after each task, whatever CONN_MAX_AGE says; a new one costs
# more than the tasks that find nothing to do. After so many it does all the same.
TASKS_A_CONNECTION = 1000


@setup_logging.connect
def as_all_of_ours(**_):
    """Celery would set up a log of its own: its lines hold what went wrong, word for word."""
    dictConfig(import_module("django.conf").settings.LOGGING)


@worker_before_create_process.connect
def shared(**_):
    """What has been read in stays one in memory: a collection would write to each page of it."""
    gc.freeze()


@task_prerun.connect
def looked_after(sender, **_):
    """As before a request: a connection that has failed, or is old, is not asked again."""
    if not sender.request.is_eager:
        import_module("django.db").close_old_connections()


@beat_embedded_init.connect
def as_one_to_be_stopped(**_):
    """It is told apart from its siblings, and gives its turn back when told to stop."""
    Path("/proc/self/comm").write_text(BEAT, encoding="ascii")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


class Watch(bootsteps.StartStopStep):
    """The clock is a process of the worker's, which shares its memory; Celery would not miss it."""

    requires = {"celery.worker.components:Beat"}
    is_ending = False

    def __init__(self, worker, beat=False, **kwargs):
        self.enabled = beat
        super().__init__(worker, beat=beat, **kwargs)

    def start(self, worker):
        Thread(target=self._keep, args=(worker,), name="watch", daemon=True).start()

    def stop(self, worker):
        self.is_ending = True
        worker.beat.stop()

    terminate = stop

    def _keep(self, worker):
        while True:
            worker.beat.join()
            if self.is_ending:
                return
            time.sleep(AGAIN)
            how = {"schedule_filename": worker.schedule_filename, "scheduler_cls": worker.scheduler}
            worker.beat = EmbeddedService(worker.app, **how)
            worker.beat.start()


app = Celery("qingchun")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.CELERY_DB_REUSE_MAX = TASKS_A_CONNECTION
app.autodiscover_tasks()
app.steps["worker"].add(Watch)

"""What gunicorn does beside answering; it reads this file by its name from the folder it starts in."""

import contextlib
import gc
import os
import re
import shutil
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "var" / "metrics"
MINUTE = 60
# New objects that nothing has let go of before the collector looks for rings among them: some ten
# pages' worth. At Python's own 700 it looked a dozen times a page, and found next to nothing.
COLLECT_AFTER = 20_000


# What every worker reads in, of others' code, and none of them changes: read once, for them all.
SHARED = (
    "PIL.Image", "allauth", "altcha", "celery", "chinese_calendar", "cryptography.fernet",
    "cryptography.hazmat.primitives.ciphers.aead", "django.contrib.staticfiles", "django.core.handlers.wsgi", "django.core.mail",
    "django.db.models", "django.forms", "django.template", "drf_spectacular", "icalendar",
    "kombu.transport.redis", "nh3", "psycopg2.extras", "python_calamine", "redis", "requests",
    "rustpy_xlsxwriter", "segno", "sqlparse", "typing_extensions", "yaml",
)  # fmt: skip


def on_starting(server):
    """Its workers count into one folder, anew from each start; its own lines are as ours.

    Before it listens: qingchun/run.py begins it while the tables are being made.
    """
    for name in SHARED:
        import_module(name)
    if os.environ.pop("QINGCHUN_WEB_WAITS", "") and sys.stdin.buffer.read(1) != b"1":
        sys.exit(1)  # whoever began it has ended
    own = FOLDER / re.sub(r"\W+", "-", str(server.app.cfg.address)).strip("-")
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(own)
    from qingchun import env
    from qingchun.ground import logs

    for handler in server.log.error_log.handlers:
        handler.setFormatter(logs.FORMS[env.choice("LOG_FORMAT", "lines", tuple(logs.FORMS))]())


def pre_fork(server, worker):
    """A collection of garbage would write to every page that they share."""
    gc.freeze()


def post_fork(server, worker):
    """A worker of new code reads it anew: what the old master has read of ours is the old one's, and
    so are the settings that it was given."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "qingchun"]:
        del sys.modules[name]


def post_worker_init(worker):
    worker.tpool.submit(_get_ready).result()
    settle()
    threading.Thread(target=_watch, name="watch", daemon=True).start()


def settle():
    """What has been read in stays to the end: no collection looks through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def _get_ready():
    """What a first page would wait for, in the thread that will answer it: a tenth of a second."""
    from django.core.cache import cache
    from django.db import connection
    from django.urls import Resolver404, resolve

    with contextlib.suppress(Resolver404):  # each pattern is compiled when it is first tried
        resolve("/0/")
    with contextlib.suppress(Exception):  # one of them is away: the page will say so
        connection.ensure_connection()
        cache.get("nothing")


def _watch():
    """Nobody else notices that the jobs have stopped."""
    import logging

    from django.db import connection

    from qingchun.operations import alarms

    while True:
        time.sleep(MINUTE)
        try:
            alarms.look()
        except Exception:  # the database is away: the next minute asks again
            logging.getLogger("qingchun.operations").error("could not look", exc_info=True)
        finally:
            connection.close()


def child_exit(server, worker):
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)

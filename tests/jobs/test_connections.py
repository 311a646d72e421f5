"""A worker keeps its connection from one task to the next, and takes another when that has failed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TASKS = """
import os
import django
django.setup()
import psycopg2
from celery import shared_task, signals
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection
from qingchun.celery import app

app.finalize()
fixup = DjangoWorkerFixup(app).install()

@shared_task
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]

def do():
    signals.task_prerun.send(sender=ask)
    pid = ask.run()
    signals.task_postrun.send(sender=ask)
    return pid

first, second = do(), do()
boss = psycopg2.connect(os.environ["OWNER_URL"].replace("qingchun@", "postgres@"))
boss.autocommit = True
boss.cursor().execute("SELECT pg_terminate_backend(%s, 5000)", [second])
print(first == second, do() not in (first, second))
"""


def test_connection_is_kept_between_tasks_and_left_when_it_is_gone():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    command = [sys.executable, "-W", "ignore", "-c", TASKS]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["True", "True"], done.stderr[-2000:]

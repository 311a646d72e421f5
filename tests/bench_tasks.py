# ruff: noqa: E402
"""What the workers of the bench run: the outbox's own loop, and one task a message."""

import time
import uuid

import django

django.setup()

from django.core.cache import cache
from django.db import connection
from django.utils.timezone import now

from qingchun.celery import app
from qingchun.notifications import channels, outbox
from qingchun.notifications.choices import MessageState
from qingchun.notifications.drafts import ClaimedMessage, DeliveryResult
from qingchun.organizations.walls import acting
from tests.bench_outbox import Nowhere

__all__ = ["app"]

ONE = outbox.CLAIM.replace("WHERE channel = %s AND", "WHERE id = %s AND channel = %s AND")
channels.found()[Nowhere.name] = Nowhere()


@app.task
def send_all():
    outbox.deliver_due(Nowhere.name, now)


@app.task
def send_one(pk):
    """The same claim, sending and writing down, for one message."""
    claim, moment = uuid.uuid4(), now()
    with acting("tell"), connection.cursor() as cursor:
        cursor.execute(ONE, [str(claim), moment, pk, Nowhere.name, moment, False, 1])
        rows = cursor.fetchall()
    for row in rows:
        parcel = ClaimedMessage(*row)
        answer = channels.get(Nowhere.name).deliver(parcel)
        with acting("tell"), connection.cursor() as cursor:
            outbox._write_down(
                cursor, claim, [DeliveryResult(parcel, MessageState.SENT, answer)], moment
            )


@app.task
def nothing():
    """What a task costs that does nothing at all."""


@app.task
def last(mark):
    cache.set("bench-last", mark, 60)


def wait_for_last():
    while not cache.get("bench-last"):
        time.sleep(0.01)
    cache.delete("bench-last")

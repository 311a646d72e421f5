from celery import shared_task
from django.utils.timezone import now

from qingchun.ground.waking import soon
from qingchun.notifications import actions, channels, outbox


@shared_task
def tick():
    """Each minute: what is due is written down, then each channel is told to send.

    A tick that is lost, late or repeated does no harm: see notifications/outbox.py.
    """
    actions.decide(now())
    actions.beat("tick", now())
    for name in channels.names():
        soon(send, name, expires=55)


@shared_task
def send(name):
    return outbox.deliver_due(name, now)

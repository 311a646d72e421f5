from celery import shared_task
from django.utils.timezone import now

from qingchun.ground.waking import soon
from qingchun.jobs import actions


@shared_task(time_limit=15 * 60)
def work():
    """One job; where there was one another may wait, for this worker or for the next."""
    if actions.work(at_most=1, is_long=False):
        soon(work)
    if actions.long_one_waits():
        soon(work_long)


@shared_task
def work_long():
    """One that takes long, for as long as it takes: it stops when it has lost its claim."""
    actions.work(at_most=1, is_long=True)


@shared_task
def forget_old():
    return actions.forget_old(now())

from celery import shared_task
from django.utils.timezone import now

from qingchun.jobs import actions


@shared_task(time_limit=15 * 60)
def work():
    """One job; where there was one another may wait, for this worker or for the next."""
    if actions.work(at_most=1):
        work.delay()


@shared_task
def forget_old():
    return actions.forget_old(now())

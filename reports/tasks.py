from celery import shared_task
from django.utils.timezone import now

from reports.actions import making


@shared_task
def make_documents():
    """What was asked for; asked every two seconds, nothing is scheduled."""
    return making.work()


@shared_task
def forget_old_documents():
    return making.forget_old(now())

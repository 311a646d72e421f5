from celery import shared_task
from django.utils.timezone import now

from services.proxy.actions import after


@shared_task
def forget_old():
    """Photos of papers some days after the end, names once their time is over."""
    moment = now()
    return after.erase_photos(moment) + after.forget_names(moment)

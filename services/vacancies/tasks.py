from celery import shared_task
from django.utils.timezone import now

from services.vacancies.actions import leaving, watching


@shared_task
def watch():
    """Each quarter of an hour: who waits for a vacancy is told, at most once a day."""
    return watching.tell_who_waits(now())


@shared_task
def forget_old():
    return leaving.forget_what_is_over(now())

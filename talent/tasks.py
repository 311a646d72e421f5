from celery import shared_task
from django.core.management import call_command
from django.utils.timezone import localdate, now

from talent.pool.actions import leaving, saying, sheets
from talent.youth.actions import leaving as forgetting
from talent.youth.actions import letter_copies, questions


@shared_task
def raise_late():
    return questions.raise_late(localdate())


@shared_task
def forget_old():
    """What a person left behind is forgotten once its time is over."""
    leaving.forget_silent(localdate())
    sheets.forget_old(now())
    call_command("clearsessions")
    return forgetting.forget_old(now())


@shared_task
def send_letters():
    """To who came meanwhile, and to all once a county has sent its own."""
    return letter_copies.send_waiting()


@shared_task
def write_unsaid():
    """Of what the version before has written while this one began."""
    return saying.write_unsaid()

from celery import shared_task
from django.utils.timezone import localdate, now

from qingchun.organizations.walls import PROVINCE, asking_as
from reports.boards.actions import making
from reports.library.actions import keeping


@shared_task
def make_documents():
    """What was asked for; asked every two seconds, nothing is scheduled."""
    return making.work()


@shared_task
def forget_old_documents():
    return making.forget_old(now())


@shared_task
def remind_of_policy_ends():
    with asking_as(scope=PROVINCE):
        return keeping.remind_of_ends(localdate())

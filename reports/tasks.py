from celery import shared_task
from django.utils.timezone import localdate

from qingchun.organizations.walls import PROVINCE, asking_as
from reports.library.actions import keeping


@shared_task
def remind_of_policy_ends():
    with asking_as(scope=PROVINCE):
        return keeping.remind_of_ends(localdate())

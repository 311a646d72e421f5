from celery import shared_task
from django.utils.timezone import localdate

from qingchun.organizations.walls import PROVINCE, rls_context
from reports.library.actions import keeping


@shared_task
def remind_of_policy_ends():
    with rls_context(scope=PROVINCE):
        return keeping.remind_of_ends(localdate())

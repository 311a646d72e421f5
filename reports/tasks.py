from celery import shared_task
from django.utils.timezone import localdate

from qingchun.organizations.walls import PROVINCE, rls_context
from reports.library.actions import keeping, portraits


@shared_task
def remind_of_policy_ends():
    with rls_context(scope=PROVINCE):
        return keeping.remind_of_ends(localdate())


@shared_task
def ask_for_consents():
    """Of portraits shown before one was asked for; what nobody agreed to in its term comes down."""
    with rls_context(scope=PROVINCE):
        return portraits.take_down_unanswered(localdate()) + portraits.ask_for_consents(localdate())

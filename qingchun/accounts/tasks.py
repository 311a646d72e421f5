from celery import shared_task
from django.utils.timezone import now

from qingchun.accounts import chain, tries


@shared_task
def chain_audit():
    """Each minute: what was written down is linked; after midnight the day is sealed."""
    return chain.work(now())


@shared_task
def sweep_tries():
    """Each hour: what was tried so long ago that it counts no more."""
    return tries.sweep()

from celery import shared_task

from qingchun.operations import alarms


@shared_task
def watch():
    """Each minute: what is wrong on this machine, or in the portal, is told to the province."""
    return alarms.look()

from celery import shared_task
from django.utils.timezone import now

from qingchun.organizations.walls import acting
from services.events.actions import after, choosing, events


@shared_task
def watch():
    """Each minute: sign-up that ends, offers that lapse, reminders, evenings whose
    choosing ended, events that were held and nobody said so."""
    moment = now()
    with acting("run an event"):
        closed = events.close_what_is_over(moment)
        told = events.remind(moment)
        choosing.tell_what_is_over(moment)
        after.hold_what_is_over(moment)
    return closed + told

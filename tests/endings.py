"""A message that does not hold any more is not sent: said by the test that tries it."""

from functools import wraps

from django.utils.timezone import now

from qingchun.ground.quiet import is_quiet
from qingchun.notifications.models import Message
from tests.looking import looking


def ends(*purposes):
    """The test ends a message of each of these purposes before it is sent, and it stays unsent."""

    def mark(test):
        @wraps(test)
        def tried(*args, **kwargs):
            test(*args, **kwargs)
            for purpose in purposes:
                assert settled(purpose), f"{purpose} was never settled"

        return tried

    return mark


def settled(purpose):
    with looking():
        found = Message.objects.filter(purpose=purpose, state="cancelled", sealed="")
        return list(found)


def unsent(purpose, user=None):
    """What is still to be sent of a purpose, by whatever way, to one or to anybody."""
    with looking():
        found = Message.objects.filter(purpose=purpose, state="due")
        return list(found.filter(recipient=user) if user else found)


# When anything goes by itself: the morning's messages and reminders, noon, the evening, the night.
AWAKE = (8, 9, 12, 20, 22)


def handed():
    """What a gateway is handed at this moment; it takes all of it."""
    with looking():
        due = Message.objects.filter(state="due", try_at__lte=now())
        if is_quiet(now()):
            due = due.filter(is_urgent=True)
        found = list(due.select_related("recipient"))
        Message.objects.filter(pk__in=[m.pk for m in found]).update(state="sent", sent_at=now())
    return found

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, Q

from qingchun.notifications.choices import ChannelName, MessageState
from qingchun.organizations.querysets import ScopedQuerySet

MOST_SHOWN = 100  # the bell says 99+


class MessageQuerySet(ScopedQuerySet):
    def in_inbox(self):
        return self.filter(channel=ChannelName.INAPP, state=MessageState.SENT)

    def inbox_of(self, user):
        """What has reached a person in the portal, newest first."""
        return self.in_inbox().filter(recipient=user).order_by("-pk")

    def unread(self):
        return self.filter(read_at=None)

    def overdue(self, now):
        """What should be gone already; the oldest first."""
        return self.filter(state=MessageState.DUE, try_at__lte=now).order_by("try_at")

    def unsent_about(self, *things):
        """What still waits to be sent about any of these, locked for a change."""
        about = Q(lines__0__about__in=things)
        if len(things) == 1:  # only debts, settled one by one, share a message with others
            about |= Q(lines__contains=[{"about": things[0]}])
        return self.filter(about, state=MessageState.DUE).select_for_update()


def unread_count(reference):
    """The bell's number, beside a row whose ``reference`` is a person: accounts/session.py.

    Not counted further than it is shown: every page asks, and somebody may leave thousands unread.
    """
    messages = apps.get_model("notifications", "Message").objects
    mine = messages.in_inbox().unread().filter(recipient=OuterRef(reference)).order_by()
    some = ArraySubquery(mine.values("pk")[:MOST_SHOWN])
    return Func(some, function="cardinality", output_field=IntegerField())

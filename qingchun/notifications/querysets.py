from django.apps import apps
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from qingchun.notifications.choices import State, Way
from qingchun.organizations.querysets import ScopedQuerySet


class MessageQuerySet(ScopedQuerySet):
    def in_inbox(self):
        return self.filter(channel=Way.INAPP, state=State.SENT)

    def inbox_of(self, user):
        """What has reached a person in the portal, newest first."""
        return self.in_inbox().filter(recipient=user).order_by("-pk")

    def unread(self):
        return self.filter(read_at=None)

    def overdue(self, now):
        """What should be gone already; the oldest first."""
        return self.filter(state=State.DUE, try_at__lte=now).order_by("try_at")

    def unsent_about(self, *things):
        """What still waits to be sent about any of these, locked for a change."""
        about = Q(lines__0__about__in=things)
        if len(things) == 1:  # only debts, settled one by one, share a message with others
            about |= Q(lines__contains=[{"about": things[0]}])
        return self.filter(about, state=State.DUE).select_for_update()


def unread_count(reference):
    """The bell's number, beside a row whose ``reference`` is a person: accounts/session.py."""
    messages = apps.get_model("notifications", "Message").objects
    mine = messages.in_inbox().unread().filter(recipient=OuterRef(reference)).order_by()
    counted = mine.values("recipient").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from campaigns.models import Deadline, Extension
from qingchun.organizations.querysets import ScopedQuerySet
from reports.papers.choices import AWAITING, NOT_LOCKED, PaperState


class PaperQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """A draft is its city's own business: the province sees a paper once it is sent."""
        sent = ~Q(state=PaperState.DRAFT)
        return super().visible_to(user).filter(Q(organization_id=user.scope) | sent)

    def with_deadline(self):
        """Each paper with its last day, and the day until which its city was given more time.

        Either may be None.
        """
        due = Deadline.objects.filter(purpose=OuterRef("purpose"), campaign=OuterRef("campaign"))
        granted = Extension.objects.filter(
            deadline__purpose=OuterRef("purpose"),
            deadline__campaign=OuterRef("campaign"),
            organization=OuterRef("organization"),
        )
        return self.annotate(
            due_on=Subquery(due.values("enforced_on")[:1]),
            extended_until=Subquery(granted.values("until_on")[:1]),
        )

    def to_read(self):
        """What waits for the province's word, the longest first."""
        live = Q(campaign__state__in=NOT_LOCKED)
        return self.filter(live, state__in=AWAITING).order_by("sent_at", "pk")

    def sent(self):
        """What the province has: a paper that was taken back is its city's again."""
        return self.exclude(state=PaperState.DRAFT)


class PaperManager(models.Manager):
    """Of one purpose: plans, or summaries."""

    def get_queryset(self):
        return super().get_queryset().filter(purpose=self.model.PURPOSE)

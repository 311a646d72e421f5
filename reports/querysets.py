from django.db.models import OuterRef, Q, Subquery

from campaigns.choices import Purpose
from campaigns.models import Extension
from qingchun.organizations.querysets import ScopedQuerySet
from reports.choices import AWAITING, PlanState


class PlanQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """A draft is its city's own business: the province sees a plan once it is sent."""
        sent = ~Q(state=PlanState.DRAFT)
        return super().visible_to(user).filter(Q(organization_id=user.scope) | sent)

    def with_extension(self):
        """Each plan with the day until which its city was given more time, or None."""
        granted = Extension.objects.filter(
            deadline__purpose=Purpose.PLAN,
            deadline__campaign=OuterRef("campaign"),
            organization=OuterRef("organization"),
        )
        return self.annotate(extended_until=Subquery(granted.values("until_on")[:1]))

    def sent(self):
        """What the province has: a plan that was taken back is its city's again."""
        return self.exclude(state=PlanState.DRAFT)

    def awaiting_review(self):
        return self.filter(state__in=AWAITING).order_by("sent_at")


class SummaryQuerySet(ScopedQuerySet):
    def sent(self):
        return self.all()

from django.db.models import Q

from qingchun.organizations.querysets import ScopedQuerySet
from reports.choices import AWAITING, PlanState


class PlanQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """A draft is its city's own business: the province sees a plan once it is sent."""
        sent = ~Q(state=PlanState.DRAFT)
        return super().visible_to(user).filter(Q(organization_id=user.scope) | sent)

    def awaiting_review(self):
        return self.filter(state__in=AWAITING).order_by("sent_at")

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils.timezone import now

from qingchun.organizations.codes import above, county_of
from qingchun.organizations.querysets import ScopedQuerySet
from services.events.choices import AHEAD, STANDING, EventState, SignState


class EventQuerySet(ScopedQuerySet):
    def published(self):
        return self.exclude(state=EventState.DRAFT)

    def ahead(self):
        """What is still to come, or going on."""
        return self.filter(state__in=AHEAD, ends_at__gt=now())

    def near(self, code):
        """What a place's people are told of: its own, those of the units above and below it."""
        return self.filter(
            Q(organization_id__in=above(code))
            | Q(organization_id__gte=county_of(code), organization_id__lt=f"{county_of(code)}:")
        )

    def with_places(self):
        """With ``places`` and ``gone``: of all its groups together."""
        groups = self.model._meta.apps.get_model("events", "EventGroup").objects
        of_event = groups.filter(event=OuterRef("pk")).order_by().values("event")
        return self.annotate(
            places=Subquery(of_event.annotate(n=Sum("capacity")).values("n")),
            gone=Subquery(of_event.annotate(n=Sum("taken")).values("n")),
        )


class SignupQuerySet(ScopedQuerySet):
    def of(self, user):
        return self.filter(user=user)

    def standing(self):
        return self.filter(state__in=STANDING)

    def waiting(self, event):
        """The line of an event, in its order, without those whose account is switched off."""
        found = self.filter(event=event, state=SignState.WAITING, user__is_active=True)
        return found.order_by("turn")

    def present(self):
        return self.filter(arrived_at__isnull=False)

    def by_state(self):
        """(state, how many)"""
        return self.order_by().values_list("state").annotate(n=Count("pk"))

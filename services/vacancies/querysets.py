from django.db.models import Count, Q
from django.utils.timezone import localdate, now

from qingchun.organizations.querysets import ScopedQuerySet, code_range
from services.events.choices import EventState
from services.events.kinds import INTERNSHIP
from services.events.models import EventGroup
from services.vacancies.choices import InterestState, Why


class VacancyQuerySet(ScopedQuerySet):
    def shown(self):
        """What anybody may look at, also once it is over; nothing that was wrong."""
        return self.exclude(down_why=Why.WRONG)

    def open(self):
        """What somebody can ask for today."""
        return self.filter(down_why="", until__gte=localdate())

    def over(self):
        return self.filter(~Q(down_why="") | Q(until__lt=localdate()))

    def fitting(self, watch):
        """What somebody who is to be told would like to hear of."""
        found = self.open().within(watch.organization_id)
        return found.filter(trade__in=watch.trades) if watch.trades else found

    def with_interests(self):
        """With how many ``asked``, and how many of them ``wait``. Needs: a scope that sees them."""
        waiting = Q(interests__state=InterestState.ASKED)
        return self.annotate(asked=Count("interests"), waiting=Count("interests", filter=waiting))


class InterestQuerySet(ScopedQuerySet):
    def of(self, user):
        return self.filter(user=user)

    def waiting(self):
        return self.filter(state=InterestState.ASKED)


def internship_posts(code):
    """Posts of internships that can be wished for today, where the post is or whoever recruits."""
    low, high = code_range(code)
    near = Q(near_id__gte=low, near_id__lt=high)
    here = Q(near=None, organization_id__gte=low, organization_id__lt=high)
    found = EventGroup.objects.filter(
        near | here, event__kind=INTERNSHIP.key, event__opens_at__lte=now(),
        event__state__in=(EventState.OPEN, EventState.FULL), event__closes_at__gt=now(),
    )  # fmt: skip
    return found.select_related("event", "near__parent", "organization__parent").order_by("-pk")

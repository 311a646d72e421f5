from django.db.models import Count, Q
from django.utils.timezone import localdate

from qingchun.ground.pairs import pairs_in
from qingchun.organizations.codes import above
from qingchun.organizations.querysets import ScopedQuerySet
from reports.library.choices import ExemplarState, PracticeState, VoiceState
from reports.papers.choices import IN_FORCE

LIBRARY = "library"  # what is kept for others is searched by one key everywhere


class KeptQuerySet(ScopedQuerySet):
    def mentioning(self, words):
        """Those that hold all of some words' pairs of letters; one letter finds nothing."""
        return self.filter(pairs__contains=pairs_in([words], LIBRARY)) if words else self

    def open_to(self, user):
        """What is published to all, and what is one's own business."""
        low, high = user.scope, f"{user.scope}:"
        own = Q(organization_id__gte=low, organization_id__lt=high)
        mine = Q(organization_id=user.scope)
        seen = own & ~Q(state=PracticeState.DRAFT) | mine
        return self.filter(Q(state=PracticeState.CHOSEN) | seen)

    def with_uses(self):
        """Each with the number of approved plans that took it up. Needs: every plan in scope."""
        approved = Q(uses__paper__state__in=IN_FORCE)
        return self.annotate(used=Count("uses", filter=approved, distinct=True))


class ExemplarQuerySet(KeptQuerySet):
    def published(self):
        return self.filter(state=ExemplarState.PUBLISHED)

    def open_to(self, user):
        """A unit's own, and what units below have passed on to it."""
        code = user.scope
        mine = Q(organization_id=code)
        below = {
            2: [ExemplarState.AT_PROVINCE, ExemplarState.PUBLISHED],
            4: [ExemplarState.AT_CITY, ExemplarState.AT_PROVINCE, ExemplarState.PUBLISHED],
        }.get(len(code), [])
        passed_on = Q(organization_id__gte=code, organization_id__lt=f"{code}:", state__in=below)
        return self.filter(mine | passed_on)


class PolicyQuerySet(KeptQuerySet):
    def standing(self):
        """Those that hold today."""
        return self.filter(Q(is_lasting=True) | Q(valid_until__gte=localdate()), withdrawn_at=None)

    def for_home(self, code):
        """Those of a place and of everything above it."""
        return self.filter(organization_id__in=[*above(code), code])


class VoiceQuerySet(ScopedQuerySet):
    def shown(self):
        return self.filter(state=VoiceState.SHOWN)

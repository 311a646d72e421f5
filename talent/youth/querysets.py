from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from qingchun.accounts.choices import MembershipState
from qingchun.accounts.phones import of_number
from qingchun.organizations.codes import above, is_above_county, is_below_county, is_county
from qingchun.organizations.querysets import ScopedQuerySet
from talent.youth.choices import GroupClass, GroupState, QuestionState


class YouthQuerySet(ScopedQuerySet):
    def of(self, user):
        """The person's own record, if they have checked in."""
        return self.filter(user=user)


class CheckInQuerySet(ScopedQuerySet):
    def within(self, code):
        """A county and a township are asked for by themselves, since what is newest in them lies
        together in an index."""
        if is_county(code):
            return self.filter(county=code)
        return self.filter(organization=code) if is_below_county(code) else super().within(code)

    def mentioning(self, words):
        """By the person's name, or by their whole number."""
        return self.filter(Q(youth__name__contains=words) | of_number(words, "youth__phone_mark"))

    def as_list_rows(self):
        """With what a list shows of the person."""
        members = self.model._meta.apps.get_model("talent", "GroupMember").objects
        joined = members.filter(youth=OuterRef("youth"), joined_at__isnull=False)
        return (
            self.filter(youth__isnull=False)
            .select_related("youth", "organization")
            .defer("youth__lives_at")
            .annotate(is_joined=Exists(joined))
            .order_by("-at", "-pk")
        )


class GroupQuerySet(ScopedQuerySet):
    def standing(self):
        return self.exclude(state=GroupState.CLOSED)

    def without_responsible(self):
        """Nobody, or somebody who has left the post."""
        return self.standing().exclude(responsible__state=MembershipState.ACTIVE)

    def for_person(self, youth):
        """What fits a person: of their township, county and city, of their class or of all."""
        code = youth.organization_id
        units = {*above(code)[1:], code}
        classes = (GroupClass.ALL, youth.kind)
        return (
            self.standing()
            .filter(organization_id__in=units, kind__in=classes)
            .select_related("organization", "responsible__user", "deputy__user")
            .order_by("-organization_id", "kind")
        )


class QuestionQuerySet(ScopedQuerySet):
    def late(self):
        return self.filter(state=QuestionState.OPEN, due_on__lt=localdate())

    def answered_by(self, user):
        """What lies with a unit or below it; above the county only what has risen."""
        found = self.visible_to(user)
        if is_above_county(user.scope):
            found = found.filter(Q(organization_id=user.scope) | Q(risen_at__isnull=False))
        return found

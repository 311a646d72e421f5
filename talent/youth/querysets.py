from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate

from qingchun.accounts.choices import MembershipState
from qingchun.accounts.phones import of_number
from qingchun.organizations.codes import (
    above,
    county_of,
    is_above_county,
    is_below_county,
    is_county,
)
from qingchun.organizations.querysets import ScopedQuerySet
from talent.youth.choices import GroupClass, GroupState, PartState, QuestionState


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


class LetterPartQuerySet(ScopedQuerySet):
    def approved(self):
        return self.filter(state=PartState.APPROVED)

    def of_letter(self, campaign_id, code):
        """Of an edition's letter of a county, its townships' among them."""
        return self.within(county_of(code)).filter(campaign=campaign_id)

    def for_reader(self, campaign_id, code, kind, wants):
        """What somebody of this home, class and wishes reads."""
        return self.filter(
            campaign=campaign_id,
            organization_id__in={county_of(code), code},
            for_kind__in=("", kind),
            for_want__in=("", *wants),
        )

    def of_editions_before(self, campaign, code):
        """Approved ones that this edition's letter has not taken over yet."""
        taken = self.model._base_manager.filter(campaign=campaign, taken_from=OuterRef("pk"))
        return (
            self.within(code)
            .approved()
            .filter(campaign__starts_on__lt=campaign.starts_on)
            .exclude(Exists(taken))
            .select_related("campaign", "organization")
            .order_by("-campaign__starts_on", "-pk")
        )


class LetterCopyQuerySet(ScopedQuerySet):
    def of(self, user):
        """One's own."""
        return self.filter(youth__user=user)

    def answers(self):
        """{answer: (letters, of which read)}; an answer is "" of who has not answered."""
        rows = self.order_by().values_list("answer").annotate(n=Count("pk"), read=Count("read_at"))
        return {answer: (n, read) for answer, n, read in rows}

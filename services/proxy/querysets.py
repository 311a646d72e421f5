from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localdate, now

from qingchun.accounts.choices import MembershipState
from qingchun.accounts.phones import of_number
from qingchun.organizations.codes import county_of, is_below_county, is_county
from qingchun.organizations.querysets import ScopedQuerySet
from qingchun.organizations.walls import acting
from services.proxy.choices import OPEN, WORD_HOLDS, CaseState, Custodian

# How far a board counts; beyond that it says "99+".
MOST_COUNTED = 100


class ItemQuerySet(ScopedQuerySet):
    def on_offer(self, county, day=None):
        """What a county has published and its offices stand by today."""
        return self.on_offer_anywhere(day).filter(organization=county)

    def on_offer_anywhere(self, day=None):
        day = day or localdate()
        return (
            self.filter(published__isnull=False)
            .filter(confirmed_on__gte=day - WORD_HOLDS)
            .filter(Q(published__valid_from=None) | Q(published__valid_from__lte=day))
            .filter(Q(published__valid_until=None) | Q(published__valid_until__gte=day))
            .select_related("published")
            .order_by("published__category", "pk")
        )


class CaseQuerySet(ScopedQuerySet):
    def within(self, code):
        """A county is asked for by itself, so that its cases lie in order in an index."""
        return self.filter(county=code) if is_county(code) else super().within(code)

    def called(self, words):
        """By the person's whole name or number."""
        return self.filter(Q(name=words) | of_number(words))

    def open(self):
        return self.filter(state__in=OPEN)

    def posts_left(self, code):
        """Posts of the county that nobody works in any more: a question, or the answer."""
        agents = self.model._meta.get_field("agent").related_model.objects
        left = agents.within(county_of(code)).left().values_list("pk", flat=True)
        if is_below_county(code):
            with acting("carry a case"):  # a township does not see the county's posts
                return tuple(left)
        return left

    def nobodys(self, code, left=None):
        """Open, and without anybody at work who carries it: no agent, or one who has left."""
        left = self.posts_left(code) if left is None else left
        return self.open().filter(Q(agent=None) | Q(agent__in=left))

    def for_agent(self, post, day):
        """What a post carries and is due by a day, and what nobody carries. Needs: a scope."""
        due = Q(agent=post, planned_on__lte=day) & ~Q(state=CaseState.WAITING)
        return self.open().filter(due | Q(agent=None))

    def for_lead(self, post, day, soon):
        """The same for whoever answers for a county: also what is late, and what was left."""
        left = Q(agent__isnull=False) & ~Q(agent__state=MembershipState.ACTIVE)
        due = Q(agent=post, planned_on__lte=soon) | Q(planned_on__lt=day)
        return self.open().filter(due & ~Q(state=CaseState.WAITING) | Q(agent=None) | left)

    def late(self, day):
        """Past the planned day, and not for want of the person's papers."""
        return self.open().exclude(state=CaseState.WAITING).filter(planned_on__lt=day)

    def for_status(self):
        """What is told to whoever has the number: no name, and no column more than that."""
        return (
            self.order_by()
            .select_related("version", "organization")
            .only(
                "number", "phone", "state", "planned_on", "stopped_on", "version__title",
                "organization__full_name",
            )
        )  # fmt: skip

    def for_lists(self):
        """With what stands in a list; what is sealed stays shut, since no list shows it."""
        return self.select_related("version", "organization").defer(
            "phone", "landline", "place", "wish"
        )

    def of(self, user):
        return self.filter(asker=user)


class PaperQuerySet(ScopedQuerySet):
    def with_bare_handings(self):
        """Whether a paper was received, or given back, and nobody has printed a slip for it."""
        handings = self.model._meta.apps.get_model("proxy", "Handing").objects
        bare = handings.filter(paper=OuterRef("pk"), slip=None)
        return self.annotate(
            owes_receipt=Exists(bare.filter(from_holder=Custodian.PERSON)),
            owes_return=Exists(bare.filter(to_holder=Custodian.PERSON)),
        )


class SlotQuerySet(ScopedQuerySet):
    def for_case(self, case):
        """Hours of its county, of the way in which its papers come, that still have room."""
        return self.within(county_of(case.organization_id)).filter(way=case.way).free()

    def free(self):
        """Hours ahead that still have room."""
        return self.filter(starts_at__gt=now(), taken__lt=F("capacity"), is_closed=False)

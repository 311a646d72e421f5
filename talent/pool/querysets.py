import datetime as dt

from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value
from django.utils.timezone import localdate, now

from qingchun.accounts.choices import MembershipState
from qingchun.ground.pairs import APART, plain
from qingchun.ground.sought import Sought
from qingchun.organizations.codes import above, is_county, is_near
from qingchun.organizations.querysets import ScopedQuerySet
from talent.pool.choices import IN_THE_POOL, Agreed, Stage
from talent.pool.words import FIELDS

# Whoever is in the pool and was not spoken to for so long is forgotten by us, not by the portal.
SEASON = dt.timedelta(days=90)
FEW = 4000


class TalentQuerySet(ScopedQuerySet):
    def standing(self):
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def theirs(self, whose):
        """The standing records of somebody; where theirs was merged into another, the other."""
        found = list(self.filter(whose))
        while above := [record.merged_into_id for record in found if record.merged_into_id]:
            found = [record for record in found if not record.merged_into_id]
            found += self.filter(pk__in=above)
        return list(dict.fromkeys(found))

    def of_youth(self, youth):
        """By their check-in or their account."""
        whose = Q(youth=youth)
        return self.theirs(whose | Q(user=youth.user_id) if youth.user_id else whose)

    def within(self, code):
        """A county is asked for by itself, since its newest records lie together in an index."""
        return self.filter(county=code) if is_county(code) else super().within(code)

    def visible_to(self, user):
        """Home's cadres see their people; above them only who was opened, with a reason."""
        found = super().visible_to(user)
        if is_near(user.scope):
            return found
        openings = self.model._meta.apps.get_model("talent", "Opening").objects
        opened = openings.filter(record=OuterRef("pk"), user=user, until__gt=now())
        return found.exclude(agreed=Agreed.NONE).filter(Exists(opened))

    def holding(self, text, county):
        """Who has a text of two characters or more anywhere; one character is a surname's."""
        if len(plain(text)) < 2:
            return self.filter(name__startswith=plain(text))
        return self.sought(Sought(text), county)

    def sought(self, sought, county):
        """Who has all words that are looked for, or is called so.

        Asks at once whether few or many have all their pairs. Few are fetched by their numbers. Of
        many the newest records are read until a page is full.
        """
        words = self.model._meta.apps.get_model("talent", "PoolWords").objects
        found = words.filter(sought.marked("pairs", county))
        few = list(found.values_list("pk", flat=True)[: FEW + 1])
        return (self.filter(pk__in=few) if len(few) <= FEW else self).really_holding(sought)

    def really_holding(self, sought):
        """Pairs find a little too much: see ``place_in``."""
        texts = [
            Func(F(name), Value(APART), function="array_to_string", output_field=TextField())
            if name == "skills"
            else F(name)
            for name in FIELDS
        ]
        return self.filter(sought.held(*texts, said="name"))

    def narrowed(self, asked):
        """What a search asks for: unit, stage, trade, intention, skill, when last talked to."""
        found, day = self, localdate()
        if unit := asked.get("unit"):
            found = found.within(unit)
        for name in ("stage", "trade", "intention"):
            if value := asked.get(name):
                found = found.filter(**{name: value})
        if skill := asked.get("skill"):
            found = found.filter(skills__overlap=self._words_for(skill))
        match asked.get("talked"):
            case "stale":
                found = found.stale(day)
            case "never":
                found = found.filter(last_talked_on=None)
            case "month":
                found = found.filter(last_talked_on__gte=day - dt.timedelta(30))
        return found

    def _words_for(self, skill):
        """Whatever else the province knows a skill by: older records may say it so."""
        terms = self.model._meta.apps.get_model("talent", "SkillTerm").objects
        term = terms.filter(Q(name=skill) | Q(others__contains=[skill])).first()
        return [skill, term.name, *term.others] if term else [skill]

    def due(self, day):
        """To be spoken to today, the longest overdue first."""
        found = self.standing().filter(next_on__lte=day).exclude(stage=Stage.RESTS)
        return found.order_by("next_on", "pk")

    def of_or_nobodys(self, post):
        """Whoever is this post's to speak with, or nobody's."""
        return self.filter(Q(follower=post) | Q(follower=None))

    def of_or_left(self, post):
        """Theirs, nobody's, and of whoever has left. Needs: to see the posts."""
        at_work = Q(follower__state=MembershipState.ACTIVE)
        return self.filter(Q(follower=post) | ~at_work)

    def stale(self, day):
        """In the pool, and not spoken to for a season."""
        old = Q(last_talked_on__lt=day - SEASON) | Q(
            last_talked_on=None, made_at__lt=now() - SEASON
        )
        return self.standing().filter(old, stage__in=IN_THE_POOL)

    def silent(self, day):
        """Without a consent, and their time to answer is over."""
        return self.standing().filter(agreed=Agreed.NONE, answer_by__lt=day)

    def to_be_asked(self):
        """Whoever was not yet, and is not to be left alone just now."""
        found = self.standing().exclude(stage=Stage.RESTS)
        return found.filter(agreed=Agreed.NONE, asked_at=None, phone_mark__isnull=False)

    def namesakes(self):
        """Same name, birth year and village as another of the county: perhaps the same person."""
        others = self.model._default_manager.filter(
            county=OuterRef("county"),
            name=OuterRef("name"),
            birth_year=OuterRef("birth_year"),
            village=OuterRef("village"),
            merged_into=None,
        )
        return self.standing().filter(Exists(others.exclude(pk=OuterRef("pk"))))


class OfferQuerySet(ScopedQuerySet):
    def for_unit(self, code):
        """What a unit can pass on now."""
        return self.of_unit(code).standing(localdate())

    def of_unit(self, code):
        """Its own, and what the county, city and province have."""
        return self.filter(organization_id__in=[*above(code), code])

    def standing(self, day):
        return self.filter(Q(until_on=None) | Q(until_on__gte=day))

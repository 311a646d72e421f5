from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Sum

from campaigns.choices import CampaignState
from qingchun.organizations.codes import city_of, county_of
from qingchun.organizations.querysets import ScopedQuerySet


class CampaignQuerySet(models.QuerySet):
    def current(self):
        """The edition people work in: the newest open one, else the newest there is."""
        open_first = models.Case(
            models.When(state=CampaignState.OPEN, then=0),
            default=1,
            output_field=models.IntegerField(),
        )
        return self.order_by(open_first, "-starts_on", "-pk").first()

    def at_work(self):
        """The open edition that records count for, or None between two."""
        edition = self.current()
        return edition if edition and edition.state == CampaignState.OPEN else None

    def chosen(self, wanted):
        """(all editions, the one asked for), in one query; without a word the current one."""
        editions = list(self.all())
        for edition in editions:
            if str(edition.pk) == str(wanted):
                return editions, edition
        at_work = [edition for edition in editions if edition.state == CampaignState.OPEN]
        return editions, next(iter(at_work or editions), None)


class ActivityKindQuerySet(models.QuerySet):
    def of_all(self):
        """The ten, and what the province added to them."""
        return self.filter(city=None)

    def open_to(self, code):
        """Those of all, and the innovations of the city this unit belongs to."""
        return self.filter(Q(city=None) | Q(city_id=city_of(code)))


class ActivityQuerySet(ScopedQuerySet):
    def live(self):
        return self.filter(deleted_at=None)

    def of(self, campaign):
        return self.live().filter(campaign=campaign)

    def with_open_questions(self):
        return self.filter(questions__answered_at=None, questions__isnull=False).distinct()

    def mentioning(self, words):
        return self.filter(Q(title__icontains=words) | Q(text__icontains=words))

    def as_list_rows(self):
        """Plain rows with the columns a list shows: a model instance a row costs twice as much."""
        # By name, since models import this module.
        photos = self.model.photos.rel.related_model.objects
        questions = self.model.questions.rel.related_model.objects
        first = photos.filter(activity=OuterRef("pk")).order_by("added_at", "id")
        return self.values(
            "id", "title", "held_on", "place", "participants", "checked_at",
            kind_name=F("kind__short_name"), unit_name=F("organization__short_name"),
            picture=Subquery(first.values("id")[:1]),
            is_asked=Exists(questions.filter(activity=OuterRef("pk"), answered_at=None)),
        )  # fmt: skip


class UndertakingQuerySet(ScopedQuerySet):
    def run_by(self, code):
        """What a unit runs; a township works for its county."""
        return self.filter(organization_id=county_of(code))


class TallyQuerySet(ScopedQuerySet):
    def of(self, campaign):
        return self.filter(campaign=campaign)

    def annotate_sums(self):
        return self.annotate(Sum("activities"), Sum("participants"), Max("last_on")).order_by()

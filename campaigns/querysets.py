from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, Func, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import JSONObject, Left
from django.utils.timezone import localdate

from campaigns.calendar import running
from campaigns.choices import CampaignState
from campaigns.permissions import can_run_editions
from qingchun.organizations.codes import (
    LENGTHS,
    city_of,
    county_of,
    is_below_county,
    is_county,
    is_province,
)
from qingchun.organizations.querysets import ScopedQuerySet


def days_off(reference):
    """The days off that are in force of the last years, beside a post's row: asked with whoever signs
    in, since a page of theirs says what falls due by the next working day. A young person's says none."""
    if reference != "user_id":
        return Value(None, output_field=models.JSONField())
    applied = apps.get_model("campaigns", "DaysOff").objects.filter(applied_at__isnull=False)
    last = applied.order_by("-year", "-number").distinct("year")
    return ArraySubquery(last.values(one=JSONObject(year="year", days="days")).values("one")[:3])


class CampaignQuerySet(models.QuerySet):
    def shown(self):
        """Not those in preparation, which their makers alone see."""
        return self.exclude(state=CampaignState.PREPARING)

    def seen_by(self, user):
        return self.all() if can_run_editions(user) else self.shown()

    def current(self, on=None):
        """The edition whose days these are, or that day is one of; None before there is any."""
        return running(self.shown(), on or localdate())

    def at_work(self, on=None):
        """The open edition that the records of a day count for, or None between two."""
        edition = self.current(on)
        return edition if edition and edition.is_open else None


class ActivityKindQuerySet(models.QuerySet):
    def of_all(self):
        """The ten, and what the province added to them."""
        return self.filter(city=None)

    def open_to(self, code):
        """Those of all, and the innovations of the city this unit belongs to."""
        return self.filter(Q(city=None) | Q(city_id=city_of(code)))

    def for_forms(self):
        """With what a form asks for each, and what a day is checked against."""
        return self.select_related("campaign").prefetch_related("campaign__stages", "measures")

    def known_to(self, code):
        """With the most people that the county ever had at one (``most``), and what the unit logged
        last (``latest``: [[day, place], …])."""
        entries = self.model.activity_set.rel.related_model.objects.live()
        past = entries.filter(county=county_of(code), kind__key=OuterRef("key")).order_by()
        most = past.values("kind__key").annotate(most=Max("participants")).values("most")
        own = entries.filter(organization=code, kind=OuterRef("pk")).order_by(
            "-held_on", "-logged_at", "-id"
        )
        pair = JSONObject(on="held_on", at="place")
        return self.annotate(
            most=Subquery(most), latest=ArraySubquery(own.values(pair=pair).values("pair")[:20])
        )


class ActivityQuerySet(ScopedQuerySet):
    def within(self, code):
        """By the column of that level, which has an index in the order of the lists.

        Not by the range as well: of both the planner expects a part of a part.
        """
        if not code or is_province(code):
            return super().within(code)
        column = (
            "organization" if is_below_county(code) else "county" if is_county(code) else "city"
        )
        return self.filter(**{column: code})

    def live(self):
        return self.filter(deleted_at=None)

    def of(self, campaign):
        return self.live().filter(campaign=campaign)

    def with_open_questions(self):
        return self.filter(questions__answered_at=None, questions__isnull=False).distinct()

    def holding(self, sought):
        """What is looked for, in the title or in what is told."""
        return self.filter(sought.held("title", "text", said="title"))

    def as_list_rows(self):
        """Plain rows with the columns a list shows: a model instance a row costs twice as much."""
        # By name, since models import this module.
        photos = self.model.photos.rel.related_model.objects
        questions = self.model.questions.rel.related_model.objects
        first = photos.made().filter(activity=OuterRef("pk")).order_by("added_at", "id")
        return self.values(
            "id", "title", "held_on", "logged_at", "place", "participants", "checked_at", "version",
            "organization_id",
            kind_name=F("kind__short_name"), unit_name=F("organization__short_name"),
            picture=Subquery(first.values("id")[:1]),
            is_asked=Exists(questions.filter(activity=OuterRef("pk"), answered_at=None)),
        )  # fmt: skip


class PhotoQuerySet(ScopedQuerySet):
    def made(self):
        """Those that there is something to see of."""
        return self.exclude(image="")

    def waiting(self):
        """Those that no worker has made anew yet."""
        return self.filter(image="", trouble="")


class ClipQuerySet(ScopedQuerySet):
    def by_unit(self, code):
        """(code, name, how many films are kept, how many bytes they take) of a unit itself and of each
        right below it; of what lies below those with them."""
        digits = LENGTHS[LENGTHS.index(len(code)) + 1]
        units = self.model._meta.get_field("organization").related_model.objects
        name = units.filter(pk=OuterRef("unit")).values("short_name")
        kept = self.exclude(film="").annotate(
            unit=Left("organization", digits), name=Subquery(name)
        )
        found = kept.order_by("unit").values_list("unit", "name")
        return found.annotate(Count("pk"), Sum("kept"))


class UndertakingQuerySet(ScopedQuerySet):
    def run_by(self, code):
        """What a unit runs; a township works for its county."""
        return self.filter(organization_id=county_of(code))

    def owed(self):
        """Of open editions: nothing was logged of it, no record stands for it, and nobody said that
        there is nothing to report."""
        tallies, records = (
            self.model._meta.apps.get_model("campaigns", name).objects.filter(
                campaign=OuterRef("campaign"), organization=OuterRef("organization")
            )
            for name in ("Tally", "RecordTally")
        )
        logged = tallies.filter(kind=OuterRef("kind"), activities__gt=0)
        head = Func(
            F("key"), Value("-"), Value(1), function="split_part", output_field=models.TextField()
        )
        of_kind = records.alias(head=head).filter(head=OuterRef("kind__key"), value__gt=0)
        return self.filter(
            ~Exists(logged), ~Exists(of_kind),
            nothing_to_report_at=None, campaign__state=CampaignState.OPEN,
        )  # fmt: skip


class TallyQuerySet(ScopedQuerySet):
    def of(self, campaign):
        return self.filter(campaign=campaign)

    def annotate_sums(self):
        return self.annotate(Sum("activities"), Sum("participants"), Max("last_on")).order_by()

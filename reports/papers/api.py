from rest_framework import serializers, viewsets

from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from reports.papers import summing
from reports.papers.actions.workflow import road_of, shown
from reports.papers.models import Plan, Summary


class PaperSerializer(serializers.ModelSerializer):
    content = serializers.SerializerMethodField()

    class Meta:
        fields = [
            "id", "campaign", "organization", "state", "number", "first_sent_at", "sent_at",
            "decided_at", "content",
        ]  # fmt: skip

    def get_content(self, paper) -> dict:
        """As it was last sent; for the unit that is still writing, its working copy."""
        contents, *_ = self._shown(paper)
        return {key: contents[key] for key in road_of(paper).sections if key in contents}

    def _shown(self, paper):
        return shown(paper, self.context["request"].user)


class PlanSerializer(PaperSerializer):
    class Meta(PaperSerializer.Meta):
        model = Plan


class SummarySerializer(PaperSerializer):
    figures = serializers.SerializerMethodField()

    class Meta(PaperSerializer.Meta):
        model = Summary
        fields = [*PaperSerializer.Meta.fields, "figures"]

    def get_figures(self, summary) -> list:
        """Sealed, with what was mended since; counted now while it is being written. What would
        tell who somebody is has no value and says so."""
        contents, _, version = self._shown(summary)
        reading = summing.read(summary, contents, version)
        return [
            {
                "name": figure.name,
                "label": figure.label,
                "unit": figure.unit,
                "value": figure.value if figure.shown == figure.value else None,
                "shown": str(figure.shown),
                "by_hand": figure.by_hand,
            }
            for figure in [*reading.figures, *reading.typed]
        ]


class PaperViewSet(viewsets.ReadOnlyModelViewSet):
    """To read; what may be done with one stands under its steps/."""

    filterset_fields = ["campaign", "state"]

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)


@access(levels=(Level.PROVINCE, Level.CITY))
class PlanViewSet(PaperViewSet):
    serializer_class = PlanSerializer
    queryset = Plan.objects.select_related("campaign", "organization").prefetch_related(
        "sections", "versions"
    )


@access(levels=(Level.PROVINCE, Level.CITY))
class SummaryViewSet(PaperViewSet):
    serializer_class = SummarySerializer
    queryset = Summary.objects.select_related("campaign", "organization").prefetch_related(
        "sections", "versions", "errata"
    )

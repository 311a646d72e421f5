from django.shortcuts import get_object_or_404
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from reports import summing
from reports.actions import review
from reports.actions.roads import road_of, shown
from reports.models import Plan, Summary


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


class RemarksSerializer(serializers.Serializer):
    remarks = serializers.DictField(child=serializers.CharField(allow_blank=True))


class PaperViewSet(viewsets.ReadOnlyModelViewSet):
    """Read, send, review: the same actions, and so the same rules, as the pages."""

    filterset_fields = ["campaign", "state"]

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)

    def _step(self, act, **values):
        paper = self.get_object()
        act(paper, actor=self.request.user, **values)
        return Response(
            self.get_serializer(get_object_or_404(self.get_queryset(), pk=paper.pk)).data
        )

    @action(detail=True, methods=["post"])
    def submit(self, request, pk):
        return self._step(review.submit)

    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, pk):
        return self._step(review.take_back)

    @action(detail=True, methods=["post"])
    def review(self, request, pk):
        return self._step(review.start_review)

    @action(detail=True, methods=["post"], url_path="send-back", serializer_class=RemarksSerializer)
    def send_back(self, request, pk):
        paper = self.get_object()  # first: outside the scope nothing else is said
        form = RemarksSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sections = road_of(paper).sections.values
        known = {k: v for k, v in form.validated_data["remarks"].items() if k in sections}
        review.send_back(paper, actor=request.user, remarks=known)
        return Response({"state": paper.state})

    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        return self._step(review.approve)


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

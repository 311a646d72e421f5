from django.shortcuts import get_object_or_404
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from qingchun.organizations.access import access
from qingchun.organizations.choices import Level
from reports.actions import review
from reports.choices import Section
from reports.models import Plan
from reports.permissions import is_province


class PlanSerializer(serializers.ModelSerializer):
    content = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = [
            "id", "campaign", "organization", "state", "number", "first_sent_at", "sent_at",
            "decided_at", "content",
        ]  # fmt: skip

    def get_content(self, plan) -> dict:
        """As it was last sent; for the city that is still writing, its working copy."""
        if plan.is_editable and not is_province(self.context["request"].user):
            return {section.key: section.content for section in plan.sections.all()}
        sent = max(plan.versions.all(), key=lambda version: version.number)
        return {key: value for key, value in sent.content.items() if key in Section.values}


class RemarksSerializer(serializers.Serializer):
    remarks = serializers.DictField(child=serializers.CharField(allow_blank=True))


@access(levels=(Level.PROVINCE, Level.CITY))
class PlanViewSet(viewsets.ReadOnlyModelViewSet):
    """Plans: read, send, review. The same actions, and so the same rules, as the pages."""

    serializer_class = PlanSerializer
    queryset = Plan.objects.select_related("campaign", "organization").prefetch_related(
        "sections", "versions"
    )
    filterset_fields = ["campaign", "state"]

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)

    def _step(self, act, **values):
        plan = self.get_object()
        act(plan, actor=self.request.user, **values)
        return Response(
            self.get_serializer(get_object_or_404(self.get_queryset(), pk=plan.pk)).data
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
        plan = self.get_object()  # first: outside the scope nothing else is said
        form = RemarksSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        known = {k: v for k, v in form.validated_data["remarks"].items() if k in Section.values}
        review.send_back(plan, actor=request.user, remarks=known)
        return Response({"state": plan.state})

    @action(detail=True, methods=["post"])
    def approve(self, request, pk):
        return self._step(review.approve)

from rest_framework import serializers, viewsets

from qingchun.organizations.access import access
from talent.pool.models import TalentRecord
from talent.youth.permissions import NEAR


class TalentRecordSerializer(serializers.ModelSerializer):
    """Name and number are masked: a program gives no reason why it should see them."""

    name = serializers.CharField(source="masked_name")
    phone = serializers.CharField(source="phone_shown")

    class Meta:
        model = TalentRecord
        fields = [
            "id", "organization", "name", "phone", "village", "birth_year", "education", "trade",
            "skills", "experience", "doing", "lives_at", "intention", "project", "project_field",
            "employs", "supports", "support_text", "found_by", "stage", "agreed", "last_talked_on",
            "next_on", "made_at",
        ]  # fmt: skip


@access(levels=NEAR)
class TalentRecordViewSet(viewsets.ReadOnlyModelViewSet):
    """The pool at and below the county or township acted for; above it there are figures."""

    serializer_class = TalentRecordSerializer
    queryset = TalentRecord.objects.all()
    filterset_fields = ["stage", "trade", "intention", "organization"]

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user).standing()

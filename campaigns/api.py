from dataclasses import asdict

from django.db.models import Subquery
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime
from django_filters.rest_framework import CharFilter, FilterSet
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import mixins, parsers, serializers, viewsets
from rest_framework.response import Response

from campaigns.actions import log as actions
from campaigns.actions.photos import add_photo
from campaigns.entry_forms import ActivityForm
from campaigns.models import Activity, ActivityKind, Campaign, Deadline, Measure, Stage, Tally
from qingchun.ground.prepared import prepared
from qingchun.organizations.access import access, takes_files
from qingchun.rest import FromARow, ObjectParser


class StageSerializer(serializers.ModelSerializer):
    class Meta:
        model = Stage
        fields = ["number", "name", "printed", "starts_on", "ends_on"]


class DeadlineSerializer(serializers.ModelSerializer):
    class Meta:
        model = Deadline
        fields = ["purpose", "printed", "earliest_on", "latest_on", "enforced_on", "reason"]


class MeasureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Measure
        fields = ["key", "label", "unit", "adds"]


class KindSerializer(serializers.ModelSerializer):
    measures = MeasureSerializer(many=True, read_only=True)

    class Meta:
        model = ActivityKind
        fields = ["key", "number", "group", "name", "short_name", "run_by", "city", "measures"]


class CampaignSerializer(serializers.ModelSerializer):
    stages = StageSerializer(many=True, read_only=True)
    deadlines = DeadlineSerializer(many=True, read_only=True)
    kinds = KindSerializer(many=True, read_only=True)

    class Meta:
        model = Campaign
        fields = [
            "id",
            "title",
            "season",
            "starts_on",
            "ends_on",
            "state",
            "stages",
            "deadlines",
            "kinds",
        ]


@access()
class CampaignViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = CampaignSerializer
    queryset = Campaign.objects.prefetch_related("stages", "deadlines", "kinds__measures")

    def get_queryset(self):
        return super().get_queryset().seen_by(self.request.user)


def _moment(value):
    return localtime(value).isoformat() if value else None


class ActivitySerializer(serializers.ModelSerializer):
    id = serializers.UUIDField()
    kind = serializers.SlugRelatedField(slug_field="key", queryset=ActivityKind.objects.all())
    photos = serializers.SerializerMethodField()
    sure = serializers.ListField(
        child=serializers.CharField(max_length=200),
        write_only=True,
        required=False,
        help_text="核实过、没有写错的：照抄 409 回答里各个问题的 token。",
    )

    class Meta:
        model = Activity
        fields = [
            "id", "campaign", "organization", "kind", "stage", "held_on", "place", "title",
            "participants", "text", "figures", "logged_at", "checked_at", "photos", "sure",
        ]  # fmt: skip
        read_only_fields = ["organization", "stage", "logged_at", "checked_at"]
        extra_kwargs = {"title": {"required": False}, "participants": {"max_value": 1_000_000}}

    def to_representation(self, activity):
        """As the fields would say it one by one, which takes a list most of its time."""
        return {
            "id": str(activity.pk),
            "campaign": activity.campaign_id,
            "organization": activity.organization_id,
            "kind": activity.kind.key,
            "stage": activity.stage,
            "held_on": activity.held_on.isoformat(),
            "place": activity.place,
            "title": activity.title,
            "participants": activity.participants,
            "text": activity.text,
            "figures": activity.figures,
            "logged_at": _moment(activity.logged_at),
            "checked_at": _moment(activity.checked_at),
            "photos": self.get_photos(activity),
        }

    def get_photos(self, activity) -> list[str]:
        return [str(photo.pk) for photo in activity.photos.all() if not photo.trouble]

    def validate_figures(self, figures):
        whole = isinstance(figures, dict) and all(
            isinstance(n, int) and not isinstance(n, bool) and 0 <= n <= 1_000_000
            for n in figures.values()
        )
        if not whole:
            raise serializers.ValidationError("指标应是不大于 100 万的非负整数。")
        return figures

    def to_internal_value(self, data):
        # A key is known within one edition: the choice of kinds follows the edition named.
        self.fields["kind"].queryset = (
            ActivityKind.objects.filter(
                campaign_id=str(data.get("campaign", ""))
                if str(data.get("campaign")).isdecimal()
                else 0
            )
            .select_related("campaign")
            .prefetch_related("campaign__stages")
        )
        return super().to_internal_value(data)


def questions_about(values, user):
    """What the form would ask about an entry of these values."""
    kind = values["kind"]
    kinds = ActivityKind.objects.filter(pk=kind.pk).known_to(user.scope).for_forms()
    form = ActivityForm(campaign=kind.campaign, kinds=kinds)
    return form.questions(values | form.named(values.get("figures", {})))


asked = inline_serializer(
    "Asked",
    {
        "detail": serializers.CharField(),
        "questions": inline_serializer(
            "Question",
            {name: serializers.CharField() for name in ("token", "text", "yes")},
            many=True,
        ),
    },
)


class ActivityFilters(FilterSet):
    kind__key = CharFilter(method="of_kind")

    class Meta:
        model = Activity
        fields = {"campaign": ["exact"], "held_on": ["gte", "lte"]}

    def of_kind(self, found, name, key):
        """By its number in the edition asked for: a join would hide from the index which it is."""
        asked = self.form.cleaned_data.get("campaign") or Campaign.objects.current()
        kinds = ActivityKind.objects.filter(campaign=asked, key=key)
        return found.filter(kind=Subquery(kinds.order_by().values("pk")[:1]))


@access()
@takes_files()
class ActivityViewSet(mixins.CreateModelMixin, viewsets.ReadOnlyModelViewSet):
    """The log at and below the unit acted for; ``photos`` are files of a multipart request.

    What is unlikely is asked about with 409, as in the form: each of ``questions`` is answered by
    sending the same once more with its ``token`` in ``sure``.
    """

    serializer_class = ActivitySerializer
    parser_classes = [ObjectParser, parsers.MultiPartParser]
    pagination_class = FromARow
    queryset = prepared(Activity.objects).select_related("kind").prefetch_related("photos")
    filterset_class = ActivityFilters

    def get_queryset(self):
        found = super().get_queryset().visible_to(self.request.user).live()
        if self.action == "list" and not self.request.query_params.get("campaign"):
            # Each index of the lists is one edition's.
            return found.filter(campaign=Campaign.objects.current())
        return found

    @extend_schema(responses={200: ActivitySerializer, 201: ActivitySerializer, 409: asked})
    def create(self, request):
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        entry = values.pop("id")
        values.pop("campaign")
        given = values.pop("sure", ())
        questions = [one for _, one in questions_about(values | {"entry": entry}, request.user)]
        unsure = [one for one in questions if one.token not in given]
        # What is logged is logged: sent once more it changes nothing.
        if unsure and not self.get_queryset().filter(pk=entry).exists():
            said = "请核对下面问的。没有写错的，把各个 token 放进 sure 再提交。"
            return Response({"detail": said, "questions": [*map(asdict, unsure)]}, status=409)
        values["sure"] = [one.token for one in questions]
        activity, is_new = actions.log_activity(actor=request.user, entry=entry, **values)
        for file in request.FILES.getlist("photos") if is_new else ():
            add_photo(actor=request.user, entry=entry, file=file)
        kept = get_object_or_404(self.get_queryset(), pk=activity.pk)
        return Response(self.get_serializer(kept).data, status=201 if is_new else 200)


class CountSerializer(serializers.ModelSerializer):
    kind = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta:
        model = Tally
        fields = [
            "campaign",
            "organization",
            "kind",
            "stage",
            "activities",
            "participants",
            "last_on",
        ]


@access()
class CountViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What the log adds up to, per county-level unit, kind and stage."""

    serializer_class = CountSerializer
    queryset = Tally.objects.select_related("kind").order_by(
        "organization_id", "kind__number", "stage"
    )
    filterset_fields = ["campaign", "kind__key", "stage"]

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)

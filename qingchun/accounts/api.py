"""The tree by API, and how every API view says no."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers, viewsets
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import exception_handler

from qingchun.ground.refusals import Refused
from qingchun.organizations.access import access
from qingchun.organizations.models import Organization


def explain(error, context):
    """A refusal is 409 with its sentence; everything else as REST framework does it."""
    if isinstance(error, Refused):
        return Response({"detail": str(error)}, status=409)
    if isinstance(error, Throttled):
        error.detail = (
            f"请求太频繁，请过 {error.wait:.0f} 秒再试。要取很多条的，请用 limit 一次多取一些。"
        )
    return exception_handler(error, context)


class OrganizationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ["code", "name", "full_name", "short_name", "level", "parent", "closed_on"]


@access()
class OrganizationViewSet(viewsets.ReadOnlyModelViewSet):
    """The tree at and below the unit acted for."""

    serializer_class = OrganizationSerializer
    queryset = Organization.objects.all()
    filterset_fields = ["level", "parent"]

    def get_queryset(self):
        return super().get_queryset().within(self.request.user.scope)


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes our tokens."""

    target_class = "qingchun.accounts.authentication.TokenAuthentication"
    match_subclasses = True
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token …"}

"""The routes of /api/v1/: each app names its own view sets, this page joins them."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from campaigns.api import ActivityViewSet, CampaignViewSet, CountViewSet
from qingchun.accounts.api import OrganizationViewSet
from qingchun.accounts.authentication import DeclaredAccess
from qingchun.organizations.access import access
from qingchun.stepping import STEPPINGS
from reports.papers.api import PlanViewSet, SummaryViewSet
from talent.pool.api import TalentRecordViewSet


@access()
class Schema(SpectacularAPIView):
    # The package's own default would let anybody in.
    permission_classes = (DeclaredAccess,)


router = SimpleRouter()
router.register("organizations", OrganizationViewSet, "api-organization")
router.register("campaigns", CampaignViewSet, "api-campaign")
router.register("activities", ActivityViewSet, "api-activity")
router.register("plans", PlanViewSet, "api-plan")
router.register("summaries", SummaryViewSet, "api-summary")
router.register("talent", TalentRecordViewSet, "api-talent")
router.register("counts", CountViewSet, "api-count")
urlpatterns = [
    path("schema/", Schema.as_view(), name="api-schema"),
    *router.urls,
    # All views are known by now: this page comes last in urls.py.
    *(route for _, stepping in sorted(STEPPINGS.items()) for route in stepping.api()),
]

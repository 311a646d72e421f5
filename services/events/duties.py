"""What is handed over with a post."""

from qingchun.accounts.duties import PendingItem
from services.events.models import Event


def events_ahead(code):
    # What a unit publishes is open to read: no wall to step behind.
    count = Event.objects.filter(organization_id=code).ahead().count()
    yield PendingItem("还没有举办的活动", count, "/desk/events/")

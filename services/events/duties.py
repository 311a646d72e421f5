"""What is handed over with a post."""

from qingchun.accounts.duties import Duty
from qingchun.accounts.duties import register as register_duty
from qingchun.organizations.walls import as_clerk
from services.events.models import Event


@register_duty
def events_ahead(code):
    with as_clerk():
        count = Event.objects.filter(organization_id=code).ahead().count()
    yield Duty("还没有举办的活动", count, "/desk/events/")

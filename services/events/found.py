"""Events, as they are found over everything: the unit's own, and what others have published near it."""

from django.db.models import Q, Value
from django.db.models.functions import Concat, TruncDate

from qingchun.accounts.searching import Find, Hit, row_of
from qingchun.ground.links import address_of
from qingchun.ground.prepared import prepared, then
from qingchun.organizations.codes import above
from qingchun.organizations.querysets import code_range
from services.events.choices import EventState
from services.events.models import Event

PUBLIC = "events:event"
UNIT = Concat("organization_id", Value(" "), "organization__short_name")
DAY = TruncDate("starts_at")


def _events(user, sought):
    """A unit opens its own at its desk, those below and above it as everybody sees them."""
    found = then(prepared(Event.objects), _near, None, user.scope)
    found = sought.among(found, "title", "place", said="title").order_by("-starts_at", "-pk")
    return row_of(found, "events", "title", UNIT, "place", DAY)


def _near(found, _, code):
    low, high = code_range(code)
    near = Q(organization_id__gte=low, organization_id__lt=high) | Q(
        organization_id__in=above(code)
    )
    return found.filter(Q(organization_id=code) | near & ~Q(state=EventState.DRAFT))


def _event(user, row):
    code, _, unit = row.who.partition(" ")
    on = f"{row.on.year}年{row.on.month}月{row.on.day}日"
    route = EVENTS.route if code == user.scope else PUBLIC
    return Hit(row.what, f"{on} · {unit} · {row.note}", address_of(route, row.pk))


EVENTS = Find(
    key="events", name="活动报名", icon="ticket", route="events:desk_event",
    find=_events, show=_event,
)  # fmt: skip

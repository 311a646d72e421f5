"""Lists of the events desk, on their pages, printed and exported whole."""

from django.db.models import OuterRef, Subquery

from qingchun.ground.lists import Listing
from qingchun.ground.prepared import prepared
from qingchun.organizations.codes import county_of
from services.events.choices import EventState
from services.events.models import Event, PointDay, ServicePoint

SHOWN = (
    ("", "要办的", (EventState.OPEN, EventState.FULL, EventState.CLOSED)),
    ("draft", "草稿", (EventState.DRAFT,)),
    ("past", "办过的", (EventState.HELD, EventState.CANCELLED)),
)


def events(user, asked):
    show = asked.get("show", "")
    states = next((states for key, _, states in SHOWN if key == show), SHOWN[0][2])
    found = prepared(Event.objects).own(user).filter(state__in=states).with_places()
    order = ("-starts_at", "-pk") if show == "past" else ("starts_at", "pk")
    return found.order_by(*order)


def points(user, asked):
    """Stations in one's county or scope, with what was served at each last."""
    last = PointDay.objects.filter(point=OuterRef("pk")).order_by("-on")
    found = ServicePoint.objects.within(county_of(user.scope)).select_related("organization")
    found = found.annotate(
        last_on=Subquery(last.values("on")[:1]), last_served=Subquery(last.values("served")[:1])
    )
    return found.order_by("organization_id", "pk")


EVENTS = Listing(
    name="events",
    title="报名活动",
    page="events:desk",
    rows=events,
    columns={
        "名称": "title",
        "类别": "get_kind_display",
        "开始": "starts_at",
        "结束": "ends_at",
        "地点": "place",
        "名额": lambda event: event.places or 0,
        "已占": lambda event: event.gone or 0,
        "状态": "get_state_display",
    },
)
POINTS = Listing(
    name="points",
    title="服务点",
    page="events:points",
    rows=points,
    columns={
        "服务点": "name",
        "类别": "get_kind_display",
        "单位": "organization.name",
        "最近服务": "last_on",
        "服务人次": "last_served",
    },
)

"""What leads here from a place's own page."""

from qingchun.ground.links import address_of
from qingchun.ground.portal import Way
from services.events.models import Event


def events(code: str) -> Way | None:
    if not Event.objects.near(code).ahead().exists():
        return None
    return Way(
        "ticket", "gold", "活动报名", "座谈、实习岗位、志愿服务、青春有约",
        address_of("events:place_events", code),
    )  # fmt: skip

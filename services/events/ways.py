"""What leads here from a place's own page."""

from django.db.models import QuerySet

from qingchun.accounts.models import User
from qingchun.ground.links import address_of
from qingchun.ground.portal import Way
from services.events.choices import AHEAD
from services.events.models import Event, Signup


def public_pages() -> list[str]:
    ahead = Event.objects.ahead().order_by("pk").values_list("pk", flat=True)
    return [address_of("events:event", pk) for pk in ahead]


def under_way(user: User) -> list[str]:
    mine = Signup.objects.of(user).standing().filter(event__state__in=AHEAD)
    titles = mine.order_by("event__starts_at").values_list("event__title", flat=True)
    return [f"“{title}”的报名取消，名额让给下一位。" for title in titles]


def events(code: str) -> tuple[Way, QuerySet]:
    way = Way(
        "ticket", "gold", "活动报名", "座谈、实习岗位、志愿服务、青春有约",
        address_of("events:place_events", code),
    )  # fmt: skip
    return way, Event.objects.near(code).ahead()

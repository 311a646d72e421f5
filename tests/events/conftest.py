"""小店区's events: 张小店 runs them, 陈返乡 and guests come."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils.timezone import now

from qingchun.organizations.walls import rls_context
from services.events.actions import evenings
from tests.events import scene
from tests.looking import look


@pytest.fixture(autouse=True)
def looking_on(as_province, request):
    """A test looks at what became of things in every unit; pages ask as whoever they are."""
    if "db" in request.fixturenames:
        look()


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def desk():
    """``with desk(zhang): …`` asks as a cadre does."""
    return lambda user: rls_context(scope=user.scope, person=user.pk)


@pytest.fixture
def event(campaign, zhang):
    """返乡学子座谈会: two places, in three days."""
    return scene.opened(zhang)


@pytest.fixture
def guests(campaign, db):
    """Six who have checked in with 小店区."""
    found = [scene.guest(n) for n in range(1, 7)]
    for user in found:
        scene.arrived(user)
    return found


@pytest.fixture
def full(event, guests):
    """The event with two in it, and two in the line."""
    return [scene.joined(user, event)[0] for user in guests[:4]]


@pytest.fixture
def party(campaign, zhang):
    """An evening of three rounds that begins in an hour."""
    return scene.evening_of(zhang)


@pytest.fixture
def invitees(party, guests):
    """Three men, three women: numbers are given at the door in this order."""
    return [scene.invited(user, party, n < 3, n) for n, user in enumerate(guests)]


@pytest.fixture
def seated(invitees, party, zhang, winter, desk):
    """Everybody is here, and all three rounds are played."""
    winter.move_to(party.starts_at)
    signups = [scene.here(signup, zhang) for signup in invitees]
    with desk(zhang):
        assert evenings.seat(scene.fresh(party), actor=zhang) == 9
        for seen in range(3):
            evenings.next_round(scene.fresh(party), actor=zhang, seen=seen)
    return signups


@pytest.fixture
def chosen(seated):
    """1 and 4, 2 and 5 chose each other; 3 chose 4 and 6, and 6 chose 1: in vain."""
    for signup, numbers in zip(seated, ((4,), (5,), (4, 6), (1,), (2,), (1,)), strict=True):
        scene.choose(signup, *numbers)
    return seated


@pytest.fixture
def shifts(campaign, zhang):
    """Two shifts at one station, tomorrow and the day after."""
    point = {"name": "太原南站", "kind": "railway", "county": "140105"}
    begins = now() + dt.timedelta(days=1)
    rows = [
        {
            "name": "太原南站", "capacity": 1, "point": dict(point),
            "starts_at": begins + dt.timedelta(days=n),
            "ends_at": begins + dt.timedelta(days=n, hours=4),
        }
        for n in (0, 1)
    ]  # fmt: skip
    return scene.opened(
        zhang, rows, "warmth", title="暖回家路", starts_at=begins,
        ends_at=rows[1]["ends_at"], closes_at=rows[1]["starts_at"],
    )  # fmt: skip

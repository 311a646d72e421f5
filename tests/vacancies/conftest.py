"""小店区 puts up vacancies: 张小店 keeps them, 陈返乡 and guests look for work."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.conftest import with_number
from tests.events import scene as events
from tests.looking import look
from tests.vacancies import scene


@pytest.fixture(autouse=True)
def looking_on(as_province, request):
    """A test looks at what became of things in every unit; pages ask as whoever they are."""
    if "db" in request.fixturenames:
        look()


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def vacancy(campaign, zhang):
    """焊工 at 龙城机械厂, for twenty days."""
    return scene.posted(zhang)


@pytest.fixture
def young(campaign, chen):
    """陈返乡, who has checked in with 小店区."""
    with_number(chen, "13800006001")
    events.arrived(chen)
    return chen


@pytest.fixture
def seat():
    """``seat(zhang).get("/desk/vacancies/")``."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in

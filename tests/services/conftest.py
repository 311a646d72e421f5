"""小店区's desk: an item on offer, 张小店 and 赵坞城 who carry, 陈返乡 who asks."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils.timezone import get_current_timezone

from qingchun.organizations.walls import rls_context
from services.proxy.models import ServiceRequest
from tests.looking import look, looking
from tests.services import scene
from tests.talent.conftest import arrive, at, desk_of, warm  # noqa: F401


@pytest.fixture(autouse=True)
def looking_on(as_province, db):
    """A test looks at what became of a request in every unit; pages and ``desk_of``
    ask as whoever they are."""
    look()


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def arrived(arrive):  # noqa: F811
    """Somebody who has checked in, seen from the province while they do."""

    def do(name):
        with rls_context(scope="14"):
            return arrive(name)

    return do


@pytest.fixture
def item(campaign, zhang):
    """医保参保登记: wholly on behalf, two papers, four working days of at most ten."""
    return scene.published(zhang)


@pytest.fixture
def case(item, chen):
    """陈返乡 asked for it, online."""
    return scene.asked(chen, item)


@pytest.fixture
def taken(case, zhang, desk_of):  # noqa: F811
    """The same, taken by 张小店."""
    from services.proxy.actions import progress

    with desk_of(zhang):
        progress.take(case, actor=zhang)
    return again(case)


@pytest.fixture
def ready(taken, zhang, desk_of):  # noqa: F811
    """The same, with every paper looked at."""
    from services.proxy.actions import papers

    with desk_of(zhang):
        papers.tick(taken, actor=zhang, papers=list(taken.papers.all()))
    return again(taken)


def again(case):
    """The request as it is in the database now."""
    with looking():
        return ServiceRequest.objects.select_related("version", "organization", "item").get(
            pk=case.pk
        )


def at_time(day, time):
    """An instant of Shanxi's day."""
    return dt.datetime.combine(day, time, get_current_timezone())

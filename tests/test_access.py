"""The first wall, walked: every route × method × role × relation to the object."""

import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from qingchun.organizations.access import PUBLIC, declared, routes
from qingchun.organizations.checks import every_view_declares_who_may
from tests import walls
from tests.conftest import uncounted
from tests.relations import (
    COMMON,
    NEAR,
    NEAR_BY_DEFAULT,
    NEAR_BY_ROUTE,
    OTHER,
    other,
    subject_of,
)
from tests.test_styles import unstyled


@pytest.fixture
def cast(li, wang, zhou, zhang, sun, wu, zhao, chen):
    return {
        "province": li, "city": wang, "other city": zhou, "county": zhang, "next county": sun,
        "far county": wu, "township": zhao, "youth": chen, "anonymous": None,
    }  # fmt: skip


@pytest.fixture
def world(campaign, plan, cast):
    return walls.build(campaign, plan, cast)


@pytest.fixture
def clients(cast):
    found = {}
    for role, user in cast.items():
        found[role] = Client(raise_request_exception=False)
        if user:
            found[role].force_login(user)
    return found


def _near(name, subject):
    return NEAR_BY_ROUTE.get(name) or NEAR.get(subject, NEAR_BY_DEFAULT)


def our_routes():
    for path, name, callback in routes():
        if not callback.__module__.startswith("allauth.") and not name.startswith("None"):
            yield path, name, callback


def arguments(path):
    return re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", path)


def url_for(path, name, world, absent=False):
    """The route's address for the object of the world, or for one that does not exist."""
    names = [a or b for a, b in arguments(path)]
    subject = subject_of(name)
    url = path
    for argument in names:
        if argument in OTHER and argument not in world.get(subject, ()):
            value = other(name)[argument]
        elif subject is None:
            pytest.fail(f"{path} ({name}): say in SUBJECTS what its {argument} names")
        else:
            value = world[subject].get(argument) or next(iter(world[subject].values()))
            if absent:
                absents = {"unit": "149999", "activity": walls.ABSENT["uuid"]}
                absents["photo"] = absents["clip"] = walls.ABSENT["uuid"]
                value = absents.get(subject, walls.ABSENT["pk"])
                value = walls.ABSENT["uuid"] if argument == "key" else value
        url = re.sub(rf"<(?:\w+:)?{argument}>|\(\?P<{argument}>[^)]*\)", str(value), url, count=1)
    return "/" + url.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "")


def ask(client, method, url):
    """One request, and everything it changed taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        content = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, content


def without_tokens(content):
    return re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", content)


def test_every_route_answers_each_role_as_it_declares(world, clients, cast):
    wrong, bare = [], set()
    for path, name, callback in our_routes():
        rule, subject = declared(callback, name), subject_of(name)
        url = url_for(path, name, world)
        is_api = url.startswith("/api/")
        resolve(url)
        if is_api:
            uncounted()  # there are more routes by now than a program may ask in a minute
        for role, client in clients.items():
            user = cast[role]
            for method in ("get", "post"):
                status, content = ask(client, method, url)
                bare |= unstyled(content)
                if user is None and not rule.public:
                    expected = {401, 403} if is_api else {302}
                elif user is not None and not rule.admits(user):
                    expected = {403}
                elif (
                    subject
                    and subject not in COMMON
                    and not rule.public
                    and role not in _near(name, subject)
                ):
                    expected = {404, 405, 403} if is_api else {404, 405}
                else:
                    expected = {200, 201, 302, 400, 403, 404, 405, 409, 422}
                if status not in expected:
                    wrong.append(f"{method} {url} as {role}: {status}, expected {expected}")
    assert wrong == []
    assert bare == set()


def test_neighbours_answer_is_that_for_a_record_that_does_not_exist(world, clients):
    different = []
    for path, name, callback in our_routes():
        subject = subject_of(name)
        if subject is None or subject in COMMON or declared(callback, name).public:
            continue
        there, absent = url_for(path, name, world), url_for(path, name, world, absent=True)
        for role in {"other city", "next county", "far county", "township"} - _near(name, subject):
            for method in ("get", "post"):
                a, b = ask(clients[role], method, there), ask(clients[role], method, absent)
                if (a[0], without_tokens(a[1])) != (b[0], without_tokens(b[1])):
                    different.append(f"{method} {name} as {role}: {a[0]} and {b[0]}")
    assert different == []


def test_every_page_stays_within_twelve_queries(world, clients, cast, campaign):
    for number in range(30):
        walls.deed(campaign, cast["county"], cast["city"], f"第 {number} 次")
    many = []
    for path, name, _ in our_routes():
        url = url_for(path, name, world)
        if url.startswith("/api/") or url.endswith(".xlsx"):
            continue
        for role in ("province", "city", "county"):
            connection.queries_log.clear()  # it holds so many, and then warns
            with CaptureQueriesContext(connection) as seen:
                ask(clients[role], "get", url)
            # Not the page's: the test's savepoint (3), and putting back the test's scope (1).
            if len(seen) - 4 > 12:
                many.append(f"{url} as {role}: {len(seen) - 4}")
    assert many == []


def test_own_people_do_reach_the_object(world, clients):
    """Without this the walk would also pass on a portal that answers nobody."""
    for role, name, subject in (
        ("county", "/activities/{}/", "activity"),
        ("city", "/activities/{}/", "activity"),
        ("province", "/plans/{}/", "plan"),
        ("city", "/plans/{}/", "plan"),
        ("county", "/photos/{}/", "photo"),
        ("county", "/clips/{}/", "clip"),
        ("city", "/attachments/{}/", "attachment"),
    ):
        url = name.format(next(iter(world[subject].values())))
        assert (ask(clients[role], "get", url)[0], role, url) == (200, role, url)


def test_a_view_that_declares_nothing_is_an_error_and_stays_shut(client, db, monkeypatch):
    from talent.youth.views import public

    assert every_view_declares_who_may(None) == []
    monkeypatch.delattr(public.privacy, "access")
    assert [error.id for error in every_view_declares_who_may(None)] == ["qingchun.E001"]
    assert client.get("/privacy/").status_code == 404
    monkeypatch.undo()
    assert client.get("/privacy/").status_code == 200


@pytest.mark.django_db
def test_a_view_takes_no_method_that_it_does_not_name(rf):
    """A function that names none is a page; a class answers by the methods it has."""
    loose = []
    for _, name, callback in our_routes():
        if not hasattr(callback, "cls") and callback(rf.put("/")).status_code != 405:
            loose.append(name)
    assert loose == []


def test_rights_are_those_of_the_lock():
    call_command("access_lock", "--check")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"]
)
def test_what_allauth_brings_and_nobody_asked_for_stays_shut(client, name):
    assert client.get(name).status_code == 404


def test_the_walk_notices_a_view_that_lets_in_too_many(world, clients, monkeypatch):
    """Planted fault: with the declaration widened behind its back, the lock and the walk differ."""
    from reports.papers.views import plans

    monkeypatch.setattr(plans.attach, "access", PUBLIC)
    status, _ = ask(
        clients["county"], "post", url_for("plans/<int:pk>/attach/", "reports:plan_attach", world)
    )
    assert status != 403
    with pytest.raises(CommandError, match="权限有变动"):
        call_command("access_lock", "--check")

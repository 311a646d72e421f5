"""An address that only takes what is sent, opened by itself, says so and leads on."""

import re

from django.test import Client

from qingchun.organizations.access import declared
from tests.test_access import ask, cast, clients, our_routes, url_for, world  # noqa: F401


def test_each_address_that_only_takes_says_so_and_leads_on(world, clients, cast):  # noqa: F811
    silent, seen = [], 0
    for path, name, callback in our_routes():
        rule, url = declared(callback, name), url_for(path, name, world)
        if rule.closed or hasattr(callback, "cls") or "GET" in getattr(callback, "takes", "GET"):
            continue
        role = next(
            (role for role in ("county", "city", "province") if rule.admits(cast[role])), ""
        )
        seen += 1
        answer = clients[role or "youth"].get(url)
        page = answer.content.decode()
        onward = re.search(r'href="([^"]+)">回到', page)
        if answer.status_code != 405 or "不能直接打开" not in page or not onward:
            silent.append((name, answer.status_code))
        elif ask(clients[role or "youth"], "get", onward[1])[0] not in (200, 302, 404):
            silent.append((name, onward[1]))
        assert answer["Allow"] == "POST"
    assert silent == []
    assert seen > 80


def test_the_list_of_trips_is_one_tap_from_the_address_that_opens_one(zhang):
    client = Client()
    client.force_login(zhang)
    assert 'href="/proxy/trips/"' in client.get("/proxy/trips/new/").content.decode()
    assert client.put("/proxy/trips/new/").status_code == 405

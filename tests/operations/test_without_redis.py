"""Redis is only a cache: gone, frozen, locked or full, the portal goes on, and is well again after."""

import logging
import socket
import threading
import uuid
from contextlib import suppress

import pytest
from django.core.cache import cache
from django.test import Client

from campaigns.models import Activity
from qingchun.ground import caches
from tests.conftest import PASSWORD
from tests.operations.redis_server import Server

TROUBLES = ("gone", "frozen", "locked", "full")
OF_ALL = (
    "/",
    "/find/?q=小店",
    "/140105/",
    "/140105/check-in/",
    "/140105/services/",
    "/accounts/login/",
)
OF_STAFF = ("/board/", "/activities/", "/activities/new/", "/pool/", "/proxy/", "/messages/")


@pytest.fixture
def redis(tmp_path_factory, settings):
    server = Server(tmp_path_factory.mktemp("r"))
    told = settings.CACHES["default"] | {"LOCATION": server.url}
    settings.CACHES = {"default": told}
    yield server
    server.stop()


@pytest.fixture
def later():
    """The second for which a Redis that failed is left alone is over."""

    def do():
        for link in caches.links.values():
            link.away_until = 0

    return do


def open_all(client, addresses):
    return {address: client.get(address).status_code for address in addresses}


def entry(**values):
    return {
        "entry": str(uuid.uuid4()), "kind": "proxy", "held_on_year": 2019, "held_on_month": 1,
        "held_on_day": 7, "place": "政务大厅", "participants": 46,
    } | values  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
def test_portal_goes_on_without_redis_and_is_well_again(
    campaign, client, zhang, sun, redis, later, trouble
):
    """operations 4: every page of a county and of whoever is signed in was an error."""
    client.force_login(zhang)
    assert set(open_all(client, OF_STAFF).values()) == {200}
    come_back = getattr(redis, trouble)()
    assert open_all(Client(), OF_ALL) == dict.fromkeys(OF_ALL, 200)
    assert open_all(client, OF_STAFF) == dict.fromkeys(OF_STAFF, 200)
    assert client.post("/activities/new/", entry()).status_code == 302
    assert Activity.objects.count() == 1
    later()  # and asked again in vain
    other = Client()
    said = other.post("/accounts/login/", {"login": "sun", "password": PASSWORD})
    assert (said.status_code, other.get("/board/").status_code) == (302, 200)
    come_back()
    later()
    for person in (client, other):
        assert open_all(person, OF_STAFF) == dict.fromkeys(OF_STAFF, 200)
    assert open_all(Client(), OF_ALL) == dict.fromkeys(OF_ALL, 200)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_who_left_meanwhile_does_not_come_back_with_it(client, zhang, redis, later, trouble):
    client.force_login(zhang)
    assert client.get("/me/").status_code == 200
    thief = Client()
    thief.cookies.update(client.cookies)
    come_back = getattr(redis, trouble)()
    client.post("/accounts/logout/")
    come_back()
    later()
    assert thief.get("/me/").status_code == 302


def test_who_left_on_a_machine_that_does_not_reach_redis_has_left_everywhere(client, zhang, redis):
    """Redis answers the other machine, and still holds what was not taken out of it."""
    client.force_login(zhang)
    assert client.get("/me/").status_code == 200
    (key,) = redis.ask("KEYS", "*cached_db*")
    held = redis.ask("GET", key)
    thief = Client()
    thief.cookies.update(client.cookies)
    client.post("/accounts/logout/")
    redis.ask("SET", key, held, "EX", 60)
    assert thief.get("/me/").status_code == 302


def test_who_worked_on_through_an_outage_has_not_been_idle(
    campaign, client, zhang, redis, later, winter
):
    """What Redis remembers of a session is from before it went."""
    client.force_login(zhang)
    client.get("/board/")
    come_back = redis.frozen()
    winter.shift(20 * 60)
    assert client.get("/board/").status_code == 200
    come_back()
    later()
    winter.shift(20 * 60)
    assert client.get("/board/").status_code == 200


def test_session_stands_in_redis_for_a_minute(client, zhang, redis):
    client.force_login(zhang)
    client.get("/me/")
    (key,) = list(redis.ask("KEYS", "*cached_db*"))
    assert 0 < redis.ask("TTL", key) <= 60


@pytest.fixture
def silent(settings):
    """Something that takes connections and never says a word. Returns: how many it has taken."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        taken = []

        def take():
            with suppress(OSError):
                while True:
                    taken.append(listener.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        url = f"redis://127.0.0.1:{listener.getsockname()[1]}"
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": url}}
        yield taken
        for line in taken:
            line.close()
        listener.shutdown(socket.SHUT_RDWR)


def test_request_waits_for_a_silent_redis_once_and_the_next_does_not(
    campaign, client, zhang, silent, later
):
    assert sum(caches.WAITS.values()) < 1
    client.force_login(zhang)
    later()
    before = len(silent)
    for address in OF_STAFF:
        assert client.get(address).status_code == 200
    # Asked again each time that its pause was over, by one request, once.
    assert 1 <= len(silent) - before <= len(OF_STAFF)


def test_others_do_not_wait_for_whoever_finds_out(silent):
    cache.get("a")
    (link,) = [link for url, link in caches.links.items() if url == cache._servers[0]]
    link.away_until = 0
    before = len(silent)
    threads = [threading.Thread(target=cache.get, args=["a"]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(silent) - before == 1


def test_it_is_said_once_a_minute_and_no_more(redis, later, caplog):
    redis.gone()
    with caplog.at_level(logging.ERROR):
        for _ in range(20):
            later()
            assert cache.get("a", 7) == 7
            assert cache.add("a", 1)
            with pytest.raises(ValueError, match="not found"):
                cache.incr("a")
    said = [record.getMessage() for record in caplog.records]
    assert said == ["Redis is away, the portal goes on without it: ConnectionError"]

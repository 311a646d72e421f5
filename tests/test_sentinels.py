"""A Redis that Sentinels watch: the cache and the broker find the next master by themselves."""

import time
import uuid

import pytest
from django.core.cache import caches
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from qingchun.deployment import NEEDED
from qingchun.env import Misconfigured
from qingchun.ground import sentinels
from qingchun.machine_settings import broker_at, cache_at
from tests.cluster.redises import Watched


@pytest.fixture(scope="module", params=["", "geheim"])
def watched(request, tmp_path_factory):
    with Watched(tmp_path_factory.mktemp("sentinel"), request.param) as redises:
        yield redises


def test_cache_and_broker_follow_the_master(watched, settings):
    place = cache_at(watched.url)
    settings.CACHES = {
        "default": settings.CACHES["default"],
        "watched": settings.CACHES["default"] | place | {"KEY_PREFIX": uuid.uuid4().hex},
    }
    cache = caches["watched"]
    cache.set("a", 1, 60)
    assert cache.get("a") == 1
    url, options = broker_at(watched.url)
    send(url, options, "before")
    watched.master().kill()
    until(lambda: (cache.set("b", 2, 60), cache.get("b") == 2)[1])
    until(lambda: send(url, options, "after"))


def send(url, options, text):
    with Connection(url, transport_options=options) as line, line.SimpleQueue("try") as queue:
        queue.put(text)
        message = queue.get(timeout=5)
        message.ack()
        return message.payload is not None


def until(holds, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except (RedisError, OperationalError, OSError):
            pass
        time.sleep(0.2)
    raise AssertionError("no master was found")


@pytest.mark.parametrize(
    "url",
    ["sentinel://a/0?master=m", "sentinel://a:1,b/0?master=m", "sentinel://a:1/0", "sentinel://:1?master=m",
     "sentinel://a:1/x?master=m"],
)  # fmt: skip
def test_address_that_is_none_is_a_sentence(url):
    with pytest.raises(Misconfigured, match="应当像"):
        sentinels.Watched.read(url)
    is_right, _ = NEEDED["REDIS_URL"]
    assert not is_right(url)


def test_address_says_where_and_which():
    url = "sentinel://:p%40ss@10.0.0.1:26379,10.0.0.2:26379/3?master=qc"
    found = sentinels.Watched.read(url)
    assert found.hosts == (("10.0.0.1", 26379), ("10.0.0.2", 26379))
    assert (found.master, found.database, found.password) == ("qc", 3, "p@ss")
    assert NEEDED["REDIS_URL"][0](url)
    assert broker_at(url)[0].count("sentinel://") == 2

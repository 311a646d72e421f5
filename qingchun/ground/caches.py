"""Django's Redis cache: one client a pool, values that are data and nothing more, and its loss missed
by nobody.

Building a client for each question costs more than the question. And what stands in Redis is
read as JSON: the library's own way would run whatever somebody who can write there has put down.

A Redis that is gone, frozen, locked or full is an empty one: reads find nothing, writes are
dropped, and it is left alone for a moment. What protects somebody is never counted here
(``accounts.tries``).
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
# Seconds in which a Redis that failed is not asked again, and between two lines about it.
PAUSE, QUIET = 1.0, 60.0
# Seconds: together less than one. Asked once: whoever asks again waits again.
WAITS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5}
NEVER = float("-inf")


class Plain:
    """Whole numbers stay as they are, so that Redis can count them; the rest is JSON."""

    def dumps(self, value: Any) -> int | bytes:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError:  # of an older version, or of nobody: not there
            return None


class Link:
    """How one Redis is doing, as all threads of this process have found it."""

    def __init__(self) -> None:
        self.away_until = self.failed_at = self.told_at = NEVER
        self.is_well = True

    def ask(self, question: Callable[[], Any], otherwise: Any) -> Any:
        moment = time.monotonic()
        if moment < self.away_until:
            self.failed_at = moment  # what was to be written is not there
            return otherwise
        if not self.is_well:  # one finds out whether it is back, and the others do not wait for it
            self.away_until = moment + PAUSE
        try:
            answer = question()
        except RedisError as error:
            self._failed(error)
            return otherwise
        self.is_well, self.away_until = True, NEVER
        return answer

    def _failed(self, error: RedisError) -> None:
        moment = time.monotonic()
        self.is_well, self.failed_at, self.away_until = False, moment, moment + PAUSE
        if moment - self.told_at > QUIET:
            self.told_at = moment
            logger.error("Redis is away, the portal goes on without it: %s", type(error).__name__)


links: dict[str, Link] = {}


class _Client(RedisCacheClient):
    def __init__(self, servers: list[str], *args: Any, **options: Any) -> None:
        waits = WAITS | {"retry": Retry(NoBackoff(), 0)}
        super().__init__(servers, *args, **{"serializer": Plain()} | waits | options)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]


def _spared(name: str) -> Callable[..., Any]:
    """The library's method, with an answer for while Redis is away."""
    its_own = getattr(RedisCacheClient, name)

    def method(self: "_Client", *args: Any) -> Any:
        return links[self._servers[0]].ask(lambda: its_own(self, *args), OTHERWISE[name])

    return method


# ``add`` is how locks are taken: they are let through, or each would be waited for in vain.
OTHERWISE: dict[str, Any] = {
    "add": True, "set": None, "touch": False, "delete": False, "get_many": {}, "has_key": False,
    "set_many": None, "delete_many": None, "clear": False,
}  # fmt: skip
for _name in OTHERWISE:
    setattr(_Client, _name, _spared(_name))


class RedisCache(DjangoRedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
        self.link = links.setdefault(self._servers[0], Link())

    def failed_within(self, seconds: float) -> bool:
        """Whether something that was written in this time may not stand there."""
        return time.monotonic() - self.link.failed_at < seconds

    def is_there(self) -> bool:
        return self.link.ask(lambda: self._cache.get_client().ping(), False)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.link.ask(lambda: super(RedisCache, self).get(key, default, version), default)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises: ValueError where there is nothing to count on, as while Redis is away."""
        found = self.link.ask(lambda: super(RedisCache, self).incr(key, delta, version), None)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return found

    def count(self, spans: Mapping[str, int]) -> dict[str, int]:
        """Count each of these names once more, in one trip: for measure, not for safety.

        ``spans``: name -> seconds that it is counted for, from its first time. Returns: name ->
        how often it has happened in them, this time included; 0 while Redis is away.
        """
        return self.link.ask(lambda: self._count(spans), dict.fromkeys(spans, 0))

    def _count(self, spans: Mapping[str, int]) -> dict[str, int]:
        keys = {self.make_and_validate_key(name): seconds for name, seconds in spans.items()}
        client = self._cache.get_client(write=True)
        with client.pipeline(transaction=False) as trip:
            for key, seconds in keys.items():
                trip.set(key, 0, ex=seconds, nx=True).incr(key).ttl(key)
            answers = trip.execute()
        for (key, seconds), left in zip(keys.items(), answers[2::3], strict=True):
            if left < 0:  # its time ended between the first and the second
                client.expire(key, seconds)
        return dict(zip(spans, answers[1::3], strict=True))

"""Django's Redis cache: one client a pool, and values that are data and nothing more.

Building a client for each question costs more than the question. And what stands in Redis is
read as JSON: the library's own way would run whatever somebody who can write there has put down.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient


class Plain:
    """Whole numbers stay as they are, so that Redis can count them; the rest is JSON."""

    def dumps(self, value: Any) -> int | bytes:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except ValueError:  # of an older version, or of nobody: not there
            return None


class _Client(RedisCacheClient):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"serializer": Plain()} | kwargs)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: str | None = None, *, write: bool = False) -> Any:
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]


class RedisCache(DjangoRedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def count(self, spans: Mapping[str, int]) -> dict[str, int]:
        """Count each of these names once more, in one trip.

        ``spans``: name -> seconds that it is counted for, from its first time. Returns: name ->
        how often it has happened in them, this time included.
        """
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

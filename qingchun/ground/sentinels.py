"""Redis that Sentinels watch: whoever is the master just now is asked of them.

    sentinel://[:password@]host:port,host:port,host:port/0?master=name

The password is Redis' own, and the Sentinels' where they ask for one.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from qingchun.env import Misconfigured

SCHEME = "sentinel://"
WAITS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5}  # seconds
# One that is dead is not asked ten times more, as the library would: the next one is.
ONCE: dict[str, Any] = {"retry": Retry(NoBackoff(), 0)}


def is_one(url: str) -> bool:
    return url.startswith(SCHEME)


def is_right(url: str) -> bool:
    try:
        return is_one(url) and bool(Watched.read(url))
    except Misconfigured:
        return False


@dataclass(frozen=True)
class Watched:
    """A Redis that Sentinels watch."""

    hosts: tuple[tuple[str, int], ...]
    master: str
    database: int
    password: str

    @classmethod
    def read(cls, url: str) -> "Watched":
        """Raises: Misconfigured, where the address is not of this form."""
        try:
            parts = urlsplit(url)
            who, _, where = parts.netloc.rpartition("@")
            hosts = tuple(
                (host.strip("[]"), int(port))
                for host, _, port in (one.rpartition(":") for one in where.split(","))
            )
            (master,) = parse_qs(parts.query)["master"]
            database = int(parts.path.strip("/") or 0)
            if not all(host for host, _ in hosts):
                raise ValueError
        except (KeyError, ValueError):
            raise Misconfigured(
                "Sentinel 的网址应当像 sentinel://:密码@10.0.0.41:26379,10.0.0.42:26379/0?master=qingchun。"
            ) from None
        return cls(hosts, master, database, unquote(who.rpartition(":")[2]))

    @property
    def _secret(self) -> dict[str, Any]:
        return {"password": self.password} if self.password else {}

    def pool(self, **options: Any) -> SentinelConnectionPool:
        """Connections to the master, whoever it is when each is opened."""
        watchers = Sentinel(self.hosts, sentinel_kwargs=WAITS | ONCE | self._secret)
        return SentinelConnectionPool(
            self.master, watchers, db=self.database, **self._secret, **WAITS | options
        )

    def broker(self) -> str:
        """As kombu wants it."""
        secret = f":{quote(self.password, safe='')}@" if self.password else ""
        return ";".join(
            f"{SCHEME}{secret}{host}:{port}/{self.database}" for host, port in self.hosts
        )

    def transport(self) -> dict[str, Any]:
        """What kombu wants to be told beside."""
        return {
            "master_name": self.master,
            "sentinel_kwargs": {"socket_timeout": 1, "socket_connect_timeout": 1}
            | ONCE
            | self._secret,
        }


class Pool:
    """What Django's cache asks for a pool."""

    @staticmethod
    def from_url(url: str, **options: Any) -> SentinelConnectionPool:
        return Watched.read(url).pool(**options)

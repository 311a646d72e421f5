"""Processes of a cluster: started with a log, waited for, stopped, killed; none is left behind."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


class Process:
    """One, with its children, in a session of its own; the kernel ends it when we die."""

    def __init__(self, name, folder, command, *, env=None, before=(), cwd=None):
        self.name, self.folder, self.log = name, Path(folder), Path(folder) / f"{name}.log"
        self.command = ["setpriv", "--pdeathsig", "TERM", *before, "--", *map(str, command)]
        self.env, self.cwd, self.running = env, cwd, None

    def start(self):
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env,
                cwd=self.cwd or self.folder, start_new_session=True,
            )  # fmt: skip
        return self

    def is_alive(self):
        return self.running is not None and self.running.poll() is None

    def wait_for(self, ready, seconds=60):
        end = time.monotonic() + seconds
        while not ready():
            if not self.is_alive() or time.monotonic() > end:
                raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)
        return self

    def tell(self, what):
        """Send a signal to it and all that it has started."""
        with contextlib.suppress(ProcessLookupError, AttributeError):
            os.killpg(self.running.pid, what)

    def kill(self):
        self.tell(signal.SIGKILL)
        if self.running:
            self.running.wait()

    def stop(self, how=signal.SIGTERM, seconds=20):
        if self.is_alive():
            self.running.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(seconds)
        self.kill()

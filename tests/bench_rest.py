"""The whole portal, started as anybody starts it: how soon it answers, what it holds and what it does
while nobody is there. Part of ``make bench``.

It runs in a copy of the tree, with data of its own. The references are the portal's before it was made
lighter, on the same two cores: 930 MB, 1.35 s of CPU a minute, 7.7 s to the first page.
"""

import os
import signal
import socket
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.bench_tools import copy, plain_environment

BEFORE = {"memory": 930, "idle": 1.35, "start": 7.7}
TICK = os.sysconf("SC_CLK_TCK")
PAGE, PAGES = "/140105/", 20


@contextmanager
def portal(folder, port):
    """``make run``, without make. Yields: its process, and the seconds to its first page.

    As on any machine, what has been compiled is kept: a container's image often says otherwise.
    """
    command = [".venv/bin/python", "-m", "qingchun.run"]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=plain_environment(PORT=str(port), PYTHONDONTWRITEBYTECODE=""), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                asked(port)
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("the portal did not start") from None
                time.sleep(0.02)
        yield process, time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def asked(port):
    """Seconds for one page."""
    start = time.perf_counter()
    with urlopen(f"http://127.0.0.1:{port}{PAGE}") as answer:
        answer.read()
    return time.perf_counter() - start


def tree(pid):
    """A process and all that came of it."""
    children = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        children.setdefault(int(rest.split()[1]), []).append(int(name.split()[0]))
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue += children.get(found[-1], [])
    return found


def memory(pids):
    """Megabytes that they hold, what is shared divided among those that share it."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def used(pid):
    """CPU seconds of a process, of all that came of it, and of those of them that have ended."""
    ticks = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / TICK


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(line):
    port = free_port()
    with copy() as folder:
        with portal(folder, port):
            pass
        starts = []
        for _ in range(3):
            with portal(folder, port) as (process, start):
                starts.append(start)
                if len(starts) == 3:
                    first = [asked(port) for _ in range(PAGES)]
                    for _ in range(PAGES):  # both workers have answered
                        asked(port)
                    time.sleep(20)
                    held = memory(tree(process.pid))
                    before = used(process.pid)
                    time.sleep(60)
                    idle = used(process.pid) - before
    start, middle = statistics.median(starts), statistics.median(first)
    line(
        "启动（第二次）到第一页 / 改造前",
        start,
        "秒",
        BEFORE["start"],
        start / BEFORE["start"],
        0.4,
    )
    line(
        f"前 {PAGES} 页最慢 / 中位数",
        1000 * max(first),
        "ms",
        1000 * middle,
        max(first) / middle,
        5,
    )
    line("整个门户占的内存 / 改造前", held, "MB", BEFORE["memory"], held / BEFORE["memory"], 0.52)
    line("没有人时每分钟的 CPU / 改造前", idle, "秒", BEFORE["idle"], idle / BEFORE["idle"], 0.12)

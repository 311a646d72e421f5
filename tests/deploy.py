"""New code under load: python -m tests.deploy. 5,000 pages and more are opened while the web
changes its processes three times; prints how many failed and the slowest, and ends with 1 when one failed.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.test_embedded import TAKEN_AWAY, copy_to, free_port, none_left

PAGES = ("/140105/", "/", "/140105/services/", "/accounts/login/", "/health/")
WANTED, VISITORS, CHANGES = 5_000, 4, 3


class Load:
    def __init__(self, port, wanted):
        self.port, self.wanted = port, wanted
        self.begun, self.changes, self.failed, self.slowest = 0, 0, [], 0.0
        self.lock = threading.Lock()

    def visit(self):
        while True:
            with self.lock:
                self.begun += 1
                number = self.begun
            if number > self.wanted and self.changes >= CHANGES:
                return
            started = time.monotonic()
            if said := self.ask(number):
                self.failed.append(said)
            self.slowest = max(self.slowest, time.monotonic() - started)

    def ask(self, number):
        """None when a page came; a form that was not meant for us is answered as well (403)."""
        posted = urlencode({"login": "x" * 9_000}).encode() if number % 10 == 3 else None
        page = Request(f"http://127.0.0.1:{self.port}{PAGES[number % len(PAGES)]}", posted)
        try:
            with urlopen(page, timeout=120) as answer:  # noqa: S310
                answer.read()
        except HTTPError as error:
            return f"{error.code} {page.full_url}" if error.code >= 500 else None
        except OSError as error:
            return f"{error} {page.full_url}"
        return None


def main(wanted=WANTED):
    with tempfile.TemporaryDirectory() as folder:
        clone, port = Path(folder) / "portal", free_port()
        clone.mkdir()
        copy_to(clone)
        environment = {k: v for k, v in os.environ.items() if k not in TAKEN_AWAY} | {"PORT": port}
        run = [sys.executable, "-m", "qingchun.run"]
        portal = subprocess.Popen(
            run,
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            stderr=subprocess.DEVNULL,
        )
        for line in portal.stdout:
            if "已启动" in line:
                break
        load = Load(port, wanted)
        visitors = [threading.Thread(target=load.visit) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        reload = [sys.executable, "-m", "qingchun.reloading"]
        while any(visitor.is_alive() for visitor in visitors):
            subprocess.run(
                reload, cwd=clone, env=environment, check=True, stdout=subprocess.DEVNULL
            )
            load.changes += 1
        portal.terminate()
        portal.communicate()
        left = not none_left(clone)
    print(
        f"打开 {load.begun} 次，中间换了 {load.changes} 次进程：{len(load.failed)} 次没有打开，"
        f"最慢 {load.slowest:.1f} 秒。"
    )
    print("\n".join(load.failed[:10]), end="")
    return bool(load.failed or left)


if __name__ == "__main__":
    sys.exit(main())

"""One server of its own for all browser tests: gunicorn on a copy of the template with the demo."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import psycopg2
import pytest

from tests.looking import looked_into

ROOT = Path(__file__).resolve().parent.parent.parent
SHOTS = ROOT / "var" / "screenshots"
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "qingchun-demo-2019"
DATABASE = "qingchun_browser"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path) and not CHROMIUM:
            reason = "没有 Chromium：apt-get install chromium fonts-noto-cjk"
            item.add_marker(pytest.mark.skip(reason=reason))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="package")
def server():
    url, owner = os.environ["DATABASE_URL"], os.environ["OWNER_URL"]
    with closing(psycopg2.connect(owner.replace("/qingchun?", "/postgres?"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {DATABASE} TEMPLATE qingchun")
    port = _free_port()
    environment = os.environ | {
        "DATABASE_URL": url.replace("/qingchun?", f"/{DATABASE}?"),
        "DJANGO_SETTINGS_MODULE": "qingchun.settings",
        "PYTHONWARNINGS": "default",
        "PORT": str(port),
    }
    os.environ["BROWSER_DATABASE_URL"] = environment["DATABASE_URL"]
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "load_demo"], cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--threads", "4", "--log-level", "error", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urlopen(f"{address}/health/").close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        os.environ.pop("BROWSER_DATABASE_URL", None)
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import sync_playwright

    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def send_due(moment):
    """What the worker would do at that moment, on the browser tests' database."""
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    command = [sys.executable, "manage.py", "send_due", "--at", moment]
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def work():
    """What the worker does, on the browser tests' database."""
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    script = "import django; django.setup()\nfrom qingchun.jobs.actions import work\nwork()"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def a_minute_passes():
    """The pause between two codes to one number is over."""
    changed = {"DATABASE_URL": os.environ["BROWSER_DATABASE_URL"]}
    environment = os.environ | changed | {"DJANGO_SETTINGS_MODULE": "qingchun.settings"}
    script = "import django; django.setup(); from tests.conftest import uncounted; uncounted()"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def put_back(statement):
    """Undo in the shared database what a test did there, so that none leans on the one before."""
    with looked_into(os.environ["BROWSER_DATABASE_URL"]) as cursor:
        cursor.execute(statement)


def shown_code(page):
    """The code, which the demo shows to whoever asked for it, and to nobody else."""
    return page.locator("[role=status] b").inner_text()


class Desk:
    """One person at one screen; notices every script error and every step's look."""

    def __init__(self, browser, server, width, **options):
        self.size = {"width": width, "height": 844 if width < 600 else 900}
        self.context = browser.new_context(viewport=self.size, locale="zh-CN", **options)
        self.page, self.server, self.errors = self.context.new_page(), server, []
        self.page.on("dialog", lambda dialog: dialog.accept())  # a final tap asks first
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda m: self.errors.append(m.text) if "Content Security" in m.text else None,
        )

    def sign_in(self, username, lands="today"):
        self.page.goto(f"{self.server}/accounts/login/")
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button[data-once]")
        self.page.wait_for_url(f"{self.server}/{lands}/" if lands else f"{self.server}/")
        return self

    def go(self, path):
        response = self.page.goto(f"{self.server}{path}")
        assert response.status == 200, path
        return self.page

    def overflow(self):
        root = "document.documentElement"
        return self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")

    def shoot(self, name):
        """Look at the page: keep its picture, ask axe, and that it fits its width."""
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
        assert self.overflow() == 0, f"{name}: wider than the screen"
        self.page.set_viewport_size({"width": 360, "height": 740})
        self.page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
        assert self.overflow() == 0, f"{name}: wider than a small phone"
        self.page.set_viewport_size(self.size)
        assert self.axe() == [], name
        assert self.errors == []

    def axe(self):
        source = ROOT / "node_modules/axe-core/axe.min.js"
        self.page.evaluate(source.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run().then((result) => result.violations)")
        return [
            f"{v['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for v in found
            for node in v["nodes"]
        ]


@pytest.fixture
def desk(browser, server):
    """``desk("province", 1440)``: a person signed in on a screen that wide."""
    opened = []

    def sit_down(username=None, width=1440):
        seat = Desk(browser, server, width)
        opened.append(seat)
        return seat.sign_in(username) if username else seat

    yield sit_down
    for seat in opened:
        seat.context.close()

"""Requests a second of this build beside those of an older one: ``make bench AGAINST=<commit>``.

Each build serves its own demo, beside servers of its own, with gunicorn as it starts it; the two take
turns, so that a busy moment meets both.

    python bench_against_probe.py   in a build's folder: starts gunicorn, prints where and who
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from urllib.request import urlopen

ROUNDS = 5
# Name → (who, where, what is to be reached).
ASKED = {
    "全省进展": ("province", "/board/", 4.5), "全市进展": ("city1401", "/board/", 4.5),
    "县级进展": ("county140105", "/board/", 4.5), "县级活动列表": ("county140105", "/activities/", 2),
    "人才库": ("county140105", "/pool/", 2), "全省活动列表": ("province", "/activities/", 2),
}  # fmt: skip
MANY = 60  # entries more in the county, so that a page of its list is full


def probe():
    """Nothing that only one of the builds has."""
    import socket

    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from qingchun import run
    from qingchun.accounts.models import User

    def asked(person):
        try:  # the earlier build writes down a sign-in while it signs in alone
            return rls_context(person=person, sign_in=True)
        except TypeError:
            return rls_context(person=person)

    fill()
    cookies = {}
    for username in {who for who, _, _ in ASKED.values()}:
        with rls_context(scope="14"):
            user = User.objects.get(username=username)
        client = Client(SERVER_NAME="127.0.0.1")
        with asked(user.pk):
            client.force_login(user)
        cookies[username] = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(run._web("127.0.0.1", str(port), False), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip
    for _ in range(150):
        try:
            urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
            break
        except OSError:
            time.sleep(0.2)
    print(json.dumps({"host": f"127.0.0.1:{port}", "cookies": cookies}), flush=True)
    sys.stdin.read()
    server.terminate()
    server.wait(20)


def rls_context(**who):
    """As whom either build asks: by the name that it has there."""
    from qingchun.organizations import walls

    ask = walls.rls_context if hasattr(walls, "rls_context") else walls.asking_as
    return ask(**who)


def fill():
    from campaigns.models import Activity, Campaign

    with rls_context(scope="14"):
        campaign = Campaign.objects.current()
        kind = campaign.kinds.order_by("number").first()
        Activity.objects.bulk_create(
            Activity(
                campaign=campaign, organization_id="140105", kind=kind, stage=1, place="政务大厅",
                held_on=campaign.starts_on, title=f"上门登记 {number}", participants=number,
            )
            for number in range(MANY)
        )  # fmt: skip


class Serving:
    """One build, in its own folder."""

    def __init__(self, folder):
        from tests.bench_tools import plain_environment

        shutil.copy(__file__, folder / "bench_against_probe.py")
        command = (
            ".venv/bin/python manage.py prepare --demo >&2"
            " && exec .venv/bin/python bench_against_probe.py"
        )
        self.folder = folder
        self.process = subprocess.Popen(
            [".venv/bin/python", "-m", "qingchun.embedded", "--throwaway", "bash", "-c", command],
            cwd=folder, env=plain_environment(DJANGO_SETTINGS_MODULE="qingchun.settings"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def wait(self):
        while said := self.process.stdout.readline():
            if said.startswith("{"):
                self.told = json.loads(said)
                return
        raise RuntimeError(f"{self.folder}: the probe did not start")

    def take(self, who, path):
        from tests.bench_tools import requests_a_second

        return requests_a_second((self.told["host"], path), self.told["cookies"][who], seconds=3)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        (self.folder / "bench_against_probe.py").unlink()


def run(line, commit):
    from tests.bench_tools import copy, earlier

    with copy() as now:
        builds = [Serving(now), Serving(earlier(commit))]
        try:
            for build in builds:
                build.wait()
            for name, (who, path, goal) in ASKED.items():
                pairs = []
                for number in range(ROUNDS + 1):
                    turn = builds if number % 2 else builds[::-1]
                    taken = {build: build.take(who, path) for build in turn}
                    pairs.append([taken[build] for build in builds])
                value, before = (statistics.median(pair[n] for pair in pairs[1:]) for n in (0, 1))
                ratio = statistics.median(a / b for a, b in pairs[1:])
                line(
                    f"{name}，每秒 / {commit[:12]}", value, "次/秒", before, ratio, goal, least=True
                )
        finally:
            for build in builds:
                build.stop()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
    probe()

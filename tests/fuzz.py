# ruff: noqa: E402
"""Ten thousand requests that nobody should send: make fuzz (outside CI, some twenty minutes).

First schemathesis against our own OpenAPI document in each post, then a walk over every form and
every query string of every demo account. Any answer of 500 and above, or none (0), is a failure.

    FUZZ=2000 make fuzz     requests an account (default 2500)
    PARTS=forms make fuzz   one of the two
    SEED=7 make fuzz        another order; the seed is printed
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "qingchun.settings"
# The throttle would end the run before it has begun; the broker is nowhere, as in all tests.
os.environ |= {
    "API_A_MINUTE": "1000000", "API_A_MINUTE_ADDRESS": "1000000", "BROKER_URL": "redis://127.0.0.1:1/0",
}  # fmt: skip

import datetime as dt
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent.parent
FILES = Path(tempfile.mkdtemp(prefix="fuzz-", dir=HERE / "var"))
os.environ |= {"MEDIA_ROOT": str(FILES / "media"), "OUTBOX_ROOT": str(FILES / "outbox")}

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from qingchun.accounts.actions.credentials import make_token
from qingchun.accounts.models import User
from qingchun.ground.demo import DEMO_ACCOUNTS
from qingchun.notifications.actions import beat
from qingchun.organizations.walls import PROVINCE, rls_context
from tests.fuzzing.desk import Desk
from tests.fuzzing.walk import Walk

BUDGET, SEED = (
    int(os.environ.get("FUZZ", 2500)),
    int(os.environ.get("SEED") or time.time() % 10_000),
)
PARTS = os.environ.get("PARTS", "api,forms").split(",")
# Those below first: who is above may end an account below.
WHO = ["", *reversed([username for username, _ in DEMO_ACCOUNTS])]


@contextmanager
def serving():
    """Gunicorn as it is run, on 127.0.0.1. Yields: its host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "qingchun.wsgi", "--bind", host, "--workers", "2"]
    with (HERE / "var/fuzz.log").open("wb") as log:
        server = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *command, "--threads", "4", "--timeout", "120",
             "--no-control-socket", "--log-level", "info"],
            stderr=log,
        )  # fmt: skip
    try:
        for _ in range(150):
            try:
                urlopen(f"http://{host}/health/").close()
                break
            except OSError:
                time.sleep(0.2)
        yield host
    finally:
        server.terminate()
        server.wait(30)


def signing_in(username):
    """A function that gives the cookies of a new session."""

    def do():
        client = Client(REMOTE_ADDR="127.0.0.1")
        with rls_context(scope=PROVINCE):
            client.force_login(
                User.objects.get(username=username), settings.AUTHENTICATION_BACKENDS[0]
            )
        return {name: morsel.value for name, morsel in client.cookies.items()}

    return do


def walk_of(host, username):
    sign_in = signing_in(username) if username else dict
    return Walk(Desk(username or "谁也不是", host, sign_in, sign_in()), BUDGET, SEED)


def spoil_forms(host):
    """The troubles that any account met."""
    walks = [walk_of(host, username) for username in WHO]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda walk: (walk.look_around(), walk.spoil(endings=False)), walks))
    for walk in walks:
        walk.left += BUDGET // 10
        walk.spoil(endings=True)
        print(summary(walk), flush=True)
    total = sum(sum(walk.desk.statuses.values()) for walk in walks)
    print(f"表单和网址共 {total} 次请求（SEED={SEED}）。", flush=True)
    return [trouble for walk in walks for trouble in walk.desk.troubles]


def summary(walk):
    statuses = walk.desk.statuses
    counted = "，".join(f"{status} {count}" for status, count in sorted(statuses.items()))
    return (
        f"{walk.desk.who:<20}{sum(statuses.values()):>6} 次，{len(walk.pages)} 页，"
        f"{len(walk.forms)} 个表单：{counted}"
    )


def key_of(username):
    with rls_context(scope=PROVINCE):
        user = User.objects.get(username=username)
        post = user.memberships.select_related("organization").get()
        user.posts, user.acting, post.user = [post], post, user
    with rls_context(scope=post.organization_id, person=user.pk):
        return make_token(post, name="fuzz")


def spoil_api(host):
    """The posts in which schemathesis met an answer of 500 or above."""
    document = FILES / "openapi.yaml"
    call_command("spectacular", file=str(document))
    failed = []
    for username, _ in DEMO_ACCOUNTS:
        if username == "youth":
            continue
        done = subprocess.run(
            [HERE / ".venv-fuzz/bin/schemathesis", "--no-color", "run", document, "--url", f"http://{host}",
             "--header", f"Authorization: Token {key_of(username)}", "--checks", "not_a_server_error",
             "--max-examples", str(BUDGET // 25), "--seed", str(SEED), "--generation-database", "none", "--workers", "2",
             "--request-timeout", "120"],
            capture_output=True, text=True, check=False, cwd=FILES,
        )  # fmt: skip
        cases = re.search(r"([\d,]+) generated", done.stdout)
        print(f"{username:<20}{cases[1] if cases else '?':>6} 次，接口", flush=True)
        if done.returncode:
            failed.append(f"schemathesis  {username}\n{done.stdout[-6000:]}{done.stderr[-2000:]}")
    return failed


def main():
    call_command("prepare", demo=True)
    beat("tick", now() + dt.timedelta(days=1))  # no jobs run here, and /healthz says so
    with serving() as host:
        parts = {"api": spoil_api, "forms": spoil_forms}
        troubles = [trouble for part in PARTS for trouble in parts[part](host)]
    for trouble in troubles:
        print(trouble)
    print(f"{len(troubles)} 处出错。" + ("服务器说的在 var/fuzz.log。" if troubles else ""))
    shutil.rmtree(FILES, ignore_errors=True)
    return bool(troubles)


if __name__ == "__main__":
    sys.exit(main())

"""What the doors and the steps cost beside the build before them: signing in, checking in, a county's
list, an entry in the log, a case moved, a sign-up taken back.

Both builds run in one go, each in a process of its own beside servers of its own, and take turns:
whatever else the machine does meets both. What is compared is the processes' own CPU time.

    python -m tests.bench_doors --probe   answers questions on its standard input, for either build
"""

import datetime as dt
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The last build in which a number that somebody typed was taken for a person.
BEFORE = os.environ.get("BEFORE", "0f523e2")
ROUNDS, EACH = 30, {
    "sign_in": 2, "check_in": 4, "county_list": 20, "county_board": 10, "log_entry": 6, "move_case": 6, "sign_up": 4,
    "rush": 30, "rush_bare": 40,
}  # fmt: skip
CALLED = {
    "sign_in": "登录", "check_in": "报到", "county_list": "县级活动列表", "county_board": "县级看板", "log_entry": "登记一次活动",
    "move_case": "代办请补材料", "sign_up": "报名再取消", "rush": "抢名额一次，连同数据库",
    "rush_bare": "抢名额一次，页面不算，连同数据库",
}  # fmt: skip
AT_THE_DESK = ("county_list", "county_board", "log_entry", "move_case")
RUSHES = ("rush", "rush_bare")
CODE = re.compile(r"验证码是 <b>(\d{6})</b>")
FORM = {
    "name": "陈返乡", "kind": "worker", "age": "adult", "lives_at": "北京市海淀区",
    "stay": "fortnight", "agree_basic": "on",
}  # fmt: skip


class Probe:
    """Does one thing by HTTP, as a browser would, with nothing that only one build has."""

    def __init__(self):
        from django.core.cache import cache
        from django.test import Client

        self.new_client, self.cache, self.phone = Client, cache, 13800010000
        self.desk = self.signed_in()

    def signed_in(self, login="county140105"):
        client = self.new_client()
        answer = client.post("/accounts/login/", {"login": login, "password": "qingchun-demo-2019"})
        assert answer.status_code == 302, answer.status_code
        return client

    def sign_in(self):
        self.signed_in()

    def check_in(self):
        client, self.phone = self.new_client(), self.phone + 1
        form = {"phone": str(self.phone)}
        client.get("/140105/check-in/")
        page = client.post("/140105/check-in/", form | {"send": "1"}, follow=True)
        code = CODE.search(page.content.decode())[1]
        answer = client.post("/140105/check-in/", FORM | form | {"code": code})
        assert answer.status_code == 302, answer.status_code
        client.get("/check-in/more/")
        client.post("/check-in/more/", {"wants": "job"})
        assert client.get("/check-in/done/").status_code == 200
        return client

    def county_list(self):
        assert self.desk.get("/activities/").status_code == 200

    def county_board(self):
        assert self.desk.get("/board/").status_code == 200

    def log_entry(self):
        day = dt.date.today()
        typed = {
            "entry": str(uuid.uuid4()), "kind": "proxy", "held_on_year": day.year,
            "held_on_month": day.month, "held_on_day": day.day, "participants": 5,
            "place": str(uuid.uuid4())[:8],  # one more at the same place is asked about
        }  # fmt: skip
        assert self.desk.post("/activities/new/", typed).status_code == 302

    def move_case(self):
        """The earlier build has one address for all moves, this one an address a step."""
        from services.proxy.models import ServiceRequest

        with rls_context(scope="140105"):
            cases = ServiceRequest.objects.filter(organization_id="140105").exclude(agent=None)
            case = cases.filter(agent__user__username="county140105").order_by("pk").first()
            cases.filter(pk=case.pk).update(state="accepted", stopped_on=None)
        at = f"/proxy/cases/{case.pk}"
        answer = self.desk.post(f"{at}/wait/", {"text": "差一份材料"})
        if answer.status_code == 404:
            answer = self.desk.post(f"{at}/move/", {"state": "waiting", "text": "差一份材料"})
        assert answer.status_code == 302, answer.status_code
        with rls_context(scope="140105"):
            assert ServiceRequest.objects.get(pk=case.pk).state == "waiting"

    def sign_up(self):
        """Into the line of an event, and out of it again."""
        from services.events.models import Signup

        event = self.for_all()
        assert self.youth.post(f"/events/{event.pk}/join/").status_code == 302
        with rls_context(scope=event.organization_id):
            signup = Signup.objects.filter(event=event, state__in=("in", "waiting")).latest("pk")
        assert self.youth.post(f"/my/events/{signup.pk}/leave/").status_code == 302
        with rls_context(scope=event.organization_id):
            assert Signup.objects.get(pk=signup.pk).state == "left"

    def for_all(self):
        """The county's own event, as one for everybody who is from there."""
        from services.events.models import Event

        with rls_context(scope="140105"):
            found = Event.objects.filter(organization_id="140105", kind="homecoming")
            found.update(classes=[], questions=[])
            return found.get()

    def crowd(self, many, signed_in=False):
        """As many who have checked in, each of whom wants a place of one event."""
        from django.apps import apps

        from qingchun.accounts.models import User

        # By name: in the build before it stands in another file.
        Youth = apps.get_model("talent", "Youth")

        self.event = self.for_all()
        with _writing_people("140105"):
            self.group = self.event.groups.order_by("pk").first()
            users = User.objects.bulk_create(
                User(username=str(uuid.uuid4())[:30], name="陈返乡") for _ in range(many)
            )
            self.people = Youth.objects.bulk_create(
                Youth(
                    organization_id="140105", user=user, name=user.name, kind="worker", age="adult"
                )
                for user in users
            )
        self.clients = [self.entered(user) for user in users if signed_in]

    def entered(self, user):
        client = self.new_client()
        try:  # the earlier build writes down a sign-in while it signs in alone
            asked = rls_context(person=user.pk, sign_in=True)
        except TypeError:
            asked = rls_context(person=user.pk)
        with asked:
            client.force_login(user)
        return client

    def rush(self):
        """One of many who tap at once, signed in before."""
        answer = self.clients.pop().post(f"/events/{self.event.pk}/join/")
        assert answer.status_code == 302, answer.status_code
        assert answer.url.startswith("/my/"), answer.url

    def rush_bare(self):
        """The same without the page around it: what holds the locks that the others wait for."""
        try:
            from services.events.actions.registration import join
        except ImportError:  # by the name that it had
            from services.events.actions.joining import join

        youth = self.people.pop()
        with rls_context(person=youth.user_id):
            join(youth.user, event=self.event, youth=youth, group=self.group)

    def take(self, what, times):
        """CPU seconds of this process for doing it so often; of a rush those of its database too,
        where most of it is done."""
        self.cache.clear()
        with suppress(ImportError):  # where it is counted in the database
            from qingchun.accounts import tries

            tries._ask("DELETE FROM accounts_tries")
        self.desk = self.signed_in() if what in AT_THE_DESK else self.desk
        self.youth = self.check_in() if what == "sign_up" else None
        if what in RUSHES:
            self.crowd(times, signed_in=what == "rush")
        do, used = getattr(self, what), _with_database if what in RUSHES else time.process_time
        start = used()
        for _ in range(times):
            do()
        return used() - start


def _writing_people(scope):
    """What either build calls that writes accounts for others."""
    from qingchun.organizations import walls

    try:
        return rls_context(scope=scope, sign_in=True)
    except TypeError:
        return walls.acting("install the demo", scope)


def rls_context(**who):
    """As whom either build asks: by the name that it has there."""
    from qingchun.organizations import walls

    ask = walls.rls_context if hasattr(walls, "rls_context") else walls.asking_as
    return ask(**who)


def _with_database():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ran = Path(f"/proc/{cursor.fetchone()[0]}/schedstat").read_text().split()[0]
    return time.process_time() + int(ran) / 1e9


def probe():
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    asked = Probe()
    print("ready", flush=True)
    for question in sys.stdin:
        print(json.dumps(asked.take(*json.loads(question))), flush=True)


class Build:
    """One build's probe, in its own folder beside servers of its own."""

    def __init__(self, folder):
        from tests.bench_tools import plain_environment  # not there in the earlier build

        command = ".venv/bin/python manage.py prepare --demo >&2 && exec .venv/bin/python bench_doors_probe.py"
        shutil.copy(__file__, folder / "bench_doors_probe.py")
        self.folder = folder
        self.process = subprocess.Popen(
            [".venv/bin/python", "-m", "qingchun.embedded", "--throwaway", "bash", "-c", command],
            cwd=folder,
            env=plain_environment(DJANGO_SETTINGS_MODULE="qingchun.settings"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def wait(self):
        while (said := self.process.stdout.readline()) != "ready\n":
            if not said and self.process.poll() is not None:
                raise RuntimeError(f"{self.folder}: the probe did not start")

    def take(self, what, times):
        self.process.stdin.write(json.dumps([what, times]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        (self.folder / "bench_doors_probe.py").unlink()


def _lines_of(folder, app):
    """Lines of Python of an app, without its migrations."""
    files = (path for path in (folder / app).rglob("*.py") if "migrations" not in path.parts)
    return sum(len(path.read_text().splitlines()) for path in files)


def run(line):
    from tests.bench_tools import earlier

    before_this = earlier(BEFORE)
    for app in ("campaigns", "talent", "services", "reports"):
        now, before = (_lines_of(folder, app) for folder in (ROOT, before_this))
        line(f"{app} 的代码 / 改造前", now, "行", before, now / before)
    builds = [Build(ROOT), Build(before_this)]
    try:
        for build in builds:
            build.wait()
        for what, times in EACH.items():
            pairs = []
            for number in range(ROUNDS + 3):
                turn = builds if number % 2 else builds[::-1]
                taken = {build: build.take(what, times) for build in turn}
                pairs.append([taken[build] / times for build in builds])
            now, before = (statistics.median(pair[n] for pair in pairs[3:]) for n in (0, 1))
            ratio = statistics.median(a / b for a, b in pairs[3:])
            line(f"{CALLED[what]}，CPU / 改造前", 1000 * now, "ms", 1000 * before, ratio)
    finally:
        for build in builds:
            build.stop()


if __name__ == "__main__":
    probe()

# ruff: noqa: E402
"""Run by test_rush in a process of its own: many at once at one event, on a real database.

python -m tests.events.rush prepare|join|leave|late …
"""

import datetime as dt
import os
import sys
import threading
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.utils.timezone import now

from campaigns import catalogue
from campaigns.actions.editions import create_edition
from campaigns.choices import CampaignState
from qingchun.accounts.models import User
from qingchun.ground.refusals import Refused
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import rls_context
from services.events.actions import coming, registration, shifts
from services.events.models import Event, EventGroup, Signup
from talent.youth.models import Youth
from tests.conftest import person
from tests.events import scene
from tests.looking import follow, looking

connection_created.connect(follow)
AT_ONCE = 12


def prepare(people):
    """An edition, an event with 50 places for men and 50 for women, and many who want them."""
    with rls_context(scope="14"):
        create_edition(
            title="2019年春节“青春兴晋”行动",
            stages=catalogue.NOTICE_STAGES,
            ends_on=catalogue.NOTICE_ENDS_ON,
            spring_festival_on=catalogue.NOTICE_FESTIVAL,
            state=CampaignState.OPEN,
            deadlines=catalogue.NOTICE_DEADLINES,
        )
        cadre = person("rush", "张小店", "140105", Role.ADMIN)
        scene.opened(cadre, scene.both(), title="抢名额")
        scene.opened(cadre, [scene.row(capacity=1)], title="一个名额")
        two_shifts(cadre)
        with looking():
            users = User.objects.bulk_create(
                User(username=f"rush{n}", name=f"青年{n}", phone=f"138{n:08}")
                for n in range(people)
            )
            Youth.objects.bulk_create(
                Youth(
                    organization_id="140105", user=user, name=user.name, phone=user.phone,
                    kind="worker", age="adult",
                )
                for user in users
            )  # fmt: skip


def two_shifts(cadre):
    begins = now() + dt.timedelta(days=3)
    shifts = [
        scene.row(
            f"{n}号站", starts_at=begins + dt.timedelta(days=n),
            ends_at=begins + dt.timedelta(days=n, hours=4),
        )
        for n in range(2)
    ]  # fmt: skip
    ends_at = begins + dt.timedelta(days=2)
    scene.opened(cadre, shifts, "warmth", title="两个班次", starts_at=begins, ends_at=ends_at)


def _all_at_once(attempts):
    """Run each attempt, ``AT_ONCE`` at a time. Returns: what each that was not refused said."""
    said, lock, queue = [], threading.Lock(), list(attempts)

    def work():
        while True:
            with lock:
                if not queue:
                    break
                attempt = queue.pop(0)
            try:
                said.append(attempt())
            except Refused:
                continue
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def _scene(part, parts):
    with looking():
        event = Event.objects.get(title="抢名额")
        groups = list(EventGroup.objects.filter(event=event).order_by("pk"))
        youth = list(Youth.objects.select_related("user").order_by("pk"))[part::parts]
    return event, groups, youth


def join(part, parts):
    """Everybody of this part wants a place, each twice. Returns: how many were in at once."""
    event, groups, youth = _scene(part, parts)

    def attempt(who):
        group = groups[who.pk % 2]
        with transaction.atomic(), rls_context(person=who.user_id):
            return registration.join(who.user, event=event, youth=who, group=group)[1]

    said = _all_at_once([lambda who=who: attempt(who) for who in youth for _ in range(2)])
    return said.count("in")


def late():
    """One place: A has it, B is just joining the line, not yet committed, when A leaves.

    Returns: what became of B.
    """
    with looking():
        event = Event.objects.get(title="一个名额")
        group = EventGroup.objects.get(event=event)
        first, second = Youth.objects.select_related("user").order_by("pk")[:2]

    def come(who):
        return registration.join(who.user, event=event, youth=who, group=group)[0]

    with transaction.atomic(), rls_context(person=first.user_id):
        place = come(first)
    has_joined, has_left = threading.Event(), threading.Event()

    def go():
        has_joined.wait()
        with transaction.atomic(), rls_context(person=first.user_id):
            signup = Signup.objects.select_related("event").get(pk=place)
            coming.leave(signup, user=first.user, moment=now())
        has_left.set()
        connection.close()

    leaving = threading.Thread(target=go)
    leaving.start()
    with transaction.atomic(), rls_context(person=second.user_id):
        waiting = come(second)
        has_joined.set()
        has_left.wait(1.5)  # it must not: it waits for us
    leaving.join()
    with looking():
        return Signup.objects.get(pk=waiting).state


def off():
    """B has the page of a shift open and taps while it is being called off, or deleted.

    Returns: what B was told of each, and how many stand in them.
    """
    with rls_context(scope="14"):
        cadre = User.objects.get(username="rush")
        cadre.acting = cadre.memberships.select_related("organization").get()
    with looking():
        first, second = EventGroup.objects.filter(event__title="两个班次").order_by("pk")
        event = Event.objects.get(title="两个班次")
        who = Youth.objects.select_related("user").order_by("pk")[0]
    with rls_context(scope="140105", person=cadre.pk):
        third = EventGroup.objects.get(pk=second.pk)
        third.pk = None
        third.starts_at += dt.timedelta(days=1)
        third.ends_at += dt.timedelta(days=1)
        third.save(force_insert=True)
    told = [
        _taps_meanwhile(who, event, first, shifts.call_off, actor=cadre, why="列车停运"),
        _taps_meanwhile(who, event, third, shifts.drop, actor=cadre),
    ]
    with looking():
        return told, Signup.objects.filter(event=event).count()


def _taps_meanwhile(who, event, group, step, **given):
    told = []

    def tap():
        try:
            with transaction.atomic(), rls_context(person=who.user_id):
                told.append(registration.join(who.user, event=event, youth=who, group=group)[1])
        except Refused as refusal:
            told.append(str(refusal))
        connection.close()

    tapping = threading.Thread(target=tap)
    with transaction.atomic(), rls_context(scope="140105", person=given["actor"].pk):
        step(EventGroup.objects.get(pk=group.pk), **given)
        tapping.start()
        tapping.join(1.5)  # it waits for us
    tapping.join()
    return told[0]


def leave(part, parts):
    """Of those who are in, this part's 30 leave at once. Returns: how many left."""
    with looking():
        first = Signup.objects.filter(event__title="抢名额", state__in=("in", "left"))
        first = first.order_by("turn")[:30]
        mine = list(first.select_related("user", "event"))[part::parts]

    def attempt(signup):
        with transaction.atomic(), rls_context(person=signup.user_id):
            coming.leave(signup, user=signup.user, moment=now())
        return "left"

    return len(_all_at_once([lambda signup=signup: attempt(signup) for signup in mine]))


if __name__ == "__main__":
    name, *numbers_given = sys.argv[1:]
    started = time.perf_counter()
    print(globals()[name](*map(int, numbers_given)))
    print(time.perf_counter() - started, file=sys.stderr)

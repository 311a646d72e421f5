"""Events: a rush for places, mutual choices, rounds of an evening, posts for wishes.

The rush is 2,000 sign-ups at an event for 100 (50 and 50), by fifty threads in two processes, each
in a transaction of its own; against a bare conditional UPDATE of a counter in the same number of
transactions, once with as many places (1,900 of these write nothing, where ours write who waits),
once with a place for everybody; and against locking the event's row, counting, and writing the
sign-up.
"""

import os
import random
import sys
import time

import django

if __name__ == "__main__":  # one of the two processes
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench_settings"
    django.setup()

from django.db import connection, transaction

from qingchun.accounts.models import User
from qingchun.ground.sealing import blind_index
from qingchun.organizations import sealed
from qingchun.organizations.walls import rls_context
from services.events import placement, seating
from services.events.actions import choosing, registration
from services.events.models import Choice, Event, EventGroup, Signup
from talent.youth.models import Youth
from tests.events import scene
from tests.looking import as_owner, looking
from tests.rushing import PROCESSES, THREADS, at_once, fifty

ATTEMPTS, NAME = 40, "tests.bench_events"
PEOPLE = PROCESSES * THREADS * ATTEMPTS
LIMITS = {"rounds": 2.0, "placement": 10.0}


def _people(part):
    with looking():
        found = Youth.objects.filter(name__startswith="测速报名").select_related("user")
        start = part * THREADS * ATTEMPTS
        return list(found.order_by("pk")[start : start + THREADS * ATTEMPTS])


def _event(title):
    with looking():
        event = Event.objects.get(title=title)
        return event, list(EventGroup.objects.filter(event=event).order_by("pk"))


def join(part):
    people, (event, groups) = _people(part), _event("测速一")

    def attempt(number):
        who = people[number]
        with rls_context(person=who.user_id):
            registration.join(who.user, event=event, youth=who, group=groups[number % 2])

    return fifty(attempt, ATTEMPTS)


def lock(part):
    """What a row's lock makes of it: whoever comes waits for whoever is counting."""
    people, (event, groups) = _people(part), _event("测速二")

    def attempt(number):
        who, group = people[number], groups[number % 2]
        with looking(), transaction.atomic():
            Event.objects.select_for_update().get(pk=event.pk)
            taken = Signup.objects.filter(event=event, group=group, state="in").count()
            Signup.objects.create(
                organization_id=event.organization_id, event=event, group=group, user=who.user,
                name=who.name, phone=who.phone, kind=who.kind, home_id=who.organization_id,
                turn=number, person_mark=blind_index(str(who.user_id), "event person"),
                state="in" if taken < group.capacity else "waiting",
            )  # fmt: skip

    return fifty(attempt, ATTEMPTS)


def bare(_part):
    """The least that can be right: one conditional UPDATE of a counter."""

    def attempt(number):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE bench_places SET taken = taken + 1 WHERE id = %s AND taken < capacity",
                [number % 2],
            )

    return fifty(attempt, ATTEMPTS)


def room_for_all():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bench_places SET taken = 0, capacity = 1000000")


def prepare(cadre):
    with looking(), connection.cursor() as cursor:
        users = User.objects.bulk_create(
            User(username=f"bench-event-{n}", name=f"测速报名{n}", phone=f"137{n:08}")
            for n in range(PEOPLE)
        )
        Youth.objects.bulk_create(
            Youth(
                organization_id="140105", user=user, name=user.name, phone=user.phone,
                kind="worker", age="adult",
            )
            for user in users
        )  # fmt: skip
        for title in ("测速一", "测速二"):
            scene.opened(cadre, scene.both(), title=title)
        cursor.execute("CREATE TABLE bench_places (id int primary key, taken int, capacity int)")
        cursor.execute("INSERT INTO bench_places VALUES (0, 0, 50), (1, 0, 50)")


def rush(line):
    value, locked, reference = at_once(NAME, "join"), at_once(NAME, "lock"), at_once(NAME, "bare")
    room_for_all()
    written = at_once(NAME, "bare")
    line("2,000 人抢 100 个名额，每秒 / 只改计数，都改", value, "次/秒", written, value / written)
    line(
        "2,000 人抢 100 个名额，每秒 / 只改计数，改 100",
        value,
        "次/秒",
        reference,
        value / reference,
    )
    line("2,000 人抢 100 个名额，每秒 / 锁住活动", value, "次/秒", locked, value / locked)
    for title in ("测速一", "测速二"):
        event, _ = _event(title)
        with looking():
            assert Signup.objects.filter(event=event).count() == PEOPLE
            assert Signup.objects.filter(event=event, state="in").count() == 100


def choices(line):
    rng = random.Random(1)
    with looking(), connection.cursor() as cursor:
        sealed.tell(cursor, ("14", "", "matching"))
        half = PEOPLE // 2
        Choice.objects.bulk_create(
            Choice(
                event_id=0, user_id=n, number=n,
                chosen=rng.sample(range(half + 1, PEOPLE + 1) if n <= half else range(1, half + 1), 5),
            )
            for n in range(1, PEOPLE + 1)
        )  # fmt: skip
        cursor.execute("ANALYZE events_choice")
        count = "SELECT count(*) FROM events_choice, unnest(chosen) WHERE event_id = 0"
        reference = _quickest(lambda: cursor.execute(count))
        sealed.tell(cursor, ("14", "", "match"))
        found = []
        value = _quickest(lambda: found.append(choosing.mutual(0)))
        assert len(found[0]) > 5
        cursor.execute("SELECT events_erase_choices(0, NULL)")
    line(
        "2,000 人各选 5 位，互选 / 数一遍", value * 1000, "ms", reference * 1000, value / reference
    )


def _quickest(work, times=7):
    best = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def plans(line):
    men, women = range(1, 101), range(101, 201)
    rng = random.Random(2)
    suitable = {(a, b) for a in men for b in women if rng.random() < 0.6}
    value = _quickest(lambda: seating.rounds(men, women, suitable, 12), 3)
    line("200 人 12 轮座位 / 目标 2 秒", value * 1000, "ms", 2000, value / LIMITS["rounds"])
    posts = dict.fromkeys(range(500), 10)
    # Half of the students wish for the same sixty posts first.
    wishes = {
        n: list(
            dict.fromkeys([min(499, int(abs(rng.gauss(0, 60)))) if n % 2 else rng.randrange(500), *rng.sample(range(500), 4)])
        )
        for n in range(5000)
    }  # fmt: skip
    begun = time.perf_counter()
    found = placement.place(wishes, posts)
    value = time.perf_counter() - begun
    assert len(found) > 4000
    line("5,000 人 5 个志愿 500 个岗位 / 目标 10 秒", value, "s", 10, value / LIMITS["placement"])


def forget():
    with looking(), connection.cursor() as cursor:
        events = "SELECT id FROM events_event WHERE title IN ('测速一', '测速二')"
        cursor.execute(f"DELETE FROM events_signup WHERE event_id IN ({events})")
        cursor.execute(f"DELETE FROM events_eventgroup WHERE event_id IN ({events})")
        cursor.execute(f"DELETE FROM events_event WHERE id IN ({events})")
        cursor.execute("DELETE FROM talent_youth WHERE name LIKE '测速报名%'")
        cursor.execute("DROP TABLE bench_places")


def run(line, cadre):
    prepare(cadre)
    rush(line)
    choices(line)
    plans(line)
    forget()


if __name__ == "__main__":
    as_owner()
    print({"join": join, "lock": lock, "bare": bare}[sys.argv[1]](int(sys.argv[2])))

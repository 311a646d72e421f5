"""Events with people in them: for the walk, for the canaries, for the tests beside it."""

import datetime as dt
import uuid

from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate, now

from qingchun.ground.sealing import Box
from qingchun.organizations.models import Organization
from qingchun.organizations.walls import rls_context
from services.events.actions import choosing, door, evenings, events, registration, warmth
from services.events.models import (
    Event,
    EventGroup,
    Profile,
    Report,
    ServicePoint,
    Signup,
    Visit,
)
from talent.pool.identity import check_of
from talent.youth.actions import checkin
from talent.youth.choices import ConsentPurpose
from talent.youth.models import Youth
from tests.conftest import person, with_number
from tests.looking import looking


def facts(kind="homecoming", **more):
    """Fields of an event that begins in three days at this hour and lasts two hours."""
    begins = now() + dt.timedelta(days=3)
    return {
        "kind": kind,
        "title": "返乡学子座谈会",
        "text": "书记和同学们面对面。",
        "place": "区文化馆",
        "map_link": "",
        "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=2),
        "opens_at": now() - dt.timedelta(hours=1),
        "closes_at": begins - dt.timedelta(hours=3),
        "capacity": None,
        "needs_approval": False,
        "accept_hours": 12,
        "reach": "any",
        "classes": [],
        "adults_only": False,
        "singles_only": False,
        "questions": [],
        "contact_name": "团区委",
        "contact_phone": "0351-7000000",
    } | more


def row(name="全体", capacity=2, **more):
    return {"name": name, "capacity": capacity, **more}


def both(men=50, women=50):
    return [row("男青年", men, key="men"), row("女青年", women, key="women")]


def opened(actor, groups=None, kind="homecoming", evening=None, **more):
    """An event of the actor's unit that people can sign up for."""
    with rls_context(scope=actor.scope, person=actor.pk):
        event = events.make(
            actor=actor, facts=facts(kind, **more), groups=groups or [row()], evening=evening
        )
        events.publish(event, actor=actor)
    return fresh(event)


def fresh(event):
    with looking():
        return Event.objects.select_related("campaign", "organization").get(pk=event.pk)


def arrived(user, home="140105", **more):
    """Somebody who has checked in with home."""
    known = {"name": user.name, "kind": "student", "age": "adult", "lives_at": "北京市"} | more
    with looking():
        checkin.check_in(
            user, home=Organization.objects.get(pk=home), agreed={ConsentPurpose.BASIC}, **known
        )
        return Youth.objects.get(user=user)


def joined(user, event, group=None, **more):
    """Signed up, as the person themselves. Returns: (the sign-up, what it said)."""
    youth = Youth.objects.filter(user=user).first() or arrived(user)
    with looking():
        group = group or EventGroup.objects.filter(event=event).first()
    more = {"agreed": {ConsentPurpose.HOST}} | more
    with transaction.atomic(), rls_context(person=user.pk):
        found, said = registration.join(user, event=fresh(event), youth=youth, group=group, **more)
    return again(found), said


def again(signup):
    """The sign-up as it is in the database now."""
    with looking():
        found = Signup.objects.select_related("event__organization", "event__campaign", "group")
        return found.get(pk=getattr(signup, "pk", signup))


def identity_number(year=1992, man=True, n=0):
    """A number with a right check digit, of a place that does not exist (149999): nobody's."""
    begin = f"149999{year}0101{2 * n + man:03}"
    return begin + check_of(begin)


PROFILE = {"trade": "教师", "hopes": "踏实", "from_age": 18, "to_age": 60}


def evening_of(actor, men=3, women=3, **more):
    """An open evening of 青春有约 that begins in an hour, of three rounds of six minutes."""
    begins = now() + dt.timedelta(hours=1)
    times = {
        "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=3),
        "closes_at": begins + dt.timedelta(minutes=50),
        "opens_at": now() - dt.timedelta(days=3),
    }
    return opened(
        actor, both(men, women), "matchmaking", {"rounds": 3, "minutes": 6},
        title="青春有约", **(times | more),
    )  # fmt: skip


def invited(user, event, man, n=0, *, year=1992, avoids=(), **profile):
    """Signed up for an evening. Returns: the sign-up."""
    youth = Youth.objects.filter(user=user).first() or arrived(user, kind="worker")
    with looking():
        group = EventGroup.objects.get(event=event, key="men" if man else "women")
    with transaction.atomic(), rls_context(person=user.pk):
        found, _ = evenings.join(
            user, event=fresh(event), youth=youth, group=group,
            identity_number=identity_number(year, man, n), avoids=list(avoids),
            facts=PROFILE | profile, agreed={ConsentPurpose.HOST},
        )  # fmt: skip
    return again(found)


def here(signup, actor):
    """At the door, by the code on their phone."""
    with transaction.atomic(), rls_context(scope=actor.scope, person=actor.pk):
        found = door.find(fresh(signup.event), f"qingchun:{signup.code}")
        door.arrive(again(found), actor=actor, scan=uuid.uuid4())
    return again(signup)


def profile_of(signup):
    with looking():
        return Profile.objects.get(signup=signup)


def choose(signup, *numbers):
    """Somebody keeps whom they would like to see again."""
    with transaction.atomic(), rls_context(person=signup.user_id):
        choosing.choose(profile_of(signup), user=signup.user, numbers=numbers)


def end_choosing(event, actor):
    """The unit ends it. Returns: how many pairs."""
    with rls_context(scope=actor.scope, person=actor.pk):
        return choosing.end_choosing(fresh(event), actor=actor)


def evening(cadre, young):
    """Route arguments for every page of events."""
    event = evening_of(cadre)
    users = [young or guest(1), guest(2)]
    signups = [invited(user, event, man, n) for n, (user, man) in enumerate(zip(users, (True, False), strict=True))]  # fmt: skip
    for signup in signups:
        here(signup, cadre)
    with rls_context(scope=cadre.scope, person=cadre.pk):
        evenings.seat(fresh(event), actor=cadre)
        evenings.next_round(fresh(event), actor=cadre, seen=0)
        events.set_picture(event, actor=cadre, file=picture())
        found = warmth.visit(
            actor=cadre, on=localdate(), name="走访青年", place="东村", found="困难", given="棉衣"
        )
        point, _ = ServicePoint.objects.get_or_create(
            organization_id=cadre.scope[:6], name="汽车站", defaults={"kind": "bus"}
        )
    mine = profile_of(signups[0])
    with rls_context(person=users[0].pk):
        report = choosing.report(
            mine, user=users[0], number=profile_of(signups[1]).number, text="说话难听"
        )
    return {
        "event": {"pk": event.pk},
        "own_event": {"pk": event.pk},
        "signup": {"pk": signups[0].pk},
        "own_signup": {"pk": signups[0].pk},
        "report": {"pk": report.pk},
        "point": {"pk": point.pk},
        "visit": {"pk": found.pk},
        "shift": {"pk": shift_of(cadre, point).pk},
    }


class Signed:
    """Somebody's browser, signed in anew for each page: a session ends when the clock is moved."""

    def __init__(self, user):
        self.user = user

    def _client(self):
        client = Client()
        client.force_login(self.user)
        return client

    def get(self, *given, **named):
        return self._client().get(*given, **named)

    def post(self, *given, **named):
        return self._client().post(*given, **named)


def guest(n, name="宾客"):
    """Somebody young with an account of their own."""
    user = person(f"guest{n}", f"{name}{'一二三四五六七八九十'[n % 10]}")
    with_number(user, f"1380000{5000 + n:04}")
    return user


def picture():
    from tests.walls import jpeg

    return jpeg("#c8102e", (64, 48))


def shift_of(cadre, point):
    """Tomorrow's shift of the cadre's unit at a point."""
    begins = now() + dt.timedelta(days=1)
    times = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=4)}
    named = {"name": point.name, "kind": point.kind, "county": point.organization_id}
    rows = [row(point.name, point=named, **times)]
    event = opened(cadre, rows, "warmth", closes_at=begins, **times)
    with looking():
        return EventGroup.objects.get(event=event)


def marked(code, user, mark):
    """Next door: an event with somebody in it, a visit and a report, all of it marked."""
    with looking():
        begins = now() + dt.timedelta(days=2)
        event = Event.objects.create(
            organization_id=code, kind="homecoming", title="邻县的活动", place="邻县",
            starts_at=begins, ends_at=begins + dt.timedelta(hours=2), closes_at=begins,
            contact_name="团委", contact_phone="0351", state="open",
        )  # fmt: skip
        group = EventGroup.objects.create(organization_id=code, event=event, name=mark, capacity=9)
        Signup.objects.create(
            organization_id=code, event=event, group=group, user=user, name=f"{mark}{code}",
            phone=user.phone, state="in", turn=1, person_mark=1,
        )  # fmt: skip
        Report.objects.create(organization_id=code, event=event, number=1, text=f"{mark}{code}")
    with rls_context(scope=code[:6]):
        box = Box("visit")
        Visit.objects.create(
            organization_id=code[:6], mark=1, by_name=mark,
            **{
                f"sealed_{name}": box.seal(f"{mark}{code}".encode())
                for name in ("name", "place", "found", "given")
            },
        )  # fmt: skip

"""Events with people in them: for the walk, for the canaries, for the tests beside it."""

import datetime as dt

from django.utils.timezone import now

from qingchun.organizations.models import Organization
from qingchun.organizations.walls import as_clerk, asking_as
from services.events.actions import events, joining
from services.events.models import Event, EventGroup, Signup
from talent.actions import checkin
from talent.choices import Purpose
from talent.models import Youth


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
    with asking_as(scope=actor.scope, person=actor.pk):
        event = events.make(
            actor=actor, facts=facts(kind, **more), groups=groups or [row()], evening=evening
        )
        events.publish(event, actor=actor)
    return fresh(event)


def fresh(event):
    with as_clerk():
        return Event.objects.select_related("campaign", "organization").get(pk=event.pk)


def arrived(user, home="140105", **more):
    """Somebody who has checked in with home."""
    known = {"name": user.name, "kind": "student", "age": "adult", "lives_at": "北京市"} | more
    with as_clerk():
        checkin.check_in(
            user, home=Organization.objects.get(pk=home), agreed={Purpose.BASIC}, **known
        )
        return Youth.objects.get(user=user)


def joined(user, event, group=None, **more):
    """Signed up, as the person themselves. Returns: (the sign-up, what it said)."""
    youth = Youth.objects.filter(user=user).first() or arrived(user)
    with as_clerk():
        group = group or EventGroup.objects.filter(event=event).first()
    with asking_as(person=user.pk):
        found, said = joining.join(user, event=fresh(event), youth=youth, group=group, **more)
    return again(found), said


def again(signup):
    """The sign-up as it is in the database now."""
    with as_clerk():
        found = Signup.objects.select_related("event__organization", "event__campaign", "group")
        return found.get(pk=getattr(signup, "pk", signup))

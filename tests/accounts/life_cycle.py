"""A model of what should open beside the portal as it is: people, posts, and every credential.

Each credential remembers whose it is and until when; whatever ends a person's credentials ends
them here by one line. ``Trial`` asks the portal itself, by HTTP, and leaves nothing behind.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client

from qingchun.notifications.channels.code.channel import unseal
from qingchun.notifications.models import Message
from tests.accounts import desk
from tests.conftest import uncounted
from tests.looking import looking

DAY = 24 * 60 * 60
IDLE, LONGEST, WEEK, QUARTER, MOST = 30 * 60, 12 * 60 * 60, 7 * DAY, 90 * DAY, 5


@dataclass(eq=False)
class Who:
    """Somebody, as they should be."""

    pk: int
    username: str
    number: str = ""  # proved
    phone: str = ""  # proved, or what an administrator typed
    password: str = ""
    old_password: str = ""
    is_active: bool = True
    posts: dict = field(default_factory=dict)  # unit → "active" or "suspended"

    @property
    def working(self):
        return sorted(unit for unit, state in self.posts.items() if state == "active")


@dataclass(eq=False)
class Held:
    """Something that opens. ``opens``: why it should still; emptied when its reason is gone."""

    owner: Who | None
    thing: object
    made: int
    good_for: int
    unit: str = ""
    is_read_only: bool = False
    is_young: bool = False
    seen: int = 0
    is_open: bool = True

    def stands(self, moment):
        return self.is_open and moment - self.made < self.good_for


@dataclass(eq=False)
class Session(Held):
    def stands(self, moment):
        if not self.is_open:
            return False
        if self.owner.working:
            return moment - self.seen <= IDLE and moment - self.made <= LONGEST
        return moment - self.seen < WEEK


class Book:
    """Everybody and everything that was ever given out."""

    def __init__(self):
        self.people, self.sessions, self.keys, self.feeds = [], [], [], []
        self.links, self.invitations, self.changed = [], [], []

    def of_number(self, number):
        return next((who for who in self.people if number and who.number == number), None)

    def end(self, who, *, keep=None):
        """All that a person's credentials open is over, but for the session they work in."""
        for held in [*self.sessions, *self.keys, *self.feeds, *self.links]:
            if held.owner is who and held is not keep:
                held.is_open = False
        self.changed.append(who)

    def end_post(self, who, unit, state):
        before = who.working
        if state:
            who.posts[unit] = state
        else:
            del who.posts[unit]
        for sent in self.invitations:
            if (sent.number, sent.unit) == (who.phone, unit):
                sent.is_open = False
        who.is_active = bool(who.working)
        if not who.working:
            self.end(who)
        elif unit in before:
            self.end_in(who, unit, is_first=unit == before[0])

    def end_in(self, who, unit, *, is_first):
        """What was opened in one of several posts is over; sessions work in the first of them."""
        sessions = self.sessions if is_first else []
        for held in [*sessions, *self.keys, *self.feeds]:
            if held.owner is who and held.unit in ("", unit):
                held.is_open = False

    def signed_in(self, who, client, moment):
        session = Session(who, client, moment, WEEK, is_young=not who.working, seen=moment)
        self.sessions.append(session)
        if session.is_young:  # of whom nobody counts the sessions
            return session
        standing = [s for s in self.sessions if s.owner is who and s.stands(moment)]
        standing.sort(key=lambda s: (s.seen, self.sessions.index(s)))
        for oldest in standing[:-MOST]:
            oldest.is_open = False
        return session


# What the portal says


@contextmanager
def leaving_nothing():
    """Whatever is tried here did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def newest_message(purpose):
    """(number, text) of the last short message of a kind: only whoever has the number reads it."""
    with looking():
        message = Message.objects.filter(purpose=purpose).order_by("-pk").first()
    number, text, *_ = json.loads(unseal(message.sealed, "code"))
    return number, text


def code_to(number):
    sent_to, text = newest_message("phone_code")
    assert sent_to == number
    return "".join(c for c in text if c.isdigit())[:6]


def by_code(client, address, number, **values):
    uncounted()
    client.post(address, {"send": "1"} | values, follow=True)
    return client.post(address, {"code": code_to(number)} | values)


def session_opens(session):
    """Whom the portal takes a session for, and in which posts; None when it is over.

    Asked by the cheapest page there is: a thousand of these are asked for.
    """
    user = session.thing.get("/privacy/").wsgi_request.user
    if not user.is_authenticated:
        return None
    return user.pk, sorted(post.organization_id for post in user.posts)


def key_opens(key):
    """The units a key shows, and whether it may write; None when it is over."""
    answer = desk.by_key(key.thing, path="/api/v1/organizations/?limit=3")
    if answer.status_code != 200:
        return None
    units = {row["code"][: len(key.unit)] for row in answer.json()["results"]}
    return units, not key.is_read_only or _writes(key)


def _writes(key):
    path, kind = "/api/v1/activities/", "application/json"
    return desk.by_key(key.thing, "post", path, data={}, content_type=kind).status_code != 403


def password_opens(who, password):
    uncounted()
    with leaving_nothing():
        client = desk.signed_in(who.username, password)
        return "_auth_user_id" in client.session


def address_opens(held):
    return Client().get(held.thing).status_code == 200

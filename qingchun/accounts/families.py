"""One number, several persons: who they are, whom they act for, and when a number falls silent.

Each is an account of their own. An app to the right says where somebody is at home, and writes
it down there when a number goes to somebody else.
"""

import datetime as dt

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.utils.timezone import now

from qingchun.accounts.models import Membership, SignIn, User
from qingchun.accounts.proving import persons_of, proved_phone
from qingchun.organizations.walls import asking_as, current

# After so long a number may have a new owner: networks give it out again.
SILENCE = dt.timedelta(days=365)
_homes_of, _told_parted = [], []


def register(*, homes_of, told_parted):
    """``homes_of(ids) -> {id: where}``, asked by whoever may know; ``told_parted(user)``."""
    _homes_of.append(homes_of)
    _told_parted.append(told_parted)


def tell_parted(user):
    for told in _told_parted:
        told(user)


def family_of(phone):
    """Whose proved number it is, as sign-in has to know them. Needs: the wall of signing in.

    ``has_posts``: ever; ``is_head``: acts for somebody else; ``last_seen_at``.
    """
    own = OuterRef("pk")
    seen = SignIn.objects.filter(user=own).order_by("-seen_at").values("seen_at")[:1]
    return persons_of(phone).annotate(
        has_posts=Exists(Membership.objects.filter(user=own)),
        is_head=Exists(User.objects.filter(represented_by=own)),
        last_seen_at=Greatest(Subquery(seen), "last_login", "joined_at"),
    )


def is_silent(family):
    """Nobody of them was here for so long that the number may be somebody else's by now."""
    return bool(family) and max(one.last_seen_at for one in family) < now() - SILENCE


def number_behind(user):
    """One's own proved number, or that of the child who acts for one."""
    if not getattr(user, "represented_by_id", None):
        return proved_phone(user)
    with asking_as(scope=current()[0], person=current()[1], sign_in=True):
        return proved_phone(User.objects.get(pk=user.represented_by_id))


def members_of(phone):
    """The family of a number, and whom they act for, with ``where`` each is at home."""
    with asking_as(scope=current()[0], person=current()[1], sign_in=True):
        own = list(family_of(phone).filter(is_active=True))
        acted_for = User.objects.filter(represented_by__in=[one.pk for one in own])
        found = own + list(acted_for.filter(is_active=True).order_by("pk"))
        homes = {}
        for homes_of in _homes_of:
            homes |= homes_of([one.pk for one in found])
    for one in found:
        one.where = "家人代办" if one.represented_by_id else homes.get(one.pk, "")
    return found


def asks_for_more(person):
    """Whether an account asks for more than a number that the whole family holds."""
    if person.has_usable_password():
        return True
    with asking_as(scope=current()[0], person=current()[1], sign_in=True):
        return person.authenticator_set.exists() or person.memberships.standing().exists()


def masked(name):
    """吉**: enough for the family, too little for whoever looks over a shoulder."""
    return name[:1] + "*" * max(1, min(2, len(name) - 1))

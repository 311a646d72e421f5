"""One number, several persons: who they are, whom they act for, and when a number falls silent.

Each is an account of their own. An app to the right says where somebody is at home, and writes
it down there when a number goes to somebody else.
"""

import datetime as dt
from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.timezone import now

from qingchun.accounts import found
from qingchun.accounts.credential_models import SignIn
from qingchun.accounts.models import Membership, User
from qingchun.accounts.proving import ids_of, persons_of, proved_phone
from qingchun.ground.portal import answers
from qingchun.organizations.walls import rls_context

# After so long a number may have a new owner: networks give it out again.
SILENCE = dt.timedelta(days=365)


def tell_parted(user: User) -> None:
    for told in answers("parted"):
        told(user)


def family_of(phone: str) -> QuerySet:
    """Whose proved number it is, as sign-in has to know them. Needs: a purpose that opens accounts.

    ``has_posts``: ever; ``is_head``: acts for somebody else; ``last_seen_at``.
    """
    return _as_known(persons_of(phone))


def known_by(phone: str) -> list[User]:
    """The same for whoever signs in, and is nobody yet: each of the family is asked as themselves."""
    return found.of_each(ids_of(phone), lambda pk: _as_known(User.objects.filter(pk=pk)))


def _as_known(persons: QuerySet) -> QuerySet:
    own = OuterRef("pk")
    seen = SignIn.objects.filter(user=own).order_by("-seen_at").values("seen_at")[:1]
    return persons.annotate(
        has_posts=Exists(Membership.objects.filter(user=own)),
        is_head=Exists(User.objects.filter(represented_by=own)),
        last_seen_at=Greatest(Subquery(seen), "last_login", "joined_at"),
    )


def is_silent(family: Collection[User]) -> bool:
    """Nobody of them was here for so long that the number may be somebody else's by now."""
    return bool(family) and max(one.last_seen_at for one in family) < now() - SILENCE


def number_behind(user: User) -> str:
    """One's own proved number, or that of the child who acts for one."""
    if not getattr(user, "represented_by_id", None):
        return proved_phone(user)
    with rls_context(person=user.represented_by_id):
        return proved_phone(User.objects.get(pk=user.represented_by_id))


def members_of(phone: str) -> list[User]:
    """The family of a number, and whom they act for, with ``where`` each is at home."""
    own = [one for one in known_by(phone) if one.is_active]
    heads, active = [one.pk for one in own if one.is_head], User.objects.filter(is_active=True)
    acted_for = found.of_each(heads, lambda pk: active.filter(represented_by=pk))
    members = own + sorted(acted_for, key=lambda one: one.pk)
    homes: dict[int, str] = {}
    for homes_of in answers("homes"):
        homes |= homes_of([one.pk for one in members])
    for one in members:
        one.where = "家人代办" if one.represented_by_id else homes.get(one.pk, "")
    return members


def asks_for_more(person: User) -> bool:
    """Whether an account asks for more than a number that the whole family holds."""
    if person.has_usable_password():
        return True
    with rls_context(person=person.pk):
        return person.authenticator_set.exists() or person.memberships.standing().exists()


def masked(name: str) -> str:
    """吉**: enough for the family, too little for whoever looks over a shoulder."""
    return name[:1] + "*" * max(1, min(2, len(name) - 1))

"""Whose a number is. A number proves a person only when a code that was sent to it came back.

``prove`` is the one place that writes it down; ``proved_phone`` and ``persons_of`` are the only
ways from a person to what is known by their number and from a number to a person. A test over
the syntax tree (tests/accounts/test_proving.py) fails on any other.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.timezone import now

from qingchun.accounts import found
from qingchun.accounts.models import User
from qingchun.accounts.phones import clean_phone, phone_mark
from qingchun.ground.letters import alike

PROOF = ["phone", "phone_proved_mark", "phone_proved_at", "phone_proof"]


def proved_phone(user: User | AnonymousUser) -> str:
    """The number a code has proved to be this person's, or ``""``.

    What an administrator, a form or a sheet said of the number is not asked.
    """
    proved = getattr(user, "phone_proved_mark", None)
    return user.phone if proved is not None and proved == phone_mark(user.phone) else ""


def persons_of(phone: str) -> QuerySet:
    """Everybody who has proved this number, oldest account first: often a family.

    Ended accounts are among them: ask ``is_active`` before somebody signs in. Needs: a purpose
    that opens accounts; while somebody signs in there is none, see ``ids_of``.
    """
    if not phone:
        return User.objects.none()
    # Numbers are sealed, and found by their marks.
    proved = Q(phone_proved_mark=phone_mark(phone), phone_mark=F("phone_proved_mark"))
    return User.objects.filter(proved).order_by("pk")


def ids_of(phone: str) -> list[int]:
    """The same persons' ids, for whoever signs in: what else is known of each, each is asked."""
    return found.by_number(phone_mark(phone)) if phone else []


def has_used(phone: str, digest: str) -> bool:
    """Whether somebody who has proved this number has signed in on a device."""
    return bool(found.by_device(phone_mark(phone), digest))


def prove(user: User, phone: str, *, proof: str) -> None:
    """A code sent to ``phone`` came back: it is this person's number now.

    ``proof``: which message carried the code. Needs: ``codes.check_code`` passed just before.
    """
    user.phone, user.phone_proved_mark = phone, phone_mark(phone)
    user.phone_proved_at, user.phone_proof = now(), proof
    # Somebody new is written with the proof in one go.
    is_new = user._state.adding
    user.save(force_insert=is_new, update_fields=None if is_new else PROOF)


def unprove(user: User) -> None:
    """The number has gone to somebody else: this person is no longer found by it."""
    user.phone_proved_mark, user.phone_proved_at, user.phone_proof = None, None, ""
    user.save(update_fields=PROOF[1:])


def normalised_login(text: str) -> str:
    """A sign-in name however it is typed: full-width letters, blanks and case make no other."""
    text = alike(text).strip()
    try:
        return clean_phone(text)
    except ValidationError:
        return text.lower()


def account_of_login(text: str) -> int:
    """Whose user name or proved number this is; of a family, the oldest account with a password.

    One question whatever was typed. A number that was not proved is nobody's sign-in name.
    Returns: the account's id, or ``found.NOBODY``.
    """
    login = normalised_login(text)
    return found.NOBODY if "\0" in login else found.by_login(login, phone_mark(login))

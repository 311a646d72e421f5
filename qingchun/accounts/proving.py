"""Whose a number is. A number proves a person only when a code that was sent to it came back.

``prove`` is the one place that writes it down; ``proved_phone`` and ``persons_of`` are the only
ways from a person to what is known by their number and from a number to a person. A test over
the syntax tree (tests/accounts/test_proving.py) fails on any other.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, When
from django.utils.timezone import now

from qingchun.accounts.models import User
from qingchun.accounts.phones import clean_phone, phone_mark
from qingchun.organizations.walls import asking_as

PROOF = ["phone", "phone_proved_mark", "phone_proved_at", "phone_proof"]
UNUSABLE = "!"  # how a password begins that opens nothing: django.contrib.auth.hashers


def proved_phone(user):
    """The number a code has proved to be this person's, or ``""``.

    What an administrator, a form or a sheet said of the number is not asked.
    """
    proved = getattr(user, "phone_proved_mark", None)
    return user.phone if proved is not None and proved == phone_mark(user.phone) else ""


def persons_of(phone):
    """Everybody who has proved this number, oldest account first: often a family.

    Ended accounts are among them: ask ``is_active`` before somebody signs in.
    """
    if not phone:
        return User.objects.none()
    return User.objects.filter(_proved(phone)).order_by("pk")


def _proved(phone):
    """Numbers are sealed, and found by their marks."""
    return Q(phone_proved_mark=phone_mark(phone), phone_mark=F("phone_proved_mark"))


def prove(user, phone, *, proof):
    """A code sent to ``phone`` came back: it is this person's number now.

    ``proof``: which message carried the code. Needs: ``codes.check_code`` passed just before.
    """
    user.phone, user.phone_proved_mark = phone, phone_mark(phone)
    user.phone_proved_at, user.phone_proof = now(), proof
    # Somebody new is written with the proof in one go.
    user.save(update_fields=None if user._state.adding else PROOF)


def unprove(user):
    """The number has gone to somebody else: this person is no longer found by it."""
    user.phone_proved_mark, user.phone_proved_at, user.phone_proof = None, None, ""
    user.save(update_fields=PROOF[1:])


def normalised_login(text):
    """A sign-in name however it is typed: full-width letters, blanks and case make no other."""
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        return clean_phone(text)
    except ValidationError:
        return text.lower()


def account_of_login(text):
    """Whose user name or proved number this is; of a family, the oldest account with a password.

    One question whatever was typed. A number that was not proved is nobody's sign-in name.
    """
    login = normalised_login(text)
    if "\0" in login:
        return None
    by_number = _proved(login) & ~Q(password__startswith=UNUSABLE)
    found = User.objects.filter(Q(username=login) | by_number)
    with asking_as(sign_in=True):
        return found.order_by(Case(When(username=login, then=0), default=1), "pk").first()

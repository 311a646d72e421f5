"""What a proved number finds is opened to whoever bears the name on it, and to nobody else.

A number passes from brother to sister and from one owner to the next; the name on a record does
not. Where the two differ the record stays shut until the name is given as it was registered.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Model

from qingchun.accounts import tries
from qingchun.accounts.audit import CLAIMED, record_event
from qingchun.accounts.models import User
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.ground.letters import alike
from qingchun.ground.refusals import Refused
from qingchun.ground.sealing import blind_index

TRIES, DAY = 3, 24 * 60 * 60
NO_MORE = "今天已经填错三次，请明天再试，或者请登记的团委核对。"
# What does not count in a name once it is normalized: one dot or another, every blank there is.
LEFT_OUT = "·•・．‧∙⋅●." + "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u1680\u2028\u2029"


def plain_name(name: str) -> str:
    """A name without what a keyboard adds to it: blanks, full width, one dot or another."""
    text = alike(name).casefold()
    return "".join(c for c in text if c not in LEFT_OUT)


def same_name(one: str, other: str) -> bool:
    return bool(one) and plain_name(one) == plain_name(other)


class NoMoreTries(Refused):
    """The name was wrong thrice today."""


def must_know_name(phone: str, what: str, said: str, names: Iterable[str]) -> int:
    """Whoever holds a number is asked the name something was registered with; wrong thrice a day.

    Counted for the number, so that another account under it has no tries of its own. Returns:
    which of ``names`` it is. Raises: Refused, in words.
    """
    counter = f"claims:{phone_mark(phone)}:{what}"
    tried = tries.count({counter: DAY})[counter]
    if tried <= TRIES:
        for place, name in enumerate(names):
            if same_name(name, said):
                tries.take_back(counter)
                return place
    if tried >= TRIES:
        raise NoMoreTries(NO_MORE)
    raise Refused(f"和登记的姓名不一样，今天还可以试 {TRIES - tried} 次。")


def opens_freely(phone: str, name: str) -> bool:
    """Whether a name opens by being one's own: the first three of a number do, in a day.

    Whoever renames themselves, or begins another account under the number, tries no more names
    than that; the next ones are asked by ``must_know_name``.
    """
    if not phone:
        return False
    counter = f"claims:{phone_mark(phone)}:names"
    known = f"{counter}:{blind_index(plain_name(name), 'claims name')}"
    if tries.seen(known):
        return True
    if tries.count({counter: DAY})[counter] > TRIES:
        return False
    tries.count({known: DAY})
    return True


def take(record: Model, *, user: User, field: str = "user") -> bool:
    """The record is this person's from now on; its own unit reads that it was claimed.

    Needs: a purpose that opens it. Returns: False when somebody else was quicker.
    """
    free = type(record).objects.filter(pk=record.pk, **{field: None})
    if not free.update(**{field: user}):
        return False
    setattr(record, field, user)
    record_event(None, CLAIMED, record, by="本人")
    return True


def sort(
    found: Sequence[Any], user: User, name_of: Callable[[Any], str] = attrgetter("name")
) -> tuple[list[Any], list[Any]]:
    """(those of ``found`` that bear the person's name, those that stay shut).

    Needs: ``found``, what the person's proved number finds and nobody has taken.
    """
    if not found or not opens_freely(proved_phone(user), user.name):
        return [], list(found)
    theirs = [record for record in found if same_name(name_of(record), user.name)]
    return theirs, [record for record in found if record not in theirs]


def named(
    found: Sequence[Any],
    *,
    user: User,
    said: str,
    name_of: Callable[[Any], str] = attrgetter("name"),
) -> Any:
    """Which of ``found`` bears the name that was given.

    Raises: Refused when none does; after three tries for a day.
    """
    if not found:
        raise Refused("没有等您核对的登记，请刷新页面。")
    what, names = found[0]._meta.label_lower, [name_of(record) for record in found]
    return found[must_know_name(proved_phone(user), what, said, names)]

"""What a proved number finds is opened to whoever bears the name on it, and to nobody else.

A number passes from brother to sister and from one owner to the next; the name on a record does
not. Where the two differ the record stays shut until the name is given as it was registered.
"""

import unicodedata
from operator import attrgetter

from django.core.cache import cache

from qingchun.accounts.audit import CLAIMED, write_down
from qingchun.accounts.phones import phone_mark
from qingchun.accounts.proving import proved_phone
from qingchun.ground.refusals import Refused
from qingchun.ground.sealing import mark

TRIES, DAY = 3, 24 * 60 * 60
NO_MORE = "今天已经填错三次，请明天再试，或者请登记的团委核对。"
DOTS = "·•・．‧∙⋅●"


def plain_name(name):
    """A name without what a keyboard adds to it: blanks, full width, one dot or another."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in text if not c.isspace() and c not in DOTS and c != ".")


def same_name(one, other):
    return bool(one) and plain_name(one) == plain_name(other)


class NoMoreTries(Refused):
    """The name was wrong thrice today."""


def must_know_name(phone, what, said, names):
    """Whoever holds a number is asked the name something was registered with; wrong thrice a day.

    Counted for the number, so that another account under it has no tries of its own. Returns:
    which of ``names`` it is. Raises: Refused, in words.
    """
    counter = f"claims:{phone_mark(phone)}:{what}"
    tried = cache.count({counter: DAY})[counter]
    if tried <= TRIES:
        for place, name in enumerate(names):
            if same_name(name, said):
                cache.decr(counter)
                return place
    if tried >= TRIES:
        raise NoMoreTries(NO_MORE)
    raise Refused(f"和登记的姓名不一样，今天还可以试 {TRIES - tried} 次。")


def opens_freely(phone, name):
    """Whether a name opens by being one's own: the first three of a number do, in a day.

    Whoever renames themselves, or begins another account under the number, tries no more names
    than that; the next ones are asked by ``must_know_name``.
    """
    if not phone:
        return False
    counter = f"claims:{phone_mark(phone)}:names"
    known = f"{counter}:{mark(plain_name(name), 'claims name')}"
    answer = cache.get(known)
    if answer is None:
        answer = cache.count({counter: DAY})[counter] <= TRIES
        cache.set(known, answer, DAY)
    return answer


def take(record, *, user, field="user"):
    """The record is this person's from now on; its own unit reads that it was claimed.

    Needs: a purpose that opens it. Returns: False when somebody else was quicker.
    """
    free = type(record).objects.filter(pk=record.pk, **{field: None})
    if not free.update(**{field: user}):
        return False
    setattr(record, field, user)
    write_down(None, CLAIMED, record, by="本人")
    return True


def sort(found, user, name_of=attrgetter("name")):
    """(those of ``found`` that bear the person's name, those that stay shut).

    Needs: ``found``, what the person's proved number finds and nobody has taken.
    """
    if not found or not opens_freely(proved_phone(user), user.name):
        return [], list(found)
    theirs = [record for record in found if same_name(name_of(record), user.name)]
    return theirs, [record for record in found if record not in theirs]


def named(found, *, user, said, name_of=attrgetter("name")):
    """Which of ``found`` bears the name that was given.

    Raises: Refused when none does; after three tries for a day.
    """
    if not found:
        raise Refused("没有等您核对的登记，请刷新页面。")
    what, names = found[0]._meta.label_lower, [name_of(record) for record in found]
    return found[must_know_name(proved_phone(user), what, said, names)]

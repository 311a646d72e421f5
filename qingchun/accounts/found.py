"""Who somebody may be that is not signed in yet, found by exactly what they gave.

The database answers with ids alone, by functions that open while it is told that somebody signs
in (``walls.signing_in``): no table does. Whatever else is to be known is asked as that person. An id
is 0 where nobody is found, and asked as all the same: the work tells nobody who is there.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from qingchun.organizations.walls import rls_context, set_rls_context, signing_in

NOBODY = 0


def by_login(login: str, mark: int) -> int:
    """Whose user name it is, or whose proved number, with a password; NOBODY."""
    return first("accounts_found_by_login(%s::text, %s::bigint)", login, mark)


def by_number(mark: int) -> list[int]:
    """Everybody who has proved the number of this mark, the oldest account first."""
    return _ids("accounts_found_by_number(%s::bigint)", mark)


def by_device(mark: int, digest: str) -> list[int]:
    """Those of them who have signed in on the device."""
    return _ids("accounts_found_by_device(%s::bigint, %s::text)", mark, digest)


def by_invitation(digest: str) -> int:
    """Who sent the invitation; NOBODY."""
    return first("accounts_found_by_invitation(%s::text)", digest)


def by_token(digest: str) -> int:
    """Whose key for a program it is; NOBODY."""
    return first("accounts_found_by_token(%s::text)", digest)


def by_social(provider: str, uid: str) -> int:
    """Whose account with WeChat it is; NOBODY."""
    return first("accounts_found_by_social(%s::text, %s::text)", provider, uid)


def first(door: str, *given: str | int) -> int:
    """The one account that a door answers with, or NOBODY."""
    return next(iter(_ids(door, *given)), NOBODY)


def _ids(door: str, *given: str | int) -> list[int]:
    with signing_in(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {door}", given)
        return [pk for (pk,) in cursor.fetchall()]


def of_each(pks: Iterable[int], question: Callable[[int], Iterable[Any]]) -> list[Any]:
    """What ``question(pk)`` finds of each of them, asked as that person."""
    found: list[Any] = []
    with rls_context():
        for pk in pks:
            set_rls_context(person=pk)
            found += question(pk)
    return found


def new_id() -> int:
    """The id of an account that is about to be opened: it is written as whom it will be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_user', 'id'))")
        return cursor.fetchone()[0]

"""The second wall: what PostgreSQL is told about who is asking.

Policies read a sealed claim (``sealed``), local to the transaction, so that a pooled connection
cannot carry it to the next request:

scope    code of the unit the person acts for; rows at or below it are visible
person   id of the person; their own rows are visible
purpose  ``sign in`` while somebody who is nobody yet is signing in; ``clerk`` while the portal
         itself acts for a person across units, who sees all that one signing in does: ``as_clerk``
"""

from contextlib import contextmanager, nullcontext

from django.db import connection, transaction

from qingchun.organizations import rls, sealed

NOBODY = ("", "", "", "")
PROVINCE = "14"


def current():
    """(scope, person, sign-in, clerk) as set in the running transaction."""
    return getattr(connection, "qingchun_wall", NOBODY)


def tell_database(*, scope=None, person=None, sign_in=None):
    """Change what the running transaction says of the asker; None leaves a setting as it is."""
    if not connection.in_atomic_block:
        raise RuntimeError("The wall is told inside a transaction, or the telling is lost.")
    asked = (scope, person, None if sign_in is None else "on" if sign_in else "", None)
    _tell(
        tuple(old if new is None else str(new) for new, old in zip(asked, current(), strict=True))
    )


def _tell(told):
    scope, person, sign_in, clerk = told
    purpose = "clerk" if clerk else "sign in" if sign_in else ""
    with connection.cursor() as cursor:
        here = getattr(connection, "qingchun_here", "")
        connection.qingchun_here = sealed.tell(cursor, (scope, person, purpose), here)
        if getattr(connection, "qingchun_migrates", False):
            rls.tell(cursor, told)
    connection.qingchun_wall = told


@contextmanager
def asking_as(*, scope="", person="", sign_in=False, clerk=False):
    """One transaction asked as this unit, this person, or both; afterwards all is as before.

    Commands and workers use it directly, requests through ``WallMiddleware``.
    """
    before, outermost = current(), not connection.in_atomic_block
    with transaction.atomic(savepoint=False):
        _tell((str(scope), str(person), "on" if sign_in else "", "on" if clerk else ""))
        try:
            yield
        finally:
            # The transaction's end wipes the claim; inside a longer one (tests) we do.
            if outermost or connection.needs_rollback:
                connection.qingchun_wall = before
            else:
                _tell(before)


def as_clerk():
    """See young people of every unit, to do for one of them what no unit may do alone.

    Handing over to another unit, finding a door registration by a verified phone, sending a
    note, forgetting what is old. Never to show a person: the province itself sees none.
    """
    if current()[3]:
        return nullcontext()
    return asking_as(scope=PROVINCE, person=current()[1], sign_in=True, clerk=True)


class WallMiddleware:
    """Run each request in one transaction that tells the database who is asking.

    An answer of 500 and above takes back what was written.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.session.get("_auth_user_id", "")
        with asking_as(person=person):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

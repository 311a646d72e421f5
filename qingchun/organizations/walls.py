"""The second wall: what PostgreSQL is told about who is asking.

Policies read a sealed claim (``sealed``), local to the transaction, so that a pooled connection
cannot carry it to the next request:

scope    code of the unit the person acts for; rows at or below it are visible
person   id of the person; their own rows are visible
purpose  what the portal itself does for a person, across units: one of ``purposes``, which opens
         the tables whose laws name it; or "sign in", which opens no table, and the doors that
         find an account by what somebody gave
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse

from qingchun.ground import standby
from qingchun.ground.province import HOME
from qingchun.ground.refusals import GetResponse
from qingchun.organizations import law, rls, sealed
from qingchun.organizations.purposes import PURPOSES

Told = tuple[str, str, str]  # scope, person, purpose
NOBODY: Told = ("", "", "")
PROVINCE = HOME.code
SIGN_IN = "sign in"


def current() -> Told:
    """(scope, person, purpose) as told in the running transaction."""
    return getattr(connection, "qingchun_wall", NOBODY)


def set_rls_context(*, scope: object = None, person: object = None) -> None:
    """Change what the running transaction says of the asker; None leaves it as it is."""
    if not connection.in_atomic_block:
        raise RuntimeError("The wall is told inside a transaction, or the telling is lost.")
    before, who, doing = current()
    scope = before if scope is None else str(scope)
    _tell((scope, who if person is None else str(person), doing))


def _tell(
    told: Told, limit: tuple[str, list[int]] | None = None, links: list[Any] | None = None
) -> None:
    """``limit``: of the statements of this transaction, told in the same breath."""
    for link in standby.links() if links is None else links:
        with link.cursor() as cursor:
            here = getattr(link, "qingchun_here", "")
            answer = sealed.tell(cursor, told, here, limit)
            link.qingchun_here = answer[0] if limit else answer
            if getattr(link, "qingchun_migrates", False):
                rls.tell(cursor, told)
    connection.qingchun_wall = told


@contextmanager
def _asking(
    scope: str, person: str, purpose: str, limit: tuple[str, list[int]] | None = None
) -> Iterator[None]:
    before, outermost = current(), not connection.in_atomic_block
    with transaction.atomic(savepoint=False):
        _tell((scope, person, purpose), limit)
        try:
            yield
        except Error:
            # Nothing more can be said in it, and what went wrong must be known for what it was.
            transaction.set_rollback(True)
            raise
        finally:
            # The transaction's end wipes the claim; inside a longer one (tests) we do.
            if outermost or connection.needs_rollback:
                connection.qingchun_wall = before
                # The standby's own goes on; one that cannot be told answers nothing either.
                with suppress(Error):
                    _tell(before, links=standby.links()[1:])
            else:
                _tell(before)


def rls_context(*, scope: object = "", person: object = "") -> AbstractContextManager[None]:
    """One transaction asked as this unit, this person, or both; afterwards all is as before.

    Commands and workers use it directly, requests through ``WallMiddleware``.
    """
    return _asking(str(scope), str(person), "")


def signing_in() -> AbstractContextManager[None]:
    """Nobody asks, and the doors that find an account are open; see ``accounts.found``."""
    return _asking("", "", SIGN_IN)


def acting(purpose: str, scope: object = None) -> AbstractContextManager[None]:
    """Do for a person what no unit and no person may do alone; never to show somebody a person.

    ``scope``: the unit whose rows it works in, else that of whoever asks. Inside another purpose
    that opens as much already, it goes on. Raises: ValueError for a purpose that there is none of.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"There is no purpose {purpose!r}.")
    before, person, doing = current()
    scope = before if scope is None else str(scope)
    if doing and scope == before and law.opens(purpose) <= law.opens(doing):
        return nullcontext()
    return _asking(scope, person, purpose)


def _within(seconds: int) -> tuple[str, list[int]]:
    """So that one page that reads too much does not take the threads of all others."""
    return "set_config('statement_timeout', %s::text, true)", [seconds * 1000]


class WallMiddleware:
    """Run each request in one transaction that tells the database who is asking, and for how long.

    An answer of 500 and above takes back what was written.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.session.get("_auth_user_id", "")
        with _asking("", str(person), "", _within(settings.STATEMENT_SECONDS)):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

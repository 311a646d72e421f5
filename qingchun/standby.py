"""Pages that may be a moment old are read from a standby; whoever has just written reads the primary.

Which pages: ``may_be_old`` in each app's ``portal.py``. The standby is told who is asking, as the
primary is, so the walls stand there too; and it is asked in the same breath whether it holds what
this browser has written last (the place in the log is in a signed cookie: no guess at seconds), and
whether it is alive: the row that a beat renews every few seconds (``notifications/turns.py``) must
have come over lately. Where it is behind, gone or slow the page is read from the primary.
"""

import logging
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import cache

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import (
    Error,
    InterfaceError,
    InternalError,
    OperationalError,
    connections,
    transaction,
)
from django.http import HttpResponse

from qingchun.ground import standby
from qingchun.ground.portal import answers
from qingchun.organizations import sealed, walls

logger = logging.getLogger(__name__)
REMEMBERED = 600  # seconds for which a browser keeps how far the primary was after its last write
AWAY = 5.0  # seconds in which a standby that failed is not asked again
COOKIE = f"{settings.COOKIE_PREFIX}fresh"
FRESH = f"""({standby.HAS}) AND EXISTS (
    SELECT 1 FROM notifications_pulse
    WHERE name = 'beat' AND at > clock_timestamp() - interval '30 s'
)"""
_away_until = 0.0


@cache
def _may_be_old():
    return frozenset(answers("may_be_old"))


class Behind(Exception):
    """The standby does not hold yet what this person has written."""


@contextmanager
def from_standby(told, written=standby.START):
    """Reads of this thread go to the standby, behind the same wall. Raises: Behind; Error."""
    link = connections[standby.ALIAS]
    with transaction.atomic(using=standby.ALIAS, savepoint=False):
        with link.cursor() as cursor:
            here = getattr(link, "qingchun_here", "")
            link.qingchun_here, found = sealed.tell(cursor, told, here, (FRESH, [written]))
            if not found[0]:
                raise Behind
        with standby.read():
            yield


class FreshMiddleware:
    """Marks a browser that has written, so that it reads its own writes. Stands outside the walls."""

    def __init__(self, get_response):
        if not standby.is_set_up():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and response.status_code < 500:
            response.set_signed_cookie(
                COOKIE, standby.written(), max_age=REMEMBERED, httponly=True, samesite="Lax",
                secure=settings.HTTPS,
            )  # fmt: skip
        return response


class StandbyMiddleware:
    """Stands innermost: who may open a page has been asked before."""

    def __init__(self, get_response):
        if not standby.is_set_up():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        with ExitStack() as request.standby:
            response = self.get_response(request)
            failed = request.standby is None
        return self.get_response(request) if failed else response

    def process_view(self, request, view, args, kwargs):
        global _away_until
        stack = request.standby
        if (
            stack is None or request.method not in ("GET", "HEAD") or time.monotonic() < _away_until
            or request.resolver_match.view_name not in _may_be_old()
        ):  # fmt: skip
            return
        written = request.get_signed_cookie(COOKIE, standby.START, max_age=REMEMBERED)
        with suppress(Behind):
            try:
                stack.enter_context(from_standby(walls.current(), written))
            except Error as error:
                _leave(error)

    def process_exception(self, request, exception):
        """What fails there is asked once more, of the primary."""
        if standby.is_read() and isinstance(
            exception, (OperationalError, InterfaceError, InternalError)
        ):
            stack, request.standby = request.standby, None
            with suppress(Error):
                stack.close()
            _leave(exception)
            return HttpResponse(status=503)
        return None


def _leave(error):
    global _away_until
    if time.monotonic() >= _away_until:
        logger.warning(
            "the standby fails, pages are read from the primary: %s", type(error).__name__
        )
    _away_until = time.monotonic() + AWAY
    with suppress(Error):
        connections[standby.ALIAS].close()

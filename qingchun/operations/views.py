"""For whoever watches the portal: a balancer, a monitor. Answered before all else (``middleware``)."""

import time
from ipaddress import ip_address

from django.conf import settings
from django.db import Error, connection
from django.http import HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from qingchun.accounts.audit import address_of
from qingchun.notifications import outbox
from qingchun.notifications.health import SILENT, seen_from_outside
from qingchun.operations import figures, schema
from qingchun.organizations.access import PUBLIC, access

STARTED = time.monotonic()
RETRY_SECONDS = 5
ASKED = ("GET", "HEAD", "OPTIONS")  # as balancers do
HOPS = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


def _says(ok, **more):
    answer = JsonResponse({"ok": ok} | more, status=200 if ok else 503)
    if not ok:
        answer["Retry-After"] = RETRY_SECONDS
        answer._has_been_logged = True  # who asks each second need not be told in the log
    return answer


@access(PUBLIC, takes=ASKED)
@never_cache
def alive(request):
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


@access(PUBLIC, takes=ASKED)
@never_cache
def ready(request):
    """This process can serve: the database answers, and has all tables that the code knows."""
    try:
        missing = schema.missing()
    except Error:
        connection.close()
        return _says(False, why="database")
    if missing:
        return _says(False, why="migrations")
    return HttpResponse("ok", content_type="text/plain")


@access(PUBLIC, takes=ASKED)
@never_cache
def jobs(request):
    """Somebody's clock ticks, on whatever machine: ages in seconds, nothing of what is in messages."""
    try:
        things, oldest = seen_from_outside(now()), outbox.oldest_due(now())
    except Error:
        connection.close()
        return _says(False, why="database")
    ages = {"oldest_due_seconds": oldest, "tick_age_seconds": things.tick_age}
    return _says(not things.is_stuck or is_fresh(), **ages)


def is_fresh():
    """After a start the first tick takes a minute or two."""
    return time.monotonic() - STARTED < SILENT.total_seconds()


@access(PUBLIC, takes=ASKED)
@never_cache
def metrics(request):
    if not _may_read(request):
        return HttpResponseNotFound()
    return HttpResponse(figures.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request):
    """Through a proxy nobody is who they seem, unless we know how many there are."""
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT and any(hop in request.headers for hop in HOPS):
        return False
    try:
        address = ip_address(address_of(request) or "")
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_ALLOWED)


# By address, with a stroke at its end or without.
OF_WATCHERS = {
    "/health": ready,  # as these two were called before
    "/healthz": jobs,
    "/health/alive": alive,
    "/health/ready": ready,
    "/health/jobs": jobs,
    "/metrics": metrics,
}
